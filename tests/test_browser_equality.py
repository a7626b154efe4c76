"""Somebody is asked the equality questions in Chromium: by keyboard, and by pointer without JavaScript."""

import pytest

from consultation import equality_figures
from consultation.models import EqualityAnswers, Response
from tests.consultation.test_apart import submit
from tests.factories import make_consultation_page
from tests.journeys import Keyboard, Pointer, begin, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = pytest.mark.parametrize(("hands", "width"), [(Keyboard, 320), (Keyboard, 1280), (Pointer, 320)])


@pytest.fixture
def start(new_page, axe):
    """Answer everything in a new browser, up to the equality questions, and report what broke the policy."""

    def start(hands, width, **fields):
        page = new_page(**window(hands, width))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(make_consultation_page(**fields).url)
        journey = begin(hands, page, axe, width)
        journey.go(page.locator("a.button--start"))
        journey.hands.choose("By bus")
        journey.go_on()
        journey.go_on()
        journey.go(button(journey, "Continue"))
        return journey

    complaints = []
    yield start
    assert not [text for text in complaints if "Content Security Policy" in text]


def button(journey, name):
    return journey.page.get_by_role("button", name=name, exact=True)


@WAYS
def test_some_are_answered_and_sent(start, hands, width):
    journey = start(hands, width, ask_equality=True, political_basis="Article 9(2)(j)")
    assert journey.heading == "A few questions about you"

    journey.hands.choose("35 to 44")
    journey.hands.choose("Nationalist")
    journey.go(button(journey, "Send my answers"))

    assert Response.objects.get().reference in journey.said
    assert EqualityAnswers.objects.get().answers == {"age": "from35", "politics": "nationalist"}


@WAYS
def test_none_are_answered(start, hands, width):
    journey = start(hands, width, ask_equality=True)

    journey.go(button(journey, "Send without answering these"))

    assert Response.objects.get().reference in journey.said
    assert not EqualityAnswers.objects.exists()


def test_what_changed_in_another_tab_is_checked_once_more_and_what_was_chosen_is_still_there(start, axe):
    journey = start(Pointer, 320, ask_equality=True)
    other = begin(Pointer, journey.page.context.new_page(), axe, 320)
    other.page.goto(journey.page.url.split("equality/")[0] + "2/")
    other.hands.write("What should change?", "More trees")
    other.go_on()

    journey.hands.choose("35 to 44")
    journey.go(button(journey, "Send my answers"))
    assert "Please check your answers once more" in journey.said
    journey.go(button(journey, "Continue"))
    assert journey.page.get_by_role("radio", name="35 to 44").is_checked()
    journey.go(button(journey, "Send my answers"))

    assert Response.objects.get().words.get().text == "More trees"
    assert EqualityAnswers.objects.get().answers == {"age": "from35"}


@pytest.mark.parametrize("width", [320, 1280])
def test_officers_read_the_figures(new_page, axe, officer, width):
    consultation = make_consultation_page(ask_equality=True).consultation
    for age, n in {"from18": 13, "from25": 22, "from35": 3, "from45": 6}.items():
        for _ in range(n):
            submit(consultation, {"age": age, "trans": "no"})
    equality_figures.pin(consultation)

    page = new_page(officer, viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(f"/admin/consultations/{consultation.pk}/#equality")

    assert page.get_by_role("heading", name="Equality questions").is_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    axe(page, context="#equality")
