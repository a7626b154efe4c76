"""Somebody is interrupted, comes back in another browser, sends, corrects and takes back: on a phone's width.

Once with a keyboard alone, where every state is held to the rules of accessibility, and once without JavaScript.
"""

import pytest

from consultation.models import Draft, Response
from tests.factories import make_consultation_page
from tests.journeys import Keyboard, Pointer, begin, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH = 320
HANDS = pytest.mark.parametrize("hands", [Keyboard, Pointer])


@pytest.fixture
def start(new_page, axe):
    """Open an address in a browser that knows nothing, and report what its console says about the policy."""

    def start(hands, address):
        page = new_page(**window(hands, WIDTH))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(address)
        return begin(hands, page, axe, WIDTH)

    complaints = []
    yield start
    assert not [text for text in complaints if "Content Security Policy" in text]


def button(journey, name):
    return journey.page.get_by_role("button", name=name, exact=True)


def link(journey):
    return journey.page.locator(".link-to-keep a").inner_text()


def interrupted(start, hands):
    """Save the first section and take the link along."""
    journey = start(hands, make_consultation_page().url)
    journey.go(journey.page.locator("a.button--start"))
    journey.hands.choose("By bus")
    journey.go(button(journey, "Save and come back later"))
    return link(journey)


def comes_back_and_sends(start, hands, address):
    journey = start(hands, address)
    journey.look(journey.page)
    journey.go(button(journey, "Open my answers"))
    assert journey.heading == "Getting about"
    journey.go_on()
    assert journey.heading == "Green places"
    journey.hands.write("What should change?", "More trees")
    journey.go_on()
    assert "By bus" in journey.said
    journey.go(button(journey, "Send my answers"))
    return journey


@HANDS
def test_who_is_interrupted_comes_back_elsewhere_and_sends(start, hands):
    address = interrupted(start, hands)
    journey = comes_back_and_sends(start, hands, address)

    stored = Response.objects.get()
    assert stored.reference in journey.said
    assert (stored.answers["1"], stored.words.get().text) == (2, "More trees")
    assert link(journey) == address


@HANDS
def test_what_was_sent_is_corrected_with_the_link_and_then_taken_back(start, hands):
    address = interrupted(start, hands)
    comes_back_and_sends(start, hands, address)

    journey = start(hands, address)
    journey.go(button(journey, "Open my answers"))
    assert "More trees" in journey.said
    journey.go(button(journey, "Correct my answers"))
    journey.change("How do you mostly travel?")
    journey.hands.choose("On foot")
    journey.go_on()
    journey.go(button(journey, "Send my corrections"))
    assert Response.objects.get(state=Response.State.COUNTED).answers["1"] == 1
    journey.go(journey.page.get_by_role("link", name="See or print a copy of your answers"))
    journey.go(journey.page.get_by_role("link", name="Take back my answers"))
    journey.go(button(journey, "Take back my answers"))

    assert "You took your answers back" in journey.said
    assert not Response.objects.filter(state=Response.State.COUNTED).exists()


@HANDS
def test_a_second_tab_shows_what_the_first_has_saved_and_asks(start, hands, axe):
    journey = start(hands, make_consultation_page().url)
    journey.go(journey.page.locator("a.button--start"))
    journey.hands.choose("By bus")
    journey.go_on()
    second = begin(hands, journey.page.context.new_page(), axe, WIDTH)
    second.page.goto(journey.page.url)
    journey.hands.write("What should change?", "Said first")
    journey.go_on()

    second.hands.write("What should change?", "Said second")
    second.go_on()

    assert "You saved other answers meanwhile" in second.said
    assert "Said first" in second.said
    assert second.page.get_by_label("What should change?").input_value() == "Said second"
    assert Draft.objects.get().answers["words"] == {"4.0": "Said first"}
    second.go_on()
    assert Draft.objects.get().answers["words"] == {"4.0": "Said second"}


def test_on_paper_the_receipt_is_light_and_prints_no_address_that_is_not_whole(start):
    journey = comes_back_and_sends(start, Pointer, interrupted(start, Pointer))
    journey.go(journey.page.get_by_role("link", name="See or print a copy of your answers"))

    journey.page.emulate_media(media="print", color_scheme="dark")
    ink, printed, lines = journey.page.evaluate(
        """() => {
        const reference = document.querySelector(".reference")
        reference.parentElement.style.width = "6em"
        return [
            getComputedStyle(document.documentElement).getPropertyValue("--ink-1"),
            [...document.querySelectorAll("main a")].map(a => getComputedStyle(a, "::after").content),
            reference.getClientRects().length,
        ]}"""
    )

    assert ink.strip() == "#7b2358"
    assert not [text for text in printed if "attr(" in text or "/" in text]
    assert lines == 1
