"""Whoever asks is told when the outcome is out, once and in their language; then nothing is left of their address."""

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageViewRestriction

from consultation import letters, outbox, results, subscribers
from consultation.models import (
    Consultation,
    Draft,
    Halt,
    Haste,
    LifeEvent,
    Message,
    Occasion,
    Response,
    Subscriber,
    Telling,
)
from consultation.tick import Faults, tick
from tests.consultation.test_answering import answer_all
from tests.consultation.test_pin import answer
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"
DAY = dt.timedelta(days=1)


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def path(page):
    return f"/tell/{page.consultation.pk}/en/"


def ask(path, email=ADA, browser=None, **more):
    browser = browser or Client()
    token = re.search(r'name="token" value="([^"]+)"', browser.get(path).content.decode())
    return browser.post(path, {"token": token[1] if token else "", "email": email} | more)


def link(text, step="confirm"):
    return re.search(rf"http://testserver(/tell/\d+/[\w-]+/{step}/[0-9a-f]{{64}}/)", text)[1]


def subscribe(path, email=ADA):
    """Ask and confirm, and give the link by which it is stopped."""
    ask(path, email)
    body = Message.objects.filter(to=email).latest("pk").body
    Client().post(link(body))
    Message.objects.all().delete()
    return link(body, "stop")


def come_out(page, **changes):
    """The outcome is published."""
    over = {"closes_at": timezone.now() - DAY, "outcome_on": timezone.localdate()}
    Consultation.objects.filter(pk=page.consultation.pk).update(**over | changes)


def told(mailoutbox):
    subscribers.tell_due()
    outbox.send_due()
    return [letter for letter in mailoutbox if letter.subject.startswith(("The outcome", "Withdrawn", "Results"))]


# Asking


def test_whoever_asks_and_confirms_is_told_and_forgotten(visitor, page, path, mailoutbox):
    shown = ask(path).content.decode()
    outbox.send_due()

    assert "Look into your e-mails" in shown
    (first,) = mailoutbox
    assert first.subject == "Please confirm: The town’s plan"
    assert "We will tell you" in visitor.post(link(first.body)).content.decode()
    assert told(mailoutbox) == []
    come_out(page)
    (news,) = told(mailoutbox)
    assert (news.to, news.subject) == ([ADA], "The outcome: The town’s plan")
    assert f"http://testserver{page.get_url()}" in news.body
    subscribers.tell_due()
    assert not Subscriber.objects.exists()
    assert not Message.objects.exists()
    assert len(told(mailoutbox)) == 1


def test_nobody_is_told_who_did_not_confirm(page, path, mailoutbox):
    ask(path)
    come_out(page)

    assert told(mailoutbox) == []


def test_what_a_scanner_of_mail_opens_changes_nothing(visitor, path):
    ask(path)
    body = Message.objects.get().body

    for step in ("confirm", "stop"):
        opened = visitor.get(link(body, step))
        visitor.head(link(body, step))
        assert opened.status_code == 200
        assert opened["Referrer-Policy"] == "no-referrer"
        assert "no-store" in opened["Cache-Control"]
        assert not opened.cookies

    assert Subscriber.objects.get().confirmed_at is None


def test_known_and_unknown_addresses_get_the_same_page(path, mailoutbox):
    subscribe(path)

    known, unknown = ask(path), ask(path, "eve@example.org")

    plain = [re.sub(r"ada|eve", "…", shown.content.decode()) for shown in (known, unknown)]
    assert plain[0] == plain[1]
    outbox.send_due()
    assert sorted(letter.subject.split(":")[0] for letter in mailoutbox) == ["Please confirm", "You will be told"]


def test_three_e_mails_are_enough_for_one_address_however_it_is_written(path):
    shown = [ask(path, address) for address in (ADA, ADA.upper(), ADA, ADA.title(), ADA)]

    assert {page.status_code for page in shown} == {200}
    assert Subscriber.objects.get().letters == 3
    assert Subscriber.objects.get().to == ADA


def test_a_network_asks_for_twenty_in_a_day(path, monkeypatch):
    monkeypatch.setattr("consultation.views.telling.EACH_NETWORK", 2)

    shown = [ask(path, f"{n}@example.org").status_code for n in range(4)]

    assert shown == [200, 200, 429, 429]
    assert Subscriber.objects.count() == 2


def test_asking_to_be_told_makes_no_sending_of_answers_look_quick(path):
    from consultation import haste

    ask(path)

    assert Haste.objects.get().n == 1
    assert haste.count(Consultation.objects.get().pk, "127.0.0.1") == 1


