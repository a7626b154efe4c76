"""The field that nobody meets, and the officers' page of held responses, in Chromium."""

import uuid

import pytest

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Decision, Reason, Response
from tests.factories import make_consultation, make_consultation_page
from tests.journeys import Keyboard, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 1280)


def overflows(page, part="html"):
    return page.locator(part).evaluate("part => part.scrollWidth > part.clientWidth")


def stops(page):
    """The names of everything that Tab gets to, once around the page."""
    found = []
    for _ in range(100):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        if found and name == found[0]:
            return found
        found.append(name)
    raise AssertionError("Tab goes on for ever")


@pytest.mark.parametrize("width", WIDTHS)
def test_nobody_meets_the_field_that_is_to_be_left_empty(new_page, axe, width):
    consultation = make_consultation_page().consultation
    page = new_page(**window(Keyboard, width))
    page.goto(f"/answer/{consultation.pk}/en/1/")

    def look():
        field = page.locator("[name=website]")
        assert field.count() == 1
        box = field.locator("..").bounding_box()
        assert (box["width"], box["height"]) == (1, 1)
        assert "Leave this empty" not in page.locator("body").aria_snapshot()
        assert page.get_by_role("textbox", name="Leave this empty").count() == 0
        assert not overflows(page)
        axe(page)

    look()
    assert {"q1", "q2"} <= {*stops(page)} - {"website"} == {*stops(page)}
    page.get_by_label("By bus").check()
    for _ in range(2):
        page.locator("main form .button").first.click()
        page.wait_for_load_state()
    look()
    assert "website" not in stops(page)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_role("heading", name="Your answers were received").wait_for()
    assert Response.objects.get().state == "counted"


@pytest.fixture
def held():
    consultation = make_consultation()
    words = "A word that does not end" + "x" * 200 + " and one from right to left: שלום"
    given = Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): words})
    asked = given.asked_by(instrument.current(consultation, "en"))
    reasons = [Reason.TRAP, Reason.PACE]
    return [
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, asked, reasons=reasons)
        for _ in range(30)
    ]


def test_an_officer_decides_by_keyboard_on_an_accessible_page_of_any_width(held, new_page, axe, officer):
    page = new_page(user=officer, bypass_csp=True)
    address = f"/admin/consultations/{held[0].consultation_id}/held/"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for part in ("", "?p=2", "?state=rejected"):
            page.goto(address + part)
            assert not overflows(page), (part, width)
            assert not overflows(page, ".officers"), (part, width)
            axe(page, context="#main")

    page.goto(address)
    page.get_by_label(held[1].reference).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Reject", exact=True).last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_text("1 response was rejected.").is_visible()
    assert [Response.objects.get(pk=row.pk).state for row in held[:2]] == ["held", "rejected"]
    assert Decision.objects.get().name == "officer"
    axe(page, context={"include": ["#main"], "exclude": [".messages"]})  # Wagtail's own fades in
    page.get_by_role("link", name="Rejected: 1").click()
    page.get_by_label(held[1].reference).wait_for()
    axe(page, context="#main")
