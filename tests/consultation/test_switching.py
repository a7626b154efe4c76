"""Somebody changes the language midway: what is on the page goes with them, saved or not, and nothing is sent."""

import html

import pytest

from consultation.models import Consultation, Draft, EqualityAnswers, Response
from home.models import HomePage
from tests.consultation.test_answering import hidden, send
from tests.consultation.test_equality import checked
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(at_once):
    page = make_consultation_page(ask_equality=True)
    for language in ("ga", "pl"):
        translate(HomePage.objects.get(locale__language_code="en"), language, {})
        translate(page, language, {"Green places": f"Green places ({language})"})
    return page


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def into(address, language="pl"):
    return address.replace("/en/", f"/{language}/")


def switch(client, address, language="pl", **fields):
    """Press the button of another language on the page at an address, filled in."""
    return client.post(into(address, language), hidden(client.get(address)) | fields | {"switch": "1"})


def text(page):
    return html.unescape(page.content.decode())


def test_a_form_has_buttons_and_a_page_without_one_has_links(visitor, path):
    form = text(visitor.get(f"{path}1/"))
    send(visitor, f"{path}1/", q1="2")

    assert f'formaction="{into(path)}1/"' in form and f'href="{into(path)}1/"' not in form
    assert f'href="{into(path)}check/"' in text(visitor.get(f"{path}check/"))


def test_a_section_is_saved_and_shown_in_the_other_language(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    switched = switch(visitor, f"{path}2/", q3="41", q4="More trees")

    assert (switched.status_code, switched["Location"]) == (303, f"{into(path)}2/")
    shown = text(visitor.get(switched["Location"]))
    assert "Green places (pl)" in shown and 'value="41"' in shown and "More trees</textarea>" in shown


def test_what_is_missing_is_no_error_yet(visitor, path):
    switched = switch(visitor, f"{path}1/", q2=["1"])

    assert switched.status_code == 303
    assert Draft.objects.get().answers["values"] == {"2": [1]}


def test_a_form_that_says_nothing_new_saves_nothing(visitor, path):
    assert switch(visitor, f"{path}1/")["Location"] == f"{into(path)}1/"
    assert not visitor.cookies and not Draft.objects.exists()

    send(visitor, f"{path}1/", q1="2")
    before = Draft.objects.get().revision
    assert switch(visitor, f"{path}2/").status_code == 303
    assert Draft.objects.get().revision == before and "3" not in Draft.objects.get().answers["values"]


def test_what_was_emptied_is_emptied(visitor, path):
    send(visitor, f"{path}1/", q1="2", q2=["1"])
    switch(visitor, f"{path}1/", q1="2")

    assert Draft.objects.get().answers["values"] == {"1": 2, "2": None}


def test_with_an_error_the_page_is_shown_with_it_and_every_entry(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    shown = switch(visitor, f"{path}2/", language="ga", q3="old", q4="More trees")
    again = visitor.post(f"{into(path)}2/", hidden(shown) | {"q3": "old", "q4": "More trees", "switch": "1"})

    for page, language in ((shown, "ga"), (again, "pl")):
        assert page.status_code == 200 and f"Green places ({language})" in text(page)
        assert 'href="#q3"' in text(page)
        assert 'value="old"' in text(page) and "More trees</textarea>" in text(page)
    assert "Wpisz liczbę" in text(again) or "wpisz liczbę" in text(again)
    assert "3" not in Draft.objects.get().answers["values"]


def test_a_form_that_is_too_old_is_shown_with_its_entries(visitor, path):
    form = hidden(visitor.get(f"{path}1/")) | {"token": "", "q1": "2", "switch": "1"}
    shown = visitor.post(f"{into(path)}1/", form)

    assert shown.status_code == 200 and 'value="2"' in text(shown)
    assert not Draft.objects.exists() and hidden(shown)["token"]


def test_on_the_way_back_to_the_check_page_it_stays_the_way_back(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    switched = switch(visitor, f"{path}2/?return=check", q3="41")

    assert switched["Location"] == f"{into(path)}2/?return=check"


def test_another_tab_is_noticed(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    old = hidden(visitor.get(f"{path}2/"))
    send(visitor, f"{path}2/", q3="41")

    both = visitor.post(f"{into(path)}2/", old | {"q3": "14", "switch": "1"})

    assert both.status_code == 409
    assert 'value="14"' in text(both) and "41" in text(both)
    assert Draft.objects.get().answers["values"]["3"] == 41

    still_both = visitor.post(f"{into(path, 'ga')}2/", hidden(both) | {"q3": "14", "switch": "1"})
    assert still_both.status_code == 409 and 'value="14"' in text(still_both)
    assert Draft.objects.get().answers["values"]["3"] == 41

    visitor.post(f"{into(path, 'ga')}2/", hidden(still_both) | {"q3": "14"})
    assert Draft.objects.get().answers["values"]["3"] == 14


def test_what_was_sent_or_can_not_be_taken_is_said_in_the_other_language(visitor, path):
    checked(visitor, path)
    form = hidden(visitor.get(f"{path}2/")) | {"q4": "More trees", "switch": "1"}
    Consultation.objects.update(halt="paused")

    refused = visitor.post(f"{into(path)}2/", form)

    assert refused.status_code == 409 and refused["Content-Language"] == "pl"
    assert "More trees" in text(refused)


def test_equality_answers_are_shown_again_and_stored_nowhere(visitor, path):
    shown = checked(visitor, path)
    said = {"about_age": "from35", "switch": "1"}
    switched = visitor.post(f"{into(path)}equality/", hidden(shown) | said)

    assert switched.status_code == 200 and 'lang="pl"' in text(switched)
    assert text(switched).count("checked") == 1
    assert not Response.objects.exists() and not EqualityAnswers.objects.exists()

    visitor.post(f"{into(path)}equality/", hidden(switched) | {"about_age": "from35"})
    assert EqualityAnswers.objects.get().answers == {"age": "from35"}


def test_equality_questions_that_nobody_answered_are_asked_at_an_address(visitor, path):
    shown = checked(visitor, path)
    switched = visitor.post(f"{into(path)}equality/", hidden(shown) | {"switch": "1"})

    assert switched.status_code == 303
    assert "about_age" in text(visitor.get(switched["Location"]))


def test_switching_does_not_let_through_what_changed_since_the_check(visitor, path):
    shown = checked(visitor, path)
    send(visitor, f"{path}2/", q4="Fewer cars")
    switched = visitor.post(f"{into(path)}equality/", hidden(shown) | {"about_age": "from35", "switch": "1"})

    assert "Fewer cars" in text(switched)
    assert hidden(switched)["about_age"] == "from35"