@pytest.mark.parametrize(
    "typed",
    ["", "ada", "ada@example.org, eve@example.org", "ada@example.org\nBcc: eve@example.org", "é" * 400 + "@a.b"],
)
def test_what_is_no_address_is_said_and_kept(path, typed):
    shown = ask(path, typed).content.decode()

    assert re.search(r"<title>\s*Error:", shown)
    assert '<a href="#email">Enter an e-mail address' in shown
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_form_that_is_not_ours_asks_for_nothing_and_keeps_what_was_typed(visitor, path, token):
    shown = visitor.post(path, {"email": ADA, "token": token})

    assert ADA in shown.content.decode()
    assert not Subscriber.objects.exists()


def test_another_site_can_not_ask(visitor, path):
    assert visitor.post(path, {"email": ADA}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_whoever_fills_in_the_field_that_people_do_not_see_gets_nothing(path):
    shown = ask(path, website="http://example.org")

    assert "Look into your e-mails" in shown.content.decode()
    assert not Subscriber.objects.exists()


def test_where_no_mail_is_set_up_nothing_is_offered(visitor, page, path, settings):
    settings.OFFER_MAIL = False

    assert visitor.get(path).status_code == 404
    assert "/tell/" not in visitor.get(page.get_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({}, True),
        ({"halt": Halt.PAUSED}, True),
        ({"closes_at": timezone.now() - DAY}, True),
        ({"closes_at": timezone.now() - DAY, "outcome_on": timezone.localdate()}, False),
        ({"halt": Halt.WITHDRAWN}, False),
        ({"opens_at": timezone.now() + DAY}, False),
    ],
)
def test_it_is_offered_on_the_page_while_there_is_something_to_wait_for(visitor, page, path, changes, is_offered):
    Consultation.objects.update(**changes)

    assert (f'href="{path}"' in visitor.get(page.get_url()).content.decode()) == is_offered
    assert ('name="email"' in visitor.get(path).content.decode()) == is_offered
    ask(path)
    assert Subscriber.objects.exists() == is_offered


@pytest.mark.parametrize("step", ["done", "receipt"])
def test_it_is_offered_after_answering(visitor, page, path, step):
    answering = f"/answer/{page.consultation.pk}/en/"
    answer_all(visitor, answering)

    assert f'href="{path}"' in visitor.get(f"{answering}{step}/").content.decode()


def test_nothing_leads_from_an_address_to_answers(visitor, page, path):
    answer_all(visitor, f"/answer/{page.consultation.pk}/en/")

    ask(path, browser=visitor)

    assert not [cookie for cookie in visitor.cookies.values() if path.startswith(cookie["path"])]
    kept = repr(list(Subscriber.objects.values())) + repr(list(Message.objects.values()))
    response, draft = Response.objects.get(), Draft.objects.get()
    for trace in (
        response.reference,
        str(response.key),
        str(draft.key),
        draft.secret,
        visitor.cookies["answering"].value,
    ):
        assert trace not in kept


def test_a_page_that_not_everybody_can_read_offers_nothing(visitor, page, path):
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert visitor.get(path).status_code == 404
    assert visitor.post(path, {"email": ADA}).status_code == 404


def test_the_secret_is_stored_hashed_and_opens_one_consultation_alone(page, path):
    ask(path)
    secret = link(Message.objects.get().body).split("/")[-2]

    assert secret not in repr(Subscriber.objects.values().get())
    assert subscribers.find(page.consultation.pk, secret)
    assert subscribers.find(page.consultation.pk + 1, secret) is None
    assert subscribers.find(page.consultation.pk, "x" * 101) is None


# Telling


def test_each_is_told_in_their_language(page, at_once, mailoutbox):
    translate(page, "ga", {"The town’s plan": "Plean an bhaile"})
    for language in ("en", "ga"):
        subscribe(f"/tell/{page.consultation.pk}/{language}/", f"{language}@example.org")
    come_out(page)

    found = {letter.to[0]: letter for letter in told(mailoutbox)}
    outcome = {address: letter.body for address, letter in found.items()}
    assert "/en/" in outcome["en@example.org"]
    irish = next(letter for letter in mailoutbox if letter.to == ["ga@example.org"])
    assert "Plean an bhaile" in irish.subject
    assert re.search(r"http://testserver/ga/\S+", irish.body)
    assert irish.extra_headers["Content-Language"] == "ga"


def test_who_asked_in_a_language_that_is_gone_is_told_in_the_leading_one(page, at_once, mailoutbox):
    irish = translate(page, "ga", {"The town’s plan": "Plean an bhaile"})
    subscribe(f"/tell/{page.consultation.pk}/ga/")
    irish.unpublish()
    come_out(page)

    subscribers.tell_due()
    outbox.send_due()

    (letter,) = mailoutbox
    assert f"http://testserver{page.get_url()}" in letter.body


def test_what_nobody_can_read_yet_is_told_when_it_can_be_read(page, path, mailoutbox):
    subscribe(path)
    come_out(page)
    page.unpublish()
    assert told(mailoutbox) == []

    page.save_revision().publish()
    come_out(page)

    assert len(told(mailoutbox)) == 1


