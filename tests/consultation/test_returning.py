"""Coming back: a link opens what was saved, before it is sent and after; two tabs replace nothing unnoticed."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from consultation import changes, drafts
from consultation.models import Consultation, Draft, Message, Response
from consultation.recount import check, recount
from consultation.summary import live_counts
from tests.consultation.test_answering import answer_all, hidden, send
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def link(shown):
    return re.search(r"http://testserver(/answer/[^\"<]+/return/[^\"<]+)", html.unescape(shown.content.decode()))[1]


def elsewhere(address):
    """Another browser that opened the link."""
    browser = Client()
    opened = browser.post(address)
    assert opened.status_code == 303
    return browser, browser.get(opened["Location"], follow=True)


def received(consultation):
    """How many responses count, on which everything that counts agrees."""
    counted = recount(consultation)
    assert live_counts(consultation) == counted
    assert check(consultation) == []
    return next((found.n for cell, found in counted.items() if cell == (0, 0, "", "")), 0)


def test_what_was_saved_is_found_again_from_another_browser_where_it_was_left(visitor, path):
    send(visitor, f"{path}1/", q1="2")

    browser, shown = elsewhere(link(visitor.get(f"{path}later/")))

    assert shown.request["PATH_INFO"] == f"{path}2/"
    assert "checked" in browser.get(f"{path}1/").content.decode()


def test_coming_back_later_needs_no_required_answer(visitor, path):
    saved = send(visitor, f"{path}1/", q2=["1"], then="later")

    assert saved["Location"] == f"{path}later/"
    assert drafts.answers(Draft.objects.get()).values == {2: [1]}
    _browser, shown = elsewhere(link(visitor.get(saved["Location"])))
    assert shown.request["PATH_INFO"] == f"{path}1/"


def test_following_the_link_alone_opens_nothing_for_the_scanners_of_mail_follow_links(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    address = link(visitor.get(f"{path}later/"))

    shown = Client().get(address)

    assert not shown.cookies
    assert shown["Referrer-Policy"] == "no-referrer"
    assert "no-store" in shown["Cache-Control"]


def test_a_page_that_sends_no_referrer_has_its_form_accepted_from_the_site_alone(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    address = link(visitor.get(f"{path}later/"))

    own = Client().post(address, headers={"origin": "null", "sec-fetch-site": "same-origin"})
    foreign = Client().post(address, headers={"origin": "null", "sec-fetch-site": "cross-site"})

    assert (own.status_code, foreign.status_code) == (303, 403)


def test_a_link_opens_nothing_of_another_consultation(visitor, path):
    other = make_consultation_page(title="Another")
    send(visitor, f"{path}1/", q1="2")
    address = link(visitor.get(f"{path}later/")).replace(path, f"/answer/{other.consultation.pk}/en/")

    assert Client().post(address).status_code == 404


@pytest.mark.parametrize("days", [27, 29])
def test_a_link_opens_what_was_not_sent_for_28_days(visitor, path, days):
    Consultation.objects.update(closes_at=timezone.now() + dt.timedelta(days=60))
    send(visitor, f"{path}1/", q1="2")
    address = link(visitor.get(f"{path}later/"))

    with time_machine.travel(timezone.now() + dt.timedelta(days=days)):
        assert Client().post(address).status_code == (303 if days < 28 else 404)


def test_what_another_tab_saved_is_shown_and_not_replaced_unnoticed(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    old = hidden(visitor.get(f"{path}2/"))
    send(visitor, f"{path}2/", q4="Saved in the other tab")

    refused = visitor.post(f"{path}2/", old | {"q4": "Typed here"})

    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "Saved in the other tab" in shown
    assert "Typed here" in shown
    assert drafts.answers(Draft.objects.get()).words == {(4, 0): "Saved in the other tab"}
    assert visitor.post(f"{path}2/", hidden(refused) | {"q4": "Typed here"}).status_code == 303
    assert drafts.answers(Draft.objects.get()).words == {(4, 0): "Typed here"}


def test_the_first_section_of_two_tabs_is_no_exception(visitor, path):
    old = hidden(visitor.get(f"{path}1/"))
    send(visitor, f"{path}1/", q1="2")

    assert visitor.post(f"{path}1/", old | {"q1": "1"}).status_code == 409
    assert drafts.answers(Draft.objects.get()).values[1] == 2


def test_the_same_section_sent_twice_needs_no_explanation(visitor, path):
    form = hidden(visitor.get(f"{path}1/")) | {"q1": "2"}

    assert [visitor.post(f"{path}1/", form).status_code for _ in range(2)] == [303, 303]


def test_the_receipt_shows_what_was_sent_and_nothing_to_whoever_lacks_the_link(visitor, path):
    answer_all(visitor, path)
    address = link(visitor.get(f"{path}done/"))

    _browser, shown = elsewhere(address)

    assert "More trees" in shown.content.decode()
    assert Response.objects.get().reference in shown.content.decode()
    assert Client().get(f"{path}receipt/").status_code == 404


def test_after_sending_the_browser_forgets_within_the_hour_what_the_link_still_opens(visitor, path):
    sent = answer_all(visitor, path)

    assert sent.cookies["answering"]["max-age"] == 30 * 60


def test_a_correction_takes_the_place_of_what_was_sent_and_only_once_it_is_sent(visitor, page, path):
    answer_all(visitor, path)
    first = Response.objects.get()
    visitor.post(f"{path}correct/")
    send(visitor, f"{path}1/", q1="1")
    assert live_counts(page.consultation)[1, 2, "", ""].n == 1

    send(visitor, f"{path}check/")

    second = Response.objects.get(state=Response.State.COUNTED)
    assert second.answers == {"1": 1, "2": None, "3": 41, "4": True}
    assert second.words.get().text == "More trees"
    assert (second.reference, second.channel) == (first.reference, first.channel)
    assert received(page.consultation) == 1


def test_a_correction_sent_twice_is_one_and_can_be_corrected_again(visitor, page, path):
    answer_all(visitor, path)
    for option in ("1", "3"):
        visitor.post(f"{path}correct/")
        send(visitor, f"{path}1/", q1=option)
        form = hidden(visitor.get(f"{path}check/"))
        assert [visitor.post(f"{path}check/", form).status_code for _ in range(2)] == [303, 303]

    assert received(page.consultation) == 1
    assert Response.objects.get(state=Response.State.COUNTED).answers["1"] == 3


def test_a_correction_can_be_given_up(visitor, page, path):
    answer_all(visitor, path)
    visitor.post(f"{path}correct/")
    send(visitor, f"{path}1/", q1="1")

    shown = visitor.post(f"{path}keep/", follow=True)

    assert shown.request["PATH_INFO"] == f"{path}receipt/"
    assert "More trees" in shown.content.decode()
    assert Response.objects.get().answers["1"] == 2
    assert Draft.objects.get().answers == {}


def test_taking_back_asks_first_and_counts_nowhere(visitor, page, path):
    answer_all(visitor, path)
    visitor.get(f"{path}withdraw/")
    assert received(page.consultation) == 1

    shown = visitor.post(f"{path}withdraw/", follow=True)

    assert "You took your answers back" in shown.content.decode()
    assert received(page.consultation) == 0
    assert (Response.objects.get().answers, Response.objects.get().words.count()) == ({}, 0)


def test_a_correction_of_what_was_taken_back_in_another_tab_brings_nothing_back(visitor, page, path):
    answer_all(visitor, path)
    visitor.post(f"{path}correct/")
    form = hidden(visitor.get(f"{path}check/"))
    changes.withdraw(Response.objects.get())

    sent = visitor.post(f"{path}check/", form, follow=True)

    assert "You took your answers back" in sent.content.decode()
    assert received(page.consultation) == 0


def test_taking_back_while_correcting_leaves_nothing(visitor, page, path):
    answer_all(visitor, path)
    visitor.post(f"{path}correct/")

    visitor.post(f"{path}withdraw/")

    assert received(page.consultation) == 0
    assert Draft.objects.get().answers == {}


@pytest.mark.parametrize("step", ["correct", "withdraw"])
def test_nothing_changes_after_the_closing(visitor, page, path, step):
    answer_all(visitor, path)
    Consultation.objects.update(closes_at=timezone.now() - dt.timedelta(seconds=1))

    assert visitor.post(f"{path}{step}/").status_code == 409
    assert received(page.consultation) == 1
    assert "Correct my answers" not in visitor.get(f"{path}receipt/").content.decode()


@pytest.mark.parametrize("step", ["check", "withdraw"])
def test_the_databases_clock_decides_whether_a_change_is_in_time(visitor, page, path, step):
    answer_all(visitor, path)
    visitor.post(f"{path}correct/")
    send(visitor, f"{path}1/", q1="1")
    form = hidden(visitor.get(f"{path}check/"))
    Consultation.objects.update(closes_at=timezone.now() - dt.timedelta(seconds=1))

    with time_machine.travel(timezone.now() - dt.timedelta(hours=1)):
        refused = visitor.post(f"{path}{step}/", form)

    assert refused.status_code == 409
    assert Response.objects.get(state=Response.State.COUNTED).answers["1"] == 2


def test_what_was_erased_leaves_no_receipt_and_no_draft(visitor, path):
    answer_all(visitor, path)
    visitor.post(f"{path}correct/")

    changes.erase(Response.objects.get())

    assert not Draft.objects.exists()
    assert visitor.get(f"{path}receipt/").status_code == 404


def test_drafts_that_nobody_can_open_any_more_are_deleted(visitor, page, path):
    send(visitor, f"{path}1/", q1="2")
    answer_all(Client(), path)
    kept = Client()
    answer_all(kept, path)
    kept.post(f"{path}correct/")

    with time_machine.travel(timezone.now() + dt.timedelta(days=29)):
        drafts.purge()
        assert Draft.objects.filter(sent_at__isnull=False).count() == Draft.objects.count() == 2

    Consultation.objects.update(closes_at=timezone.now() + dt.timedelta(days=1))
    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        drafts.purge()
    assert not Draft.objects.exists()
    assert received(page.consultation) == 2


@pytest.mark.parametrize("change", [changes.withdraw, changes.erase])
def test_a_copy_that_waits_for_the_mail_server_is_taken_back_with_the_answers(visitor, path, change):
    answer_all(visitor, path)
    visitor.post(f"{path}done/", {"email": "ada@example.org"})
    assert Message.objects.get().to == "ada@example.org"

    change(Response.objects.get())

    assert not Message.objects.exists()
