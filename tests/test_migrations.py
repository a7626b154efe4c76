"""A migration takes nothing away that the release before still uses, and makes nobody wait for long."""

import threading
import time
from contextlib import closing
from importlib import import_module
from io import StringIO

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.commands import migrate as django_migrate
from django.db import connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader

from tests.migration_rules import RELEASED, breaks

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: SQLite has no such locks")


@pytest.fixture
def loader(db):  # which one of wagtail-localize's asks while it is read
    return MigrationLoader(None)


def new(loader):
    """What came after the last release."""
    return [
        migration
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app in RELEASED and name > RELEASED[app]
    ]


def test_what_was_released_is_there(loader):
    assert all((app, name) in loader.disk_migrations for app, name in RELEASED.items())
    assert len(new(loader)) > 5


def test_no_migration_takes_away_what_the_release_before_uses_unless_it_says_why_it_may(loader):
    found = []
    for migration in new(loader):
        before = loader.project_state((migration.app_label, migration.name), at_end=False)
        if not getattr(import_module(type(migration).__module__), "CONTRACTS", ""):
            found += breaks(migration, before)

    assert not found, "\n".join(found)


def planted(loader, *operations):
    """A migration that does this to the present tables."""
    made = migrations.Migration("9999_planted", "consultation")
    made.operations = operations
    return breaks(made, loader.project_state())


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("response", "channel"),
        migrations.RenameField("response", "channel", "way"),
        migrations.RenameModel("Response", "Reply"),
        migrations.DeleteModel("Message"),
        migrations.AlterModelTable("response", "replies"),
        migrations.AddField("response", "mood", models.CharField(max_length=10, default="fine")),
        migrations.AlterField("response", "reference", models.CharField(max_length=11, unique=True)),
        migrations.AlterField("response", "channel", models.CharField(max_length=2)),
        migrations.AlterField("response", "language", models.IntegerField()),
        migrations.RunSQL("ALTER TABLE consultation_response DROP COLUMN channel"),
        migrations.RunSQL("DROP FUNCTION consultation_submit"),
        migrations.SeparateDatabaseAndState([migrations.RemoveField("response", "channel")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_a_migration_that_takes_away_is_found(loader, operation):
    assert planted(loader, operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("response", "mood", models.CharField(max_length=10, default="fine", db_default="fine")),
        migrations.AddField("response", "mood", models.CharField(max_length=10, null=True)),
        migrations.AlterField("response", "channel", models.CharField(max_length=200)),
        migrations.RunSQL("CREATE FUNCTION consultation_something() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    ],
    ids=lambda operation: operation.describe(),
)
def test_a_migration_that_adds_is_let_through(loader, operation):
    assert not planted(loader, operation)


@postgresql
@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_way_to_those_who_come_and_tries_again_until_it_gets_its_table(monkeypatch):
    done = []
    monkeypatch.setattr(django_migrate.Command, "handle", lambda *args, **options: done.append(take_the_table()))
    known = {"host", "port", "user", "password", "dbname"}
    address = {name: value for name, value in connection.get_connection_params().items() if name in known}
    waits = []
    with closing(psycopg2.connect(**address)) as reading, closing(psycopg2.connect(**address)) as coming:
        read(reading)  # and its transaction stays open
        migrating = threading.Thread(target=migrate_in_a_thread)
        migrating.start()
        until = time.monotonic() + 6
        while time.monotonic() < until:
            began = time.monotonic()
            read(coming)
            coming.rollback()
            waits.append(time.monotonic() - began)
            time.sleep(0.05)
        done_meanwhile = len(done)
        reading.rollback()
        migrating.join(60)

    assert max(waits) > 1, "nobody met the migration"
    assert max(waits) < 5, "somebody waited for the reader to end"
    assert (done_meanwhile, len(done)) == (0, 1)


def read(database):
    database.cursor().execute("SELECT * FROM consultation_response LIMIT 1")


def take_the_table():
    """What a migration does that adds a column."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE consultation_response IN ACCESS EXCLUSIVE MODE")


def migrate_in_a_thread():
    call_command("migrate", stderr=StringIO())
    connection.close()
