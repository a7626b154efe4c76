"""Somebody changes the language in Chromium on each of the three forms: every entry goes along."""

import pytest

from consultation.models import Draft, Idea, Response
from home.models import HomePage
from tests.factories import make_consultation_page, make_themes, translate
from tests.ideas import make_ideas_page
from tests.journeys import Keyboard, Pointer, begin, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HANDS = pytest.mark.parametrize("hands", [Keyboard, Pointer])


@pytest.fixture
def start(new_page, axe):
    """Open an address at the width of a phone."""

    def start(hands, address):
        page = new_page(**window(hands, 320))
        page.goto(address)
        return begin(hands, page, axe, 320)

    return start


def in_three_languages(page):
    for language in ("ga", "pl"):
        translate(HomePage.objects.get(locale__language_code="en"), language, {})
        translate(page, language, {})
    return page


def switch(journey, name):
    journey.go(journey.page.get_by_role("button", name=name, exact=True))


def language(journey):
    return journey.page.locator("html").get_attribute("lang")


def press_enter(journey, label):
    with journey.page.expect_navigation():
        journey.page.get_by_label(label).press("Enter")


@HANDS
def test_a_section(start, hands):
    consultation = in_three_languages(make_consultation_page()).consultation
    journey = start(hands, f"/answer/{consultation.pk}/en/1/")
    journey.hands.choose("By bus")
    journey.go_on()
    number, words = (journey.page.get_by_label(label) for label in ("How old are you?", "What should change?"))
    journey.hands.write("How old are you?", "old")
    journey.hands.write("What should change?", "More trees")

    switch(journey, "Gaeilge")
    assert language(journey) == "ga" and journey.page.locator(".error-summary").is_visible()
    switch(journey, "Polski")

    assert language(journey) == "pl" and journey.page.locator(".error-summary").is_visible()
    assert (number.input_value(), words.input_value()) == ("old", "More trees")
    number.fill("41")
    switch(journey, "English")
    assert (number.input_value(), words.input_value()) == ("41", "More trees")
    assert Draft.objects.get().answers["values"]["3"] == 41
    assert not Response.objects.exists()


@HANDS
def test_enter_in_a_field_goes_on(start, hands):
    consultation = in_three_languages(make_consultation_page()).consultation
    journey = start(hands, f"/answer/{consultation.pk}/en/1/")
    journey.hands.choose("By bus")
    press_enter(journey, "Please say")
    press_enter(journey, "How old are you?")

    assert journey.page.url.endswith("/en/check/")


@HANDS
def test_the_equality_questions(start, hands):
    consultation = in_three_languages(make_consultation_page(ask_equality=True)).consultation
    journey = start(hands, f"/answer/{consultation.pk}/en/1/")
    journey.hands.choose("By bus")
    journey.go_on()
    journey.go_on()
    journey.go(journey.page.get_by_role("button", name="Continue", exact=True))
    journey.hands.choose("35 to 44")

    for name in ("Gaeilge", "Polski"):
        switch(journey, name)

    assert language(journey) == "pl"
    assert journey.page.locator("#about_age-from35").is_checked()
    assert not Response.objects.exists()


@HANDS
def test_an_idea(start, hands):
    make_themes()
    in_three_languages(make_ideas_page())
    journey = start(hands, "/ideas/en/")
    journey.hands.write("Your idea", "More trees")
    journey.hands.choose("Not sure")
    journey.hands.write("E-mail address", "ada")
    journey.go_on()

    for name in ("Gaeilge", "Polski"):
        switch(journey, name)
        assert journey.page.locator(".error-summary").is_visible()

    assert language(journey) == "pl"
    assert journey.page.locator("#idea").input_value() == "More trees"
    assert journey.page.locator("#email").input_value() == "ada"
    assert journey.page.locator("[name=theme][value=unsure]").is_checked()
    assert not Idea.objects.exists()


@HANDS
def test_an_idea_that_was_changed_after_going_back_is_told_from_the_first(start, hands):
    make_ideas_page()
    journey = start(hands, "/ideas/en/")
    journey.hands.write("Your idea", "More trees")
    journey.go_on()
    reference = Idea.objects.get().reference

    journey.page.go_back()
    journey.page.get_by_label("Your idea").fill("More trees and parks")
    journey.go_on()

    assert f"It was received under the reference {reference}" in journey.said
    assert Idea.objects.count() == 1
    journey.go(journey.page.get_by_role("link", name="Back", exact=True))
    journey.go(journey.page.get_by_role("link", name="Share an idea"))
    journey.hands.write("Your idea", "Fewer cars")
    journey.go_on()
    assert Idea.objects.count() == 2
