"""Figures for Prometheus: what kinds of page, how long, what waits; for those beside the site alone, about nobody."""

import os
import re
import subprocess
import sys

import pytest
from django.db import OperationalError
from django.test import Client

from config import metrics
from consultation import outbox
from tests.conftest import ROOT
from tests.consultation.test_answering import send
from tests.rig.asked import one_section
from tests.test_authorization import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def near(settings):
    """What fetches the figures, on this machine, of a site that has some."""
    settings.METRICS = True
    metrics.figures.cache_clear()
    yield Client()
    metrics.figures.cache_clear()


def figure(client, name):
    text = client.get("/metrics").content.decode()
    found = re.search(rf"^{re.escape(name)} ([\d.e+]+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def test_a_site_that_was_not_told_to_has_none(visitor):
    assert visitor.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 200),
        ({"REMOTE_ADDR": "203.0.113.9"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 404),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 404),
        ({"HTTP_X_REAL_IP": "127.0.0.1"}, 404),
        ({"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 404),
    ],
)
def test_only_those_beside_the_site_see_them_and_nobody_through_the_proxy(near, settings, meta, status):
    settings.METRICS_FROM = ["192.0.2.0/24"]

    assert near.get("/metrics", **meta).status_code == status


def test_they_are_fetched_by_address_over_plain_http(near, settings):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["plan.example.org"], True

    reply = near.get("/metrics", headers={"host": "127.0.0.1:8000"})

    assert reply.status_code == 200
    assert reply["Cache-Control"] == "no-store"
    assert near.post("/metrics").status_code == 405


def test_requests_are_counted_by_kind_of_page(near):
    near.get("/en/search/?q=canary")
    near.get("/en/search/?q=canary")

    assert figure(near, 'connected_requests_total{method="GET",route="search",status="200"}') == 2
    assert figure(near, 'connected_request_seconds_count{route="search"}') == 2
    assert "canary" not in near.get("/metrics").content.decode()


def test_who_is_told_received_is_counted(near):
    path = one_section()
    send(near, path + "1/", q1="1")
    assert figure(near, "connected_submissions_acknowledged_total") == 0

    assert send(near, path + "check/").status_code == 303

    assert figure(near, "connected_submissions_acknowledged_total") == 1


def test_pages_of_a_fault_are_counted(near, monkeypatch):
    path = one_section()

    def away(*given, **more):
        raise OperationalError("away")

    monkeypatch.setattr("consultation.access.Consultation.objects.raw", away)
    near.get(path + "1/")

    assert figure(near, "connected_unavailable_total") == 1


def test_what_waits_is_told(near, consultation):
    answered(consultation)
    outbox.put("canary@example.org", "Demo", "Demo", "en")

    assert figure(near, "connected_fold_lag_responses") == 1
    assert figure(near, "connected_outbox_waiting") == 1
    assert figure(near, "connected_database_answers") == 1
    assert "canary" not in near.get("/metrics").content.decode()


def test_a_database_that_is_away_is_a_figure_too(near, monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr("consultation.backlog.tail", away)

    assert figure(near, "connected_database_answers") == 0


COUNTING = """
import django; django.setup()
from django.http import HttpResponse
from config import metrics
metrics.figures().note("GET", "search", HttpResponse(), 0.1)
print(metrics.figures().text().decode())
"""


@pytest.mark.once
def test_several_processes_add_up(tmp_path):
    (tmp_path / "figures").mkdir()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "METRICS": "true",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "figures"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
    }
    command = [sys.executable, "-c", COUNTING]
    texts = [
        subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for _process in range(2)
    ]

    assert 'connected_requests_total{method="GET",route="search",status="200"} 2.0' in texts[1]
