"""E-mails leave after the commit, through a mail server that may be away, slow or unwilling: once, and none is lost.

The server is a real one, in a process of its own: see tests/mail_server.py.
"""

import datetime as dt
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from consultation import outbox
from consultation.models import Message
from consultation.tick import send_mail

pytestmark = pytest.mark.django_db(transaction=True)
HOLD = outbox.HOLD  # as the site has it


def put(to="ada@example.org", subject="Your link", body="https://example.org/…", language="en"):
    with transaction.atomic():
        outbox.put(to, subject, body, language)


def minutes_later(minutes):
    return time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes))


def test_what_is_committed_is_sent_once_and_then_forgotten(mail_server):
    put()

    assert [outbox.send_due(), outbox.send_due()] == [1, 0]

    (message,) = mail_server.accepted
    assert (message["To"], message["From"], message["Subject"]) == ("ada@example.org", "plan@example.org", "Your link")
    assert message["Auto-Submitted"] == "auto-generated"
    assert not Message.objects.exists()


def test_what_is_rolled_back_is_not_sent(mail_server):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.put("ada@example.org", "Your link", "…", "en")
        1 / 0  # noqa: B018

    assert outbox.send_due() == 0
    assert mail_server.accepted == []


@pytest.mark.parametrize(
    "text", ["Seirbhísí áitiúla – cúram", "Zażółć gęślą jaźń", "👩‍🌾 🌳\n  indented\n.\n..\nFrom here", "x" * 3_000]
)
def test_a_message_arrives_as_it_was_written(mail_server, text):
    put(subject="Twój link – naisc 🌳", body=text, language="pl")

    outbox.send_due()

    (message,) = mail_server.accepted
    assert message["Subject"] == "Twój link – naisc 🌳"
    assert message.get_content().splitlines() == text.splitlines()
    assert message["Content-Language"] == "pl"


def test_the_form_sent_twice_asks_for_one_message(mail_server):
    put()
    put()

    assert outbox.send_due() == 1


def test_a_tick_between_the_two_does_not_make_it_two(mail_server, monkeypatch):
    monkeypatch.setattr(outbox, "HOLD", HOLD)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        put()
        assert outbox.send_due() == 0
        clock.shift(HOLD - dt.timedelta(seconds=1))
        put()
        assert outbox.send_due() == 0
        clock.shift(dt.timedelta(seconds=1))

        assert outbox.send_due() == 1
        assert not Message.objects.exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_second_line_in_a_header_is_refused(field, end):
    with pytest.raises(ValueError, match="one line"):
        put(**{field: f"ada@example.org{end}Bcc: eve@example.org"})

    assert not Message.objects.exists()


def two_ticks():
    """Two ticks that have both read the row before either takes it."""
    both, take = threading.Barrier(2, timeout=2), outbox._take

    def take_together(message):
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return take(message)

    def tick(_number):
        try:
            return outbox.send_due()
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(outbox, "_take", take_together)
        return sum(pool.map(tick, range(2)))


def test_two_ticks_at_once_send_once(mail_server):
    put()

    assert two_ticks() == 1
    assert len(mail_server.accepted) == 1


def test_without_taking_it_first_two_ticks_send_twice(mail_server, monkeypatch):
    monkeypatch.setattr(outbox, "_take", lambda message: True)
    put()

    two_ticks()

    ids = [message["Message-ID"] for message in mail_server.accepted]
    assert len(ids) == 2
    assert len(set(ids)) == 1  # so that mail programs can tell


def test_while_the_server_is_away_nothing_is_lost(mail_server):
    mail_server.stop()
    put()
    put("bob@example.org")
    assert outbox.send_due() == 0
    assert set(Message.objects.values_list("attempts", "fault")) == {(1, "ConnectionRefusedError"), (0, "")}

    mail_server.start()
    assert outbox.send_due() == 1  # the other one
    with minutes_later(2):
        assert outbox.send_due() == 1

    assert {message["To"] for message in mail_server.accepted} == {"ada@example.org", "bob@example.org"}


def test_a_crash_after_the_servers_yes_sends_again_under_the_same_id(mail_server, monkeypatch):
    put()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Message, "delete", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
        outbox.send_due()
    assert outbox.send_due() == 0

    with minutes_later(16):
        assert outbox.send_due() == 1

    first, second = mail_server.accepted
    assert first["Message-ID"] == second["Message-ID"]


def test_refused_for_now_is_tried_again_and_does_not_hold_up_others(mail_server):
    put("busy@example.org")
    put()

    assert outbox.send_due() == 1
    with minutes_later(2):
        assert outbox.send_due() == 1

    assert [message["To"] for message in mail_server.accepted] == ["ada@example.org", "busy@example.org"]


def test_an_address_that_is_refused_for_good_is_given_up_at_once_and_forgotten(mail_server, caplog):
    put("nobody@example.org")

    outbox.send_due()

    mark = Message.objects.get()
    assert (mark.state, mark.fault) == (Message.State.GIVEN_UP, "SMTPRecipientsRefused 550")
    assert (mark.to, mark.subject, mark.body) == ("", "", "")
    assert caplog.records
    assert "nobody@" not in caplog.text
    with minutes_later(91 * 24 * 60):
        outbox.forget()
    assert not Message.objects.exists()


def test_after_two_days_it_is_given_up_and_forgotten(mail_server):
    mail_server.stop()
    put()

    start, attempts = timezone.now(), []
    for hour in range(50):
        with time_machine.travel(start + dt.timedelta(hours=hour), tick=False):
            outbox.send_due()
        attempts.append(Message.objects.get().attempts)

    mark = Message.objects.get()
    assert (mark.state, mark.to, mark.body) == (Message.State.GIVEN_UP, "", "")
    assert 5 < mark.attempts < 12
    assert attempts[-3] == attempts[-1]


def test_a_slow_server_is_left_after_the_time_out_and_no_lock_is_held_meanwhile(mail_server):
    put("slow@example.org")
    with ThreadPoolExecutor(1) as pool:
        begun = time.monotonic()
        slow = pool.submit(lambda: (outbox.send_due(), connection.close()))
        while not Message.objects.filter(attempts=1).exists():
            assert time.monotonic() - begun < 10
            time.sleep(0.01)
        put("bob@example.org")  # on SQLite there is one writer
        assert time.monotonic() - begun < 1.5
        slow.result()

    assert 1.9 < time.monotonic() - begun < 5
    assert Message.objects.get(to="slow@example.org").fault
    assert outbox.send_due() == 1


def test_what_cannot_be_sent_at_all_holds_up_nobody(mail_server):
    put("a b c")
    put("ada@example.org\u00a0")
    put("bob@example.org")

    outbox.send_due()

    assert mail_server.accepted[-1]["To"] == "bob@example.org"


def test_no_fault_of_mail_reaches_what_tick_does_beside_it(monkeypatch, caplog):
    monkeypatch.setattr(outbox, "send_due", lambda: 1 / 0)

    with caplog.at_level(logging.ERROR):
        assert send_mail() == 0

    assert "put off" in caplog.text
