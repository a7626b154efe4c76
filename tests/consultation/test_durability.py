"""A database that would lose what it has acknowledged is refused, wherever it is careless; one that is away is not."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db.utils import load_backend

from config.settings.base import database
from consultation import durability
from tests import postgres
from tests.conftest import MISSING, ROOT
from tests.replica import asked
from tests.test_settings import PRODUCTION

SWITCHES = ("fsync", "synchronous_commit", "full_page_writes")
ROLE = "ALTER ROLE connected SET synchronous_commit = off"
DATABASE = "ALTER DATABASE postgres SET synchronous_commit = off"


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker):
    """The databases here are our own; the tests' is not asked."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def cluster():
    try:
        with postgres.cluster(durable=True, engine=os.environ.get("TEST_ENGINE", "")) as made:
            yield made
    except postgres.NoEngine as reason:
        pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")


@pytest.fixture
def careless(cluster):
    """Make it so by a statement, and mend it again."""
    yield lambda statement: asked(cluster, statement)
    asked(cluster, "ALTER ROLE connected RESET ALL")
    asked(cluster, "ALTER DATABASE postgres RESET ALL")


def opened(url):
    config = database(url)
    backend = load_backend(config["ENGINE"])
    defaults = {"TIME_ZONE": None, "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True}
    return backend.DatabaseWrapper({"CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": 0} | defaults | config, "default")


def found(url):
    with closing(opened(url)) as connection:
        return list(durability.faults(connection))


def run(url, *command, **variables):
    environment = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    environment |= PRODUCTION | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    environment |= {"PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"} | variables
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


ENTRIES = {
    "the web server": ["-c", "import config.wsgi"],
    "tick": ["manage.py", "tick"],
    "the check": ["manage.py", "check", "--database", "default"],
    "migrate": ["manage.py", "migrate", "--plan"],
}


def test_a_cluster_as_production_has_it_is_taken(cluster):
    assert found(cluster.url) == []
    assert run(cluster.url, *ENTRIES["the web server"])[0] == 0


@pytest.mark.parametrize("switch", SWITCHES)
def test_each_careless_switch_of_a_server_is_found(switch):
    try:
        with postgres.cluster(True, os.environ.get("TEST_ENGINE", ""), (f"{switch}=off",)) as made:
            assert found(made.url) == [f"{switch} is off"]
            code, said = run(made.url, *ENTRIES["the web server"])
    except postgres.NoEngine as reason:
        pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")

    assert code != 0
    assert f"The database would lose what it has acknowledged: {switch} is off" in said


@pytest.mark.parametrize("statement", [ROLE, DATABASE])
@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_careless_for_one_role_or_database_alone_is_refused_at_every_entry(cluster, careless, statement, entry):
    careless(statement)

    code, said = run(cluster.url, *ENTRIES[entry])

    assert code != 0
    assert "synchronous_commit is off" in said


def test_a_throw_away_database_is_taken_where_somebody_says_that_it_is_one(cluster, careless):
    careless(ROLE)

    assert run(cluster.url, *ENTRIES["the web server"], DATABASE_MAY_FORGET="true")[0] == 0


def test_workers_start_while_the_database_is_away(tmp_path):
    code, said = run(f"postgresql://nobody@/nothing?host={tmp_path}", *ENTRIES["the web server"])

    assert code == 0
    assert "started without the database, which is away" in said


def test_one_that_was_away_at_the_start_and_is_careless_is_written_nothing(cluster, careless, settings):
    settings.DATABASE_MAY_FORGET = False
    with closing(opened(cluster.url)) as connection:
        connection.ensure_connection()
        connection.close()
        careless(ROLE)

        with pytest.raises(durability.Careless, match="synchronous_commit is off"):
            connection.cursor()
        with pytest.raises(durability.Careless):  # not only the first time
            connection.cursor()


def test_a_copy_that_is_only_read_may_be_careless(cluster, careless, settings):
    settings.DATABASE_MAY_FORGET = False
    careless(ROLE)
    connection = opened(cluster.url)
    connection.alias = "replica"

    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize(
    ("option", "value", "fault"),
    [
        ("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", "synchronous is not FULL"),
        ("init_command", "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;", "journal_mode is not WAL"),
        ("transaction_mode", "DEFERRED", "transaction_mode is not IMMEDIATE"),
        ("timeout", 5, "timeout is less than 20 seconds"),
    ],
)
def test_each_careless_option_of_sqlite_is_found(tmp_path, settings, option, value, fault):
    url = f"sqlite:///{tmp_path}/db.sqlite3"
    assert found(url) == []
    settings.DATABASE_MAY_FORGET = False
    connection = opened(url)
    connection.settings_dict["OPTIONS"][option] = value

    with closing(connection), pytest.raises(durability.Careless, match=fault):
        connection.cursor()


def test_an_sqlite_file_that_another_program_left_in_another_mode_is_put_right(tmp_path):
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as made:
        made.execute("PRAGMA journal_mode=DELETE")
        made.execute("CREATE TABLE t (x)")

    assert found(f"sqlite:///{tmp_path}/db.sqlite3") == []
