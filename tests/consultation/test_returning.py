"""Coming back: a link opens what was saved, before it is sent and after; two tabs replace nothing unnoticed."""

import datetime as dt
import html
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from consultation import changes, drafts, receipts
from consultation.models import Consultation, Draft, Message, Response
from consultation.recount import check, recount
from consultation.summary import live_counts
from consultation.views.answering import mailing
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


# Keys and cookies that outlive what they were for


def other_tab(visitor):
    """Another window of the same browser."""
    tab = Client()
    tab.cookies["answering"] = visitor.cookies["answering"].value
    return tab


def test_a_correction_may_take_as_long_as_the_first_answering(visitor, path):
    answer_all(visitor, path)

    begun = visitor.post(f"{path}correct/")

    assert begun.cookies["answering"]["max-age"] == 28 * 24 * 60 * 60
    send(visitor, f"{path}1/", q1="1")
    assert send(visitor, f"{path}check/").cookies["answering"]["max-age"] == 30 * 60


def test_a_correction_goes_on_where_the_cookie_was_lost_midway(visitor, path):
    answer_all(visitor, path)
    visitor.post(f"{path}correct/")
    form = hidden(visitor.get(f"{path}1/"))
    visitor.cookies.clear()

    assert visitor.post(f"{path}1/", form | {"q1": "1"}).status_code == 303
    send(visitor, f"{path}check/")

    assert Response.objects.get(state=Response.State.COUNTED).answers["1"] == 1


@pytest.mark.parametrize("again_correcting", [False, True])
@pytest.mark.parametrize("tab", ["first", "correction"])
def test_an_old_tab_begins_anew_for_the_next_person_after_a_correction(visitor, page, path, tab, again_correcting):
    old = {"first": hidden(visitor.get(f"{path}1/"))}
    visitor.post(f"{path}1/", old["first"] | {"q1": "2"})
    send(visitor, f"{path}check/")
    visitor.post(f"{path}correct/")
    old["correction"] = hidden(visitor.get(f"{path}1/"))
    send(visitor, f"{path}check/")
    if again_correcting:
        visitor.post(f"{path}correct/")
    visitor.post(f"{path}again/")

    assert visitor.post(f"{path}1/", old[tab] | {"q1": "3"}).status_code == 303
    send(visitor, f"{path}check/")

    assert sorted(r.answers["1"] for r in Response.objects.filter(state=Response.State.COUNTED)) == [2, 3]
    assert received(page.consultation) == 2


def test_a_form_whose_draft_is_over_begins_one_that_can_be_opened(visitor, path):
    Consultation.objects.update(closes_at=None)
    send(visitor, f"{path}1/", q1="2")
    with time_machine.travel(timezone.now() + dt.timedelta(days=20)):
        form = hidden(visitor.get(f"{path}2/"))
    visitor.cookies.clear()  # as old as the draft

    with time_machine.travel(timezone.now() + dt.timedelta(days=29)):
        saved = visitor.post(f"{path}2/", form | {"q4": "More trees"})
        assert saved.status_code == 303
        assert "More trees" in visitor.get(f"{path}2/").content.decode()


def test_what_is_answered_after_an_erasure_is_stored_although_the_form_is_the_old_one(visitor, page, path):
    form = hidden(visitor.get(f"{path}1/"))
    visitor.post(f"{path}1/", form | {"q1": "2"})
    send(visitor, f"{path}check/")
    changes.erase(Response.objects.get())

    somebody = Client()
    somebody.post(f"{path}1/", form | {"q1": "1"})
    send(somebody, f"{path}check/")

    assert Response.objects.get(state=Response.State.COUNTED).answers["1"] == 1
    assert received(page.consultation) == 1


def test_a_draft_whose_key_was_erased_is_sent_under_another(visitor, page, path):
    answer_all(Client(), path)
    erased = Response.objects.get()
    changes.erase(erased)
    send(visitor, f"{path}1/", q1="3")
    Draft.objects.update(sends=erased.key)  # as it was begun before the erasure

    refused = send(visitor, f"{path}check/")

    assert "Nothing you wrote is lost" in refused.content.decode()
    assert visitor.post(f"{path}check/", hidden(refused))["Location"] == f"{path}done/"
    assert Response.objects.get(state=Response.State.COUNTED).answers["1"] == 3
    assert received(page.consultation) == 1


# Taking back while something else is under way


