"""One consistent view of the database for several reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from consultation import replica


@contextmanager
def snapshot() -> Iterator[None]:
    """Let every read inside see the same instant, without keeping any writer waiting.

    Inside a snapshot there is nothing to do, nor inside a transaction that is already open on SQLite; PostgreSQL then
    gives each statement its own instant, so callers open their snapshot first.
    """
    connection = replica.connection()
    if connection.in_atomic_block or _is_open(connection):
        yield
    elif connection.vendor == "sqlite":
        # atomic() would begin an immediate transaction and take the write lock.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _is_open(connection: Any) -> bool:
    """Whether a snapshot of SQLite is open, of which Django knows nothing."""
    opened = connection.connection
    return connection.vendor == "sqlite" and opened is not None and bool(opened.in_transaction)
