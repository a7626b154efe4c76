"""Settings keep what was acknowledged, and refuse to start half configured."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import ROOT

PRODUCTION = {
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgres://user@example.org/name",
}


def import_production(**variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    environment = kept | {"PYTHONPATH": str(ROOT / "site"), "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    command = [sys.executable, "-c", "from django.conf import settings; print(settings.DEBUG)"]
    return subprocess.run(command, env=environment | variables, capture_output=True, text=True)


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite")
def test_sqlite_keeps_acknowledged_answers_through_a_power_cut():
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]

    assert (journal, synchronous, patience) == ("wal", 2, 20_000)  # 2 is FULL
    assert connection.transaction_mode == "IMMEDIATE"


def test_production_starts_where_everything_is_set():
    started = import_production(**PRODUCTION)

    assert started.stdout == "False\n", started.stderr


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_names_what_is_missing(name):
    refused = import_production(**{key: value for key, value in PRODUCTION.items() if key != name})

    assert refused.returncode != 0
    assert f"Set the {name} environment variable" in refused.stderr


def test_a_mail_server_without_a_sender_is_refused():
    refused = import_production(**PRODUCTION, EMAIL_URL="smtp://127.0.0.1:25")

    assert "Set the DEFAULT_FROM_EMAIL environment variable" in refused.stderr


def test_the_command_of_make_run_refuses_other_settings():
    with pytest.raises(CommandError, match="config.settings.test"):
        call_command("run_site")
