"""Whether the database keeps what it has acknowledged: every new connection is asked before anything is written.

So also a database that was away when the site started is looked at, one that took another's place, and one whose
settings were changed for this user. `refuse_to_start` is for the server's entry, where an administrator sees it.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection, connections

log = logging.getLogger(__name__)

PATIENCE = 20_000  # milliseconds that a writer of SQLite waits for another, at least
# As this very session has them, so those of a role or of a database count.
POSTGRESQL = """
    SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes')
"""
NAMES = ("fsync", "synchronous_commit", "full_page_writes")


class Careless(OperationalError):
    """The database would lose, at a power cut, what it has acknowledged. Nothing is written to it."""


def faults(connection: Any) -> Iterator[str]:
    """What is careless about the settings that a connection has."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
            yield from (f"{name} is off" for name, on in zip(NAMES, cursor.fetchone(), strict=True) if on == "off")
            return
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    if found[0] not in ("wal", "memory"):  # a database in memory promises nothing
        yield "journal_mode is not WAL"
    if found[1] < 2:
        yield "synchronous is not FULL"
    if connection.transaction_mode != "IMMEDIATE":
        yield "transaction_mode is not IMMEDIATE"
    if patience < PATIENCE:
        yield f"timeout is less than {PATIENCE // 1000} seconds"


def refuse_careless(sender: Any, connection: Any, **more: Any) -> None:
    """Close a new connection at once where its database is careless; a copy that is only read may be."""
    if settings.DATABASE_MAY_FORGET or connection.alias != "default":
        return
    found = ", ".join(faults(connection))
    if found:
        connection.close()
        raise Careless(f"The database would lose what it has acknowledged: {found}. See docs/administrators.md.")


def refuse_to_start() -> None:
    """End a server or a `tick` whose database is careless. One that is away is waited for, page by page."""
    was_open = connection.connection is not None
    try:
        connection.ensure_connection()
    except Careless as reason:
        raise ImproperlyConfigured(str(reason)) from None
    except DatabaseError as reason:
        log.warning("started without the database, which is away: %s", type(reason).__name__)
    finally:
        if not was_open:
            connection.close()  # a forked worker opens its own


def check(databases: Sequence[str] | None = None, **more: Any) -> list[checks.CheckMessage]:
    """For `manage.py check --database default`, and before each `migrate`."""
    if settings.DATABASE_MAY_FORGET or "default" not in (databases or ()):
        return []
    hint = "Turn them on for the server, this database and this user; for a test, set DATABASE_MAY_FORGET."
    try:
        found = list(faults(connections["default"]))
    except Careless as reason:
        found = [str(reason)]
    return [checks.Error(text, hint=hint, id="consultation.E001") for text in found]
