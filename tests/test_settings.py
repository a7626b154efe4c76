"""Settings keep what was acknowledged, and refuse to start half configured."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config import environment
from tests.conftest import ROOT

SECRET = "0123456789-_abcdefghijklmnopqrstuvwxyz0123456789abcde"
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgres://user@example.org/name",
}


def import_production(**variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    environment = kept | {"PYTHONPATH": str(ROOT / "site"), "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    command = [sys.executable, "-c", "from django.conf import settings; print(settings.DEBUG)"]
    return subprocess.run(command, env=environment | variables, capture_output=True, text=True)


def manage(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    tests_own = {"DJANGO_ALLOW_ASYNC_UNSAFE"}  # of a browser in this process
    environment = {name: value for name, value in os.environ.items() if name not in PRODUCTION.keys() | tests_own}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    command = (sys.executable, "manage.py", *command)
    return subprocess.run(command, cwd=ROOT, env=environment | variables, capture_output=True, text=True)


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
    assert f"{name} is missing" in refused.stderr


def test_everything_that_is_missing_or_wrong_is_named_at_once():
    refused = import_production(
        SECRET_KEY="short",
        DATABASE_URL="mysql://user:PASSWORD-1@example.org/name",
        DATABASE_REPLICA_URL="sqlite:////tmp/copy.sqlite3",
        CACHE_URL="memcached://127.0.0.1:11211",
        EMAIL_URL="smtp://127.0.0.1:25",
        S3_ENDPOINT_URL="127.0.0.1:9000",
        PROXIES="one",
        REQUIRE_TWO_FACTOR="maybe",
        LOG_FORMAT="xml",
        SSO_SERVER_URL="https://login.example.org/",
    )

    names = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DATABASE_REPLICA_URL", "CACHE_URL", "DEFAULT_FROM_EMAIL"]
    names += [
        "BASE_URL",
        "S3_ENDPOINT_URL",
        "S3_BUCKET",
        "PROXIES",
        "REQUIRE_TWO_FACTOR",
        "LOG_FORMAT",
        "SSO_CLIENT_ID",
    ]
    said = refused.stderr[refused.stderr.index("These environment variables") :]
    assert [name for name in names if f"\n  {name} " not in said] == []
    assert "PASSWORD-1" not in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", SECRET[:49]),
        ("SECRET_KEY", "ab" * 30),
        ("SECRET_KEY", f"django-insecure-{SECRET}"),
        ("SECRET_KEY", f"{SECRET}-changeme"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "https://example.org"),
        ("DATABASE_URL", "user@example.org/name"),
        ("DATABASE_URL", "postgresql://user@example.org"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("PROXY_CACHES", "http://10.0.0.1:8080,10.0.0.2"),
        ("BASE_URL", "plan.example.org"),
        ("SECRET_KEY_FALLBACKS", f"{SECRET},old"),
    ],
)
def test_a_wrong_value_is_refused_under_its_name(name, value):
    found = list(environment.faults(PRODUCTION | {name: value}))

    assert len(found) == 1
    assert found[0].startswith(f"{name} ")


def test_every_setting_of_the_guide_is_known_and_every_known_one_is_in_the_guide():
    guide = (ROOT / "docs" / "administrators.md").read_text()
    known = {*environment.REQUIRED, *environment.CHECKS, *environment.TOGETHER, *sum(environment.TOGETHER.values(), [])}

    assert sorted(name for name in known if f"`{name}`" not in guide) == []


def test_check_deploy_finds_nothing_in_production():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert checked.returncode == 0, checked.stderr
    assert "(2 silenced)" in checked.stdout  # W005 and W021, which bind the council's other hosts


@pytest.mark.parametrize("name", ["SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"])
def test_what_is_asked_for_is_not_silenced(name):
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, **{name: "true"})

    assert checked.returncode == 0, checked.stderr
    assert "(1 silenced)" in checked.stdout


def test_check_deploy_would_find_a_careless_setting():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, SECURE_SSL_REDIRECT="false")

    assert "security.W008" in checked.stderr


def test_a_mail_server_without_a_sender_is_refused():
    refused = import_production(**PRODUCTION, EMAIL_URL="smtp://127.0.0.1:25")

    assert "DEFAULT_FROM_EMAIL is missing, which EMAIL_URL needs" in refused.stderr
    assert "BASE_URL is missing, which EMAIL_URL needs" in refused.stderr


def test_the_command_of_make_run_refuses_other_settings():
    with pytest.raises(CommandError, match="config.settings.test"):
        call_command("run_site")
