"""What runs by itself notes how it went: tick each round, the recount each night."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from consultation import running
from consultation.fold import fold
from consultation.models import LastRun, Tally
from tests.conftest import ROOT
from tests.test_authorization import answered

pytestmark = pytest.mark.django_db


def test_a_round_of_tick_is_noted():
    call_command("tick", stdout=StringIO())

    row = LastRun.objects.get(name=running.TICK)
    assert row.failed == []
    assert row.seconds > 0
    assert timezone.now() - row.ended_at < dt.timedelta(minutes=1)


def test_what_failed_in_a_round_is_noted_by_its_name(monkeypatch):
    def fail():
        raise RuntimeError("planted")

    monkeypatch.setattr("consultation.tick.outbox.send_due", fail)
    with pytest.raises(CommandError):
        call_command("tick", stdout=StringIO())

    assert LastRun.objects.get(name=running.TICK).failed == ["sending of e-mails"]


def test_since_when_it_fails_stays_until_it_goes_well_again():
    running.note("tick", 1, ["a"])
    first = LastRun.objects.get().since
    running.note("tick", 1, ["b", "b"])

    again = LastRun.objects.get()
    assert (again.since, again.failed) == (first, ["b"])
    assert again.ended_at > first
    running.note("tick", 1, [])
    assert LastRun.objects.get().since > first


def test_the_comparison_of_counts_is_noted_with_what_differs(consultation):
    answered(consultation)
    fold(consultation)
    call_command("recount", "--check", stdout=StringIO())
    assert LastRun.objects.get(name=running.RECOUNT).failed == []

    Tally.objects.filter(question=0, segment="").update(n=7)
    with pytest.raises(CommandError):
        call_command("recount", "--check", stdout=StringIO(), stderr=StringIO())

    assert LastRun.objects.get(name=running.RECOUNT).failed == [f"1 figures of consultation {consultation.pk}"]


def test_counting_anew_is_no_comparison(consultation):
    call_command("recount", stdout=StringIO())

    assert not LastRun.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="one engine is enough for a process")
def test_the_loop_notes_its_rounds():
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
    }
    process = subprocess.Popen([sys.executable, "manage.py", "tick", "--loop"], cwd=ROOT, env=environment)
    try:
        until = time.monotonic() + 60
        while not LastRun.objects.filter(name=running.TICK).exists():
            assert time.monotonic() < until
            time.sleep(0.2)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert LastRun.objects.get().failed == []
