"""A round of tick: its parts do not know of each other's faults, and it says that there was one."""

import datetime as dt
import logging
import threading

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page

from consultation import drafts, equality_figures, exports, outbox, tick
from consultation.management.commands import tick as command
from consultation.models import Message, Tally
from consultation.spreadsheets import uploads
from home.models import HomePage, StandardPage
from tests.consultation.test_apart import submit

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(minutes=5)
LATER = dt.timedelta(minutes=10)


def publish(**fields):
    page = StandardPage(**{"title": fields["slug"].upper()} | fields)
    HomePage.objects.get(locale__language_code="en").add_child(instance=page)
    page.save_revision().publish()
    return page


@pytest.fixture
def stuck():
    """A page that was scheduled under an address that another page has taken since."""
    draft = StandardPage.objects.get(pk=publish(slug="stuck").pk)
    draft.slug, draft.go_live_at = "taken", timezone.now() + SOON
    draft.save_revision().publish()
    publish(slug="taken")
    return draft


@pytest.fixture
def sound(stuck):
    """A page that is scheduled after it."""
    draft = StandardPage.objects.get(pk=publish(slug="sound").pk)
    draft.title, draft.go_live_at = "Published in time", timezone.now() + SOON + dt.timedelta(minutes=1)
    draft.save_revision().publish()
    return draft


@pytest.fixture
def ending(stuck):
    """A page that is to be taken back."""
    page = publish(slug="ending")
    StandardPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() + SOON)
    return page


@pytest.fixture
def once(monkeypatch):
    """A loop that ends after its first round, without its thread and without signals."""

    class Once(threading.Event):
        def wait(self, timeout=None):
            self.set()

    monkeypatch.setattr(command.threading, "Event", Once)
    monkeypatch.setattr(command.threading, "Thread", lambda **options: type("Idle", (), {"start": lambda self: None})())
    monkeypatch.setattr(command.signal, "signal", lambda *args: None)
    monkeypatch.setattr(command, "close_old_connections", lambda: None)


def test_a_page_that_cannot_be_published_stops_no_other(stuck, sound, ending, caplog):
    with time_machine.travel(timezone.now() + LATER), caplog.at_level(logging.ERROR):
        tick.publish_due()

    assert Page.objects.get(pk=sound.pk).title == "Published in time"
    assert not Page.objects.get(pk=ending.pk).live
    assert Page.objects.get(pk=stuck.pk).slug == "stuck"
    assert f"publication of page {stuck.pk} “STUCK” was put off" in caplog.text


def test_a_round_with_such_a_page_does_all_the_rest_and_fails_at_its_end(stuck, consultation, mail_server):
    submit(consultation, {})
    outbox.put("ada@example.org", "Hello", "Hello", "en")

    with time_machine.travel(timezone.now() + LATER), pytest.raises(CommandError):
        call_command("tick")

    assert Tally.objects.get(question=0, segment="").n == 1
    assert not Message.objects.exists()


def test_a_round_without_any_fault_does_not_fail(consultation):
    call_command("tick")


def test_the_loop_goes_on(stuck, sound, once):
    with time_machine.travel(timezone.now() + LATER):
        call_command("tick", "--loop")

    assert Page.objects.get(pk=sound.pk).title == "Published in time"


@pytest.mark.parametrize(
    ("place", "name"), [(drafts, "purge"), (tick.schedule, "due"), (tick, "fold"), (equality_figures, "pin")]
)
def test_whatever_fails_the_other_parts_are_done(place, name, once, consultation, monkeypatch, caplog):
    done = []
    parts = [(drafts, "purge"), (outbox, "forget"), (tick.schedule, "due"), (tick, "fold"), (equality_figures, "pin")]
    for module, function in parts:
        monkeypatch.setattr(module, function, lambda *args, function=function: done.append(function) or [])
    monkeypatch.setattr(tick, "fold", lambda *args: done.append("fold") or 0)
    monkeypatch.setattr(place, name, lambda *args: 1 / 0)

    with caplog.at_level(logging.ERROR):
        call_command("tick", "--loop")

    assert set(done) == {function for _module, function in parts} - {name}
    assert "was put off" in caplog.text
    with pytest.raises(CommandError):
        call_command("tick")


