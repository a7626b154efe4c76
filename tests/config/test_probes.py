"""Whether the process lives and can serve is told to whoever distributes requests: quickly, briefly, by any address."""

import json
import threading
import time

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from config import probes
from config.probes import Check

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def balancer(settings):
    """What asks by address, over plain http, of a site that sends everybody to https."""
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["plan.example.org"]
    return Client(headers={"host": "10.0.0.7:8000"})


def ready(client):
    reply = client.get("/readyz")
    return reply.status_code, json.loads(reply.content)


def test_the_process_says_that_it_lives_and_asks_nothing(balancer, django_assert_num_queries):
    with django_assert_num_queries(0):
        reply = balancer.get("/healthz")

    assert (reply.status_code, reply.content) == (200, b"ok")
    assert reply["Cache-Control"] == "no-store"
    assert not reply.cookies
    assert "Vary" not in reply


def test_other_addresses_are_refused_to_whoever_asks_by_address(balancer):
    assert balancer.get("/robots.txt").status_code in (301, 400)
    assert balancer.get("/healthz/").status_code != 200


def test_a_site_with_all_it_needs_is_ready(balancer):
    reply = balancer.get("/readyz")

    assert ready(balancer) == (200, {"ready": True, "failed": [], "warnings": []})
    assert reply["Cache-Control"] == "no-store"
    assert not reply.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_is_sent_there(balancer, path):
    assert balancer.post(path).status_code == 405


def planted(monkeypatch, name, ask, matters=True):
    checks = [Check(name, ask, matters) if check.name == name else check for check in probes.CHECKS]
    monkeypatch.setattr(probes, "CHECKS", checks)


def broken():
    raise OperationalError('connection to server at "db.internal", user "plan" failed')


def test_a_database_that_is_away_is_named_and_nothing_else_said(balancer, monkeypatch, written):
    planted(monkeypatch, "database", broken)

    reply = balancer.get("/readyz")

    assert reply.status_code == 503
    assert json.loads(reply.content) == {"ready": False, "failed": ["database"], "warnings": []}
    assert [line["message"] for line in written()] == ["a check failed: OperationalError"]


def test_a_database_that_hangs_is_told_in_time_and_gets_one_question(balancer, monkeypatch):
    end, asked = threading.Event(), []

    def hang():
        asked.append(1)
        return end.wait(30)

    planted(monkeypatch, "database", hang)
    began = time.monotonic()

    first, second = ready(balancer), ready(balancer)
    took = time.monotonic() - began
    end.set()

    assert first == second == (503, {"ready": False, "failed": ["database"], "warnings": []})
    assert took < 2 * 3
    assert asked == [1]


def test_a_database_that_takes_nothing_is_no_database(balancer, settings, monkeypatch, tmp_path):
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        with connection.cursor() as cursor:  # as on a standby
            cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    else:
        monkeypatch.setattr("config.probes.os.access", lambda path, mode: False)
    try:
        found = ready(balancer)
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')

    assert found == (503, {"ready": False, "failed": ["database"], "warnings": []})


def test_a_migration_that_was_not_applied_is_named(balancer, monkeypatch):
    monkeypatch.setattr(probes, "migrations", probes.Migrations())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'consultation' AND name = '0030_last_runs'")
    try:
        found = ready(balancer)
        missing = probes.migrations.unapplied()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied)"
                " VALUES ('consultation', '0030_last_runs', CURRENT_TIMESTAMP)"
            )

    assert found == (503, {"ready": False, "failed": ["migrations"], "warnings": []})
    assert missing[0] == "consultation.0030_last_runs"
    assert ready(balancer)[0] == 200


def test_once_all_are_applied_nobody_asks_again(django_assert_num_queries):
    known = probes.Migrations()
    known.unapplied()

    with django_assert_num_queries(0):
        assert known.unapplied() == []


def test_a_cache_that_is_away_is_a_warning(balancer, monkeypatch):
    def away(*given, **more):
        raise ConnectionError("redis://:password@cache.internal")

    monkeypatch.setattr(type(cache._connections["default"]) if hasattr(cache, "_connections") else cache, "get", away)

    assert ready(balancer) == (200, {"ready": True, "failed": [], "warnings": ["cache"]})


def test_no_list_for_search_engines_names_them(visitor):
    assert b"readyz" not in visitor.get("/sitemap.xml").content
    assert b"healthz" not in visitor.get("/robots.txt").content