def test_no_copy_is_promised_of_what_was_taken_back_meanwhile(visitor, path, monkeypatch):
    answer_all(visitor, path)
    tab, validate = other_tab(visitor), mailing.validate_email

    def slow(typed):
        assert tab.post(f"{path}withdraw/").status_code == 303
        return validate(typed)

    monkeypatch.setattr(mailing, "validate_email", slow)
    shown = visitor.post(f"{path}done/", {"email": "ada@example.org"}, follow=True)

    assert not Message.objects.exists()
    assert "You took your answers back" in shown.content.decode()


def test_a_correction_does_not_begin_with_what_was_taken_back_meanwhile(visitor, path, monkeypatch):
    answer_all(visitor, path)
    tab, reopen = other_tab(visitor), receipts.reopen

    def slow(draft):
        assert tab.post(f"{path}withdraw/").status_code == 303
        reopen(draft)

    monkeypatch.setattr(receipts, "reopen", slow)
    shown = visitor.post(f"{path}correct/", follow=True)

    assert Draft.objects.get().answers == {}
    assert "You took your answers back" in shown.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_is_not_taken_back_while_it_is_copied(visitor, path):
    answer_all(visitor, path)
    draft = Draft.objects.get()

    def withdraw():
        try:
            receipts.withdraw(draft)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with receipts.standing(draft) as stored:
            waiting = pool.submit(withdraw)
            time.sleep(0.5)
            assert not waiting.done()
            assert receipts.answers(stored).values[1] == 2
        waiting.result()
    assert Response.objects.get().state == Response.State.WITHDRAWN


# What the pages say


@pytest.mark.parametrize("step", ["", "done/", "receipt/"])
def test_after_taking_back_no_page_says_that_the_answers_count_and_one_can_answer_again(visitor, path, step):
    answer_all(visitor, path)
    visitor.post(f"{path}withdraw/")

    shown = visitor.get(path + step, follow=True).content.decode()

    assert re.search(r"<h1>\s*You took your answers back\s*</h1>", shown)
    for text in ("were received", "Your reference", "What you sent</h1>", "The link keeps working"):
        assert text not in shown
    assert f'action="{path}again/"' in shown
    visitor.post(f"{path}again/")
    answer_all(visitor, path)
    assert Response.objects.filter(state=Response.State.COUNTED).count() == 1


def test_what_was_taken_back_is_not_answered_again_after_the_closing(visitor, path):
    answer_all(visitor, path)
    visitor.post(f"{path}withdraw/")
    Consultation.objects.update(closes_at=timezone.now())

    assert "Answer again" not in visitor.get(f"{path}done/").content.decode()


def test_a_correction_is_confirmed_as_a_correction(visitor, path):
    answer_all(visitor, path)
    assert "Your corrections were received" not in visitor.get(f"{path}done/").content.decode()
    visitor.post(f"{path}correct/")
    send(visitor, f"{path}1/", q1="1")

    assert "Your corrections were received" not in visitor.get(f"{path}done/").content.decode()
    send(visitor, f"{path}check/")

    shown = visitor.get(f"{path}done/").content.decode()
    assert "Your corrections were received" in shown
    assert "Your answers were received" not in shown


def test_the_confirmation_promises_nothing_that_is_past_after_the_closing(visitor, path):
    answer_all(visitor, path)
    Consultation.objects.update(closes_at=timezone.now(), outcome_on=timezone.localdate())

    shown = visitor.get(f"{path}done/").content.decode()

    for text in ("is open until", "lets you change it", "take back"):
        assert text not in shown
    assert "Every answer is read and counted" in shown
    assert link(visitor.get(f"{path}done/"))


def test_each_page_on_what_is_sent_names_the_consultation(visitor, page, path):
    def names(step):
        main = visitor.get(path + step).content.decode().split("<main")[1]
        return page.title in main.split("<h1>")[0]

    send(visitor, f"{path}1/", q1="2")
    assert names("check/")
    send(visitor, f"{path}check/")
    assert names("done/")
    assert names("receipt/")


@pytest.mark.parametrize("typed", [{"q3": "41"}, {"q3": "41", "q4": "More trees"}, {}])
def test_saving_for_later_brings_people_back_to_the_section_where_they_stopped(visitor, path, typed):
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}2/", q3="40", q4="Benches")
    send(visitor, f"{path}1/", q1="2", then="later")
    saved = send(visitor, f"{path}2/", then="later", **typed)

    browser, shown = elsewhere(link(visitor.get(saved["Location"])))

    assert shown.request["PATH_INFO"] == f"{path}2/"
    send(browser, f"{path}2/", q3="41")
    assert browser.get(path)["Location"] == f"{path}check/"
