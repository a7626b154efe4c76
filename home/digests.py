"""A digest of each table: two databases with the same digests hold the same rows, in every column."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

from django.apps import AppConfig, apps
from django.db import connection
from django.db.utils import OperationalError
from django.utils.module_loading import module_has_submodule

from consultation.snapshot import snapshot

TRIES = 60
# Shorter than PostgreSQL waits before it ends somebody in a deadlock: the backup gives way, never a citizen.
PATIENCE = "SET LOCAL lock_timeout = '500ms'"


class Digest(NamedTuple):
    """What one table holds."""

    table: str
    rows: int
    sha256: str


def digests() -> Iterator[Digest]:
    """Each table's digest, all at one instant."""
    with snapshot():
        yield from map(_digest, _tables())


def at_restore_point(name: str) -> Iterator[Digest]:
    """Each table's digest at an instant that gets a name in PostgreSQL's log, so that one can recover to it.

    Whoever writes is held for as long as it takes to name the instant, not for as long as it takes to read the tables.
    """
    tables = _tables()
    with snapshot():  # whose instant is that of its first question
        _name_this_instant(name, tables)
        yield from map(_digest, tables)


def migrations() -> list[str]:
    """The names of all migrations of this release, which make the tables. None is imported: some ask a database."""
    packages = ((app.label, import_module(f"{app.name}.migrations")) for app in _with_migrations())
    return sorted(f"{app}.{found.name}" for app, package in packages for found in iter_modules(package.__path__))


def _with_migrations() -> Iterator[AppConfig]:
    return (app for app in apps.get_app_configs() if module_has_submodule(app.module, "migrations"))


def _name_this_instant(name: str, tables: list[str]) -> None:
    """Hold all writers by a second connection, look by the first, name the instant, let go."""
    for attempt in range(TRIES):
        with closing(connection.copy()) as holding:
            try:
                with holding.cursor() as cursor:
                    cursor.execute("BEGIN")
                    cursor.execute(PATIENCE)
                    cursor.execute(f"LOCK TABLE {', '.join(map(_quoted, tables))} IN SHARE MODE")
                    _look()
                    cursor.execute("SELECT pg_create_restore_point(%s)", [name])
                    cursor.execute("COMMIT")
                return
            except OperationalError:  # somebody writes for longer
                if attempt == TRIES - 1:
                    raise
        time.sleep(0.5)


def _look() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t")


def _digest(table: str) -> Digest:
    """One table's rows in the order of their keys."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_columns(cursor, table) or ()
        order = f" ORDER BY {', '.join(map(_quoted, key))}" if key else ""
        statement = f"SELECT * FROM {_quoted(table)}{order}"  # noqa: S608  names that the database gave  # nosec B608
        lines = Lines()
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY ({statement}) TO STDOUT", lines)
        else:
            for row in cursor.execute(statement):
                lines.write(f"{row!r}\n".encode())
    return Digest(table, lines.n, lines.sha256.hexdigest())


class Lines:
    """A file that only remembers how many lines it had, and the digest of them."""

    def __init__(self) -> None:
        self.n = 0
        self.sha256 = hashlib.sha256()

    def write(self, data: Any) -> int:
        """Take some lines."""
        data = data.encode() if isinstance(data, str) else data
        self.n += data.count(b"\n")
        self.sha256.update(data)
        return len(data)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