def test_what_follows_the_day_and_fails_is_told(monkeypatch):
    def receiver(**kwargs):
        raise ValueError

    tick.due.connect(receiver)
    try:
        with pytest.raises(CommandError):
            call_command("tick")
    finally:
        tick.due.disconnect(receiver)


@pytest.fixture
def hours(monkeypatch):
    """The clock of the loop, moved on by hours."""
    now = [0.0]
    monkeypatch.setattr(command.time, "monotonic", lambda: now[0])

    def go(by):
        now[0] += by * 3600

    return go


def test_old_files_are_looked_for_once_an_hour_and_not_each_time_that_files_are_made(hours, monkeypatch):
    listed = []
    monkeypatch.setattr(exports, "_files", lambda: listed.append("exports") or [])
    monkeypatch.setattr(uploads, "_files", lambda: listed.append("uploads") or [])
    forgetting = command.Forgetting()

    for _ in range(3):
        exports.make_due()
        uploads.work_due()
        forgetting(tick.Faults())
    assert listed == ["exports", "uploads"]
    hours(1)
    forgetting(tick.Faults())
    assert listed == ["exports", "uploads"] * 2


def test_a_round_alone_looks_for_old_files_at_once(monkeypatch):
    listed = []
    monkeypatch.setattr(exports, "_files", lambda: listed.append("exports") or [])
    monkeypatch.setattr(uploads, "_files", lambda: listed.append("uploads") or [])

    call_command("tick")

    assert listed == ["exports", "uploads"]


def test_the_loop_looks_for_old_files(once, monkeypatch):
    begun = []

    class Noting:
        def __init__(self, target, args, daemon):
            begun.append(args[0])

        def start(self):
            pass

    monkeypatch.setattr(command.threading, "Thread", Noting)

    call_command("tick", "--loop")

    assert [work for work in begun if isinstance(work, command.Forgetting)]


def test_a_storage_that_is_away_is_logged_once_and_told_until_it_is_there_again(hours, monkeypatch, caplog):
    def away():
        raise OSError("the bucket failed")

    monkeypatch.setattr(uploads, "_files", list)
    forgetting, told = command.Forgetting(), []
    with monkeypatch.context() as fault:
        fault.setattr(exports, "_files", away)
        for _ in range(5):
            told.append(faults := tick.Faults())
            forgetting(faults)
            hours(1 / 120)  # half a minute, and so tried only every other time

    assert [faults.names for faults in told] == [["forgetting of exports"]] * 5
    assert caplog.text.count("forgetting of exports was put off") == 1

    monkeypatch.setattr(exports, "_files", list)
    hours(1)
    forgetting(well := tick.Faults())
    hours(1)
    monkeypatch.setattr(exports, "_files", away)
    forgetting(tick.Faults())

    assert well.names == []
    assert caplog.text.count("forgetting of exports was put off") == 2


def test_fold_fails_where_a_fold_did(consultation, monkeypatch):
    monkeypatch.setattr(tick, "fold", lambda *args: 1 / 0)

    with pytest.raises(CommandError):
        call_command("fold")


def test_who_can_edit_it_sees_on_the_first_page_what_was_not_published(
    stuck, sound, editor_client, officer_client, administrator_client
):
    assert "Not done at the scheduled time" not in administrator_client.get("/admin/").text

    with time_machine.travel(timezone.now() + LATER):
        tick.publish_due()
        for client in (editor_client, administrator_client):
            shown = client.get("/admin/").text.partition("Not done at the scheduled time")[2]
            assert f"/admin/pages/{stuck.pk}/edit/" in shown.partition("</section>")[0]
            assert f"/admin/pages/{sound.pk}/edit/" not in shown.partition("</section>")[0]
        assert "Not done at the scheduled time" not in officer_client.get("/admin/").text
