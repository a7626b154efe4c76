"""Every test finds the database as the migrations left it, and what is kept for that is what migrating makes."""

import sqlite3
from contextlib import closing, contextmanager
from threading import Thread

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from wagtail.models import Locale, Page, Site

from tests import factories, pristine

TIMES = pytest.mark.parametrize("time", ["first", "second", "third"])


def contents():
    """Every row of every table, and where SQLite keeps them the numbers that are next."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in [*tables, *(["sqlite_sequence"] if connection.vendor == "sqlite" else [])]:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(repr, cursor.fetchall()))
        return found


def commit_much():
    """Add, change and take away rows, in tables that held some and in those that held none."""
    factories.make_consultation()
    Group.objects.create(name="Planted")
    Permission.objects.first().group_set.clear()
    Permission.objects.all().first().delete()
    Site.objects.all().delete()
    Locale.objects.create(language_code="xx")
    Page.objects.filter(depth=2).update(title="Planted")
    ContentType.objects.create(app_label="planted", model="planted")


@pytest.mark.django_db(transaction=True)
@TIMES
def test_a_test_that_commits_finds_what_the_migrations_put_in_and_nothing_else(time):
    assert (Site.objects.count(), Group.objects.filter(name="Planted").count()) == (1, 0)
    before = contents()
    commit_much()
    assert sum(rows != contents()[table] for table, rows in before.items()) > 10

    TransactionTestCase._fixture_teardown(None)

    assert contents() == before
    commit_much()  # for the next


@pytest.mark.django_db
@TIMES
def test_so_does_one_that_does_not(time):
    assert Site.objects.count() == 1
    assert not Group.objects.filter(name="Planted")
    assert not Page.objects.filter(title="Planted")
    Group.objects.create(name="Planted")


@pytest.mark.django_db(transaction=True)
def test_foreign_keys_and_triggers_are_back_in_force_afterwards():
    commit_much()
    TransactionTestCase._fixture_teardown(None)

    with pytest.raises(Exception, match="(?i)foreign key"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE auth_permission SET content_type_id = -1")


@pytest.mark.django_db(transaction=True)
def test_what_another_connection_commits_is_gone_as_well():
    def commit():
        Group.objects.create(name="Planted")
        connections.close_all()

    thread = Thread(target=commit)
    thread.start()
    thread.join()
    assert Group.objects.filter(name="Planted").exists()

    TransactionTestCase._fixture_teardown(None)

    assert not Group.objects.filter(name="Planted").exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_comes_back_and_the_next_numbers_are_free(django_db_setup, tmp_path):
    commit_much()
    kept = contents()
    django_db_setup.keep(tmp_path / "kept")
    django_db_setup.restore()
    assert contents() != kept

    django_db_setup.fill(tmp_path / "kept")

    again = contents()
    assert again == kept
    assert Group.objects.create(name="Another").pk not in Group.objects.exclude(name="Another").values_list("pk")


# What is kept


def shape(database):
    """The tables as they were made, how many rows each holds, and what Django named by itself."""
    made = sorted(map(repr, database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")))
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone() for name in tables if "_fts" not in name
    }
    named = ["django_migrations.name", "auth_permission.codename", "auth_group.name", "wagtailcore_page.title"]
    words = {name: sorted(database.execute("SELECT {1} FROM {0}".format(*name.split(".")))) for name in named}
    return made, rows, words


@contextmanager
def elsewhere():
    """Whatever is done to the database is done to another file."""
    name = connection.settings_dict["NAME"]
    try:
        yield
    finally:
        pristine.use(name)


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_what_migrating_from_nothing_makes(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite: on PostgreSQL nothing is kept from run to run")
    if pristine.is_new():  # by migrating from nothing, some minutes ago
        return
    with elsewhere():
        pristine.migrated(str(tmp_path / "new.sqlite3"))

    with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as new, closing(sqlite3.connect(pristine.kept())) as kept:
        assert shape(kept) == shape(new)