@pytest.fixture
def closed(page):
    """Over, with answers enough to publish something of them."""
    answer(page.consultation, 40)
    Consultation.objects.filter(pk=page.consultation.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    tick()


def publish(page, reason=""):
    return results.publish(Consultation.objects.get(pk=page.consultation.pk), None, {"en": "Read on."}, {"en": reason})


@pytest.mark.usefixtures("closed")
def test_results_are_told_before_the_outcome_and_each_once(visitor, page, path, mailoutbox):
    subscribe(path)
    assert told(mailoutbox) == []
    publish(page)

    (news,) = told(mailoutbox)
    assert news.subject == "Results: The town’s plan"
    where = re.search(r"http://testserver(/results/\S+)", news.body)
    assert "Read on." in visitor.get(where[1], follow=True).content.decode()
    assert len(told(mailoutbox)) == 1
    come_out(page)
    assert [letter.subject.split(":")[0] for letter in told(mailoutbox)] == ["Results", "The outcome"]
    (first, _second) = subscribers.standing(page.consultation).told
    assert (first.occasion, first.told) == (Occasion.RESULTS, 1)


@pytest.mark.usefixtures("closed")
def test_a_new_version_of_results_is_not_told_again(page, path, mailoutbox):
    subscribe(path)
    publish(page)
    told(mailoutbox)

    publish(page, "A word was wrong.")

    assert len(told(mailoutbox)) == 1


@pytest.mark.usefixtures("closed")
def test_results_that_were_out_before_are_no_news(page, path, mailoutbox):
    publish(page)
    subscribe(path)

    assert told(mailoutbox) == []


@pytest.mark.usefixtures("closed")
def test_results_that_were_taken_back_before_anybody_was_told_are_no_news(page, path, mailoutbox):
    subscribe(path)
    results.take_back(publish(page), None, {"en": "Wrong."})
    assert told(mailoutbox) == []

    publish(page, "Now they are right.")

    assert len(told(mailoutbox)) == 1


@pytest.mark.usefixtures("closed")
def test_results_of_what_was_withdrawn_are_told_to_nobody(page, path, mailoutbox):
    subscribe(path)
    publish(page)
    LifeEvent.objects.create(consultation=page.consultation, kind=LifeEvent.Kind.WITHDRAWN)
    Consultation.objects.update(halt=Halt.WITHDRAWN)

    assert told(mailoutbox) == []


def test_a_withdrawal_is_told_after_a_day_in_which_it_can_be_taken_back(page, path, mailoutbox):
    subscribe(path)
    LifeEvent.objects.create(consultation=page.consultation, kind=LifeEvent.Kind.WITHDRAWN)
    Consultation.objects.update(halt=Halt.WITHDRAWN)
    assert told(mailoutbox) == []

    with time_machine.travel(timezone.now() + 2 * DAY):
        (letter,) = told(mailoutbox)
        subscribers.tell_due()

    assert letter.subject == "Withdrawn: The town’s plan"
    assert not Subscriber.objects.exists()


def test_tick_tells_and_sends(page, path, mailoutbox):
    subscribe(path)
    come_out(page)

    call_command("tick")
    call_command("tick")

    assert [letter.subject for letter in mailoutbox] == ["The outcome: The town’s plan"]


def test_a_title_of_several_lines_or_of_great_length_is_one_line_of_the_head(page, path, mailoutbox):
    subscribe(path)
    come_out(page)
    type(page).objects.update(title="Line\r\nBcc: eve@example.org " + "x" * 200)

    subscribers.tell_due()
    outbox.send_due()

    assert mailoutbox[0].to == [ADA]
    assert len(mailoutbox[0].subject.splitlines()) == 1


def test_a_crash_in_the_middle_doubles_nothing_and_loses_nothing(page, path, monkeypatch, mailoutbox):
    for n in range(5):
        subscribe(path, f"{n}@example.org")
    come_out(page)
    monkeypatch.setattr(subscribers, "BATCH", 2)
    send, written = letters.send_news, []

    def dies(*args):
        written.append(args)
        if len(written) == 4:
            raise RuntimeError("the machine stops")
        send(*args)

    monkeypatch.setattr(letters, "send_news", dies)
    faults = Faults()
    subscribers.tell_due(faults)
    assert faults.number == 1
    assert Message.objects.count() == 2

    assert sorted(letter.to[0] for letter in told(mailoutbox)) == [f"{n}@example.org" for n in range(5)]
    assert Telling.objects.get().told == 5


def test_the_log_and_the_officers_page_have_the_number_and_no_address(officer_client, page, path, mailoutbox):
    for name in ("ada", "eve"):
        subscribe(path, f"{name}@example.org")
    place = f"/admin/consultations/{page.consultation.pk}/"
    before = officer_client.get(place).content.decode()
    come_out(page)
    told(mailoutbox)

    after = officer_client.get(place).content.decode()

    assert "2 people asked to be told when the outcome is out" in before
    assert "2 people were told" in after
    assert "example.org" not in before + after.replace("officer@example.org", "")
    entry = ModelLogEntry.objects.get(action=subscribers.TELL)
    assert entry.data == {"occasion": "outcome", "number": 2}
    assert entry.message == "Outcome published: 2 people were told"


def test_telling_one_or_fifty_reads_the_same_of_pages(page, path, mailoutbox):
    def queries(n):
        for number in range(n):
            subscribe(path, f"{n}-{number}@example.org")
        come_out(page)
        with CaptureQueriesContext(connection) as found:
            subscribers.tell_due()
        Message.objects.all().delete()
        subscribers.forget()
        come_out(page, outcome_on=None, closes_at=timezone.now() + DAY)
        return sum("INSERT" not in q["sql"] and "consultation_message" not in q["sql"] for q in found)

    queries(1)

    assert queries(1) == queries(6)


# Stopping and forgetting


def test_a_link_stops_it_and_says_the_same_again(visitor, page, path, mailoutbox):
    stop = subscribe(path)

    assert "Send me no more e-mails" in visitor.get(stop).content.decode()
    first, again, opened = visitor.post(stop), visitor.post(stop), visitor.get(stop)

    assert not Subscriber.objects.exists()
    assert first.content == again.content == opened.content
    come_out(page)
    assert told(mailoutbox) == []


def test_a_program_of_mail_stops_it_with_one_click(page, path, mailoutbox):
    ask(path)
    outbox.send_due()
    heads = mailoutbox[0].extra_headers

    address = re.fullmatch(r"<http://testserver(\S+)>", heads["List-Unsubscribe"])[1]
    stopped = Client(enforce_csrf_checks=True).post(
        address, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded", headers={"Origin": "null"}
    )

    assert heads["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stopped.status_code == 200
    assert not Subscriber.objects.exists()


def test_what_waits_in_the_outbox_goes_with_the_address(path):
    ask(path)

    Client().post(link(Message.objects.get().body, "stop"))

    assert not Message.objects.exists()


def test_it_can_be_stopped_when_the_page_is_gone(visitor, page, path):
    stop = subscribe(path)
    page.unpublish()

    visitor.post(stop)

    assert not Subscriber.objects.exists()


def test_who_does_not_confirm_is_forgotten_after_seven_days(path):
    ask(path)

    with time_machine.travel(timezone.now() + 6 * DAY):
        subscribers.forget()
        assert Subscriber.objects.exists()
    with time_machine.travel(timezone.now() + 8 * DAY):
        assert subscribers.forget() == 1


def test_who_waited_in_vain_is_forgotten_after_two_years(path):
    subscribe(path)

    with time_machine.travel(timezone.now() + 400 * DAY):
        assert subscribers.forget() == 0
    with time_machine.travel(timezone.now() + 731 * DAY):
        assert subscribers.forget() == 1


def test_a_link_that_is_too_old_says_so(visitor, path):
    ask(path)
    opened = link(Message.objects.get().body)
    Subscriber.objects.all().delete()

    assert visitor.get(opened).status_code == visitor.post(opened).status_code == 404


# Through a real mail server


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_is_not_there_is_dropped(mail_server, page, path):
    subscribe(path, "nobody@example.org")
    subscribe(path, "ada@example.org")
    come_out(page)

    subscribers.tell_due()
    outbox.send_due()

    (letter,) = mail_server.accepted
    assert letter["To"] == ADA
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not Subscriber.objects.filter(to="nobody@example.org").exists()
    (mark,) = Message.objects.all()
    assert (mark.to, mark.stop, mark.subscriber) == ("", "", None)


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_is_busy_is_told_later(mail_server, page, path):
    subscribe(path, "busy@example.org")
    come_out(page)
    subscribers.tell_due()
    outbox.send_due()
    assert Subscriber.objects.exists()  # while an e-mail to it is tried

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        outbox.send_due()
        subscribers.tell_due()

    assert [letter["To"] for letter in mail_server.accepted] == ["busy@example.org"]
    assert not Subscriber.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_tell_each_once(page, path, monkeypatch):
    for n in range(4):
        subscribe(path, f"{n}@example.org")
    come_out(page)
    both, tell = threading.Barrier(2, timeout=2), subscribers._tell_some

    def together(*args):
        with suppress(threading.BrokenBarrierError):
            both.wait()
        return tell(*args)

    monkeypatch.setattr(subscribers, "_tell_some", together)

    def tick(_n):
        try:
            return subscribers.tell_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = list(pool.map(tick, range(2)))

    assert sum(numbers) == 4
    assert Message.objects.count() == 4
