"""Somebody answers a questionnaire with routing, changes their mind and their language, and sends it.

Once with a keyboard alone, where every state is held to the rules of accessibility, and once without JavaScript.
"""

import pytest

from consultation.models import AnswerWords, Response
from home.models import ConsultationPage
from tests.conftest import ROOT
from tests.factories import open_package
from tests.journeys import Keyboard, Pointer, begin, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOUCH, WRONG = "Being in touch", "What went wrong"


@pytest.fixture
def consultation(transactional_db):
    """The survey of an area, in English and Irish: whoever was in touch with the council is asked how it went."""
    return open_package(ROOT / "tests" / "data" / "area-survey", ["ga"], "--create-themes")


@pytest.fixture
def start(consultation, new_page, axe):
    """Start a journey on the consultation's page."""

    def start(hands, width):
        page = new_page(**window(hands, width))
        page.goto(ConsultationPage.objects.get(translation_key=consultation.key, locale__language_code="en").url)
        return begin(hands, page, axe, width)

    return start


def answer_without_being_in_touch(journey):
    """Up to the check page, past the sections for those who were in touch."""
    journey.go(journey.page.locator("a.button--start"))
    journey.hands.choose("A village")
    journey.go_on()
    journey.hands.choose("Parks and green space Good")
    journey.hands.choose("No")
    journey.go_on()
    assert journey.heading == "How things are"
    journey.go_on()
    journey.hands.select("First choice", "Room for nature")
    journey.hands.write("If you could change one thing", "A bench by the river")
    journey.go_on()


def change_to_have_been_in_touch(journey):
    """The section comes after all; going back from it leaves it unanswered, which is said when it is sent."""
    journey.change("Have you been in touch")
    journey.hands.choose("Yes")
    journey.go_on()
    assert journey.heading == TOUCH
    journey.go(journey.page.get_by_role("link", name="Back"))
    assert TOUCH in journey.said and WRONG not in journey.said
    journey.go(journey.page.get_by_role("button", name="Send my answers"))
    assert journey.page.title().strip().startswith("Error:")
    journey.go(journey.page.get_by_role("link", name="Choose an answer to “Did it help?”."))
    assert journey.heading == TOUCH


def answer_and_take_it_back(journey):
    """What was written in a section that is no longer reached is not said on the check page."""
    journey.hands.choose("Not at all")
    journey.go_on()
    assert journey.heading == WRONG
    journey.hands.write("What should have gone better?", "Nobody rang back")
    journey.go_on()
    assert "Nobody rang back" in journey.said
    journey.change("Did it help?")
    journey.hands.choose("Fully")
    journey.go_on()
    assert "Nobody rang back" not in journey.said and WRONG not in journey.said


def send_in_irish(journey):
    journey.go(journey.page.get_by_role("link", name="Gaeilge"))
    assert "Sráidbhaile" in journey.said and "1. Spás don dúlra" in journey.said
    journey.go(journey.page.get_by_role("button", name="Seol mo chuid freagraí"))


@pytest.mark.parametrize(("hands", "width"), [(Keyboard, 320), (Pointer, 1280)])
def test_a_mind_changed_twice_sends_what_was_reached_and_nothing_else(start, consultation, hands, width):
    journey = start(hands, width)

    answer_without_being_in_touch(journey)
    assert journey.heading == "Check your answers"
    assert TOUCH not in journey.said and WRONG not in journey.said
    change_to_have_been_in_touch(journey)
    answer_and_take_it_back(journey)
    send_in_irish(journey)

    stored = Response.objects.latest("pk")
    numbers = dict(consultation.questions.values_list("key", "number"))
    values = {key: stored.answers.get(str(number), "not asked") for key, number in numbers.items()}
    assert stored.reference in journey.said
    assert stored.language == "ga"
    assert (values["part"], values["parks"], values["contact"], values["helped"]) == (3, 3, 1, 4)
    assert (values["first"], values["when"], values["wrong"]) == ([6], None, "not asked")
    assert list(AnswerWords.objects.filter(response=stored).values_list("text", flat=True)) == ["A bench by the river"]
