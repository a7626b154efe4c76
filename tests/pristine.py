"""The database as the migrations leave it: made once, copied for every run, and given back after a test that commits.

Migrating from nothing takes half a minute of a processor, and emptying and filling again after each test that commits
nearly a second. So on SQLite what the migrations made is kept in `var/tests/`, named after everything it is made from,
and copied from there. On PostgreSQL the first of a run's processes makes a template database for the others.
"""

import fcntl
import hashlib
import io
import json
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import django.test
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg2.sql import SQL, Identifier, Literal

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var" / "tests"
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)[:12]  # the same in every process of a run


@contextmanager
def database(folder: Path) -> "Iterator[File | Rows]":
    """A database of this process's own while the tests run, which each test finds as the migrations left it."""
    make = on_sqlite(folder) if connection.vendor == "sqlite" else on_postgresql()
    with make as made, pytest.MonkeyPatch.context() as patch:
        # Instead of emptying every table. Django's TestCase, which rolls back, has another.
        patch.setattr(django.test.TransactionTestCase, "_fixture_teardown", lambda test: made.restore())
        yield made


def use(name: str) -> None:
    """Turn Django to the database of that name."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def migrated(name: str) -> None:
    """Make a new database of that name and run every migration."""
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()


# SQLite


@contextmanager
def on_sqlite(folder: Path) -> "Iterator[File]":
    """A file, as in production: write-ahead log, locks between threads and processes."""
    name, pristine = folder / "db.sqlite3", folder / "pristine.sqlite3"
    KEPT.mkdir(parents=True, exist_ok=True)
    with locked(KEPT / "lock"):
        shutil.copy(kept(), name)
    shutil.copy(name, pristine)  # what is kept may be cleared away by a run on other migrations
    use(str(name))
    yield File(pristine)
    connection.close()


@dataclass(frozen=True)
class File:
    """What the database holds after the migrations, as a file."""

    pristine: Path

    def restore(self) -> None:
        """Give that back."""
        self.fill(self.pristine)

    def fill(self, path: Path) -> None:
        """Let the database hold what was kept there."""
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as source:
            source.backup(connection.connection)

    def keep(self, path: Path) -> None:
        """Keep there what the database holds."""
        with closing(sqlite3.connect(path)) as target:
            connection.connection.backup(target)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept() -> Path:
    """The migrated file, made now where there is none of these migrations yet."""
    path = KEPT / f"{digest()}.sqlite3"
    if not path.exists():
        for old in KEPT.glob("*.sqlite3*"):
            old.unlink()
        made = path.with_suffix(".sqlite3-making")
        migrated(str(made))
        path.with_suffix(".sqlite3-run").write_text(RUN)
        made.rename(path)
    return path


def is_new() -> bool:
    """Whether this run made what is kept."""
    return kept().with_suffix(".sqlite3-run").read_text() == RUN


@cache
def digest() -> str:
    """Of every migration of every app, and of what they run on."""
    said = hashlib.sha256(repr((sqlite3.sqlite_version, sorted(versions()))).encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            said.update(f"{app.label}/{path.name}".encode() + path.read_bytes())
    return said.hexdigest()[:16]


def versions() -> set[str]:
    """What is installed: Django makes permissions by itself after migrating."""
    return {f"{found.name} {found.version}" for found in distributions()}


# PostgreSQL


@contextmanager
def on_postgresql() -> "Iterator[Rows]":
    """A copy of the run's template, which goes with the last of the copies."""
    template = f"test_connected_{RUN}"
    name = f"{template}_{uuid.uuid4().hex[:6]}"
    with alone() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            migrated(template)
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    use(name)
    yield Rows()
    connection.close()
    with alone() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        cursor.execute("SELECT 1 FROM pg_database WHERE starts_with(datname, %s)", [f"{template}_"])
        if not cursor.fetchone():
            cursor.execute(f"DROP DATABASE {template}")


@contextmanager
def alone() -> Iterator[Any]:
    """A cursor on no database of ours, which one process at a time has."""
    with connection.creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # of Django, for those who make databases
        # The first may take as long as it takes; no other statement waits so.
        cursor.execute("SET lock_timeout = 0; SELECT pg_advisory_lock(hashtext('tests of connected'))")
        yield cursor


class Rows:
    """What every table holds after the migrations. Only the tables that a test changed are written again."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self.tables = [table.name for table in connection.introspection.get_table_list(cursor) if table.type == "t"]
            self.before = self.marks(cursor)
            self.rows = {table: self.copied(cursor, table) for table in self.before}

    def marks(self, cursor: Any) -> dict[str, str]:
        """A mark for each table that holds anything, another one where it holds anything else."""
        one = SQL("SELECT {}, md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {} t HAVING count(*) > 0")
        query = SQL(" UNION ALL ").join(one.format(Literal(table), Identifier(table)) for table in self.tables)
        cursor.execute(query)
        return dict(cursor.fetchall())

    def copied(self, cursor: Any, table: str) -> str:
        """Its rows."""
        rows = io.StringIO()
        cursor.copy_expert(SQL("COPY {} TO STDOUT").format(Identifier(table)), rows)
        return rows.getvalue()

    def restore(self) -> None:
        """Write them again. Whoever still has a transaction open is waited for: what it commits would stay."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SQL("LOCK TABLE {} IN SHARE MODE").format(SQL(", ").join(map(Identifier, self.tables))))
            self.write(cursor, self.rows, {table for table, _mark in self.before.items() ^ self.marks(cursor).items()})

    def write(self, cursor: Any, rows: dict[str, str], tables: set[str]) -> None:
        """Let these tables hold these rows."""
        # No trigger asks whether rows are referred to; who may not say so waits for it at the commit.
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() == ("on",):
            cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        for table in tables & rows.keys():
            cursor.copy_expert(SQL("COPY {} FROM STDIN").format(Identifier(table)), io.StringIO(rows[table]))

    def keep(self, path: Path) -> None:
        """Keep there what the database holds, and which numbers are next."""
        with connection.cursor() as cursor:
            rows = {table: self.copied(cursor, table) for table in self.marks(cursor)}
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
            path.write_text(json.dumps([rows, dict(cursor.fetchall())]))

    def fill(self, path: Path) -> None:
        """Let the database hold what was kept there. Numbers never go back."""
        rows, numbers = json.loads(path.read_text())
        with transaction.atomic(), connection.cursor() as cursor:
            changed = {table for table in self.tables if rows.get(table) != self.rows.get(table)}
            self.write(cursor, rows, changed)
            for sequence, last in numbers.items():
                cursor.execute("SELECT setval(%s, greatest(nextval(%s), %s))", [sequence, sequence, last])
