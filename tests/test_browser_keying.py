"""Officers key in paper in Chromium: by keyboard alone, on accessible pages of any width, without JavaScript, too."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from consultation import batches, instrument
from consultation.answers import Answers
from consultation.models import Batch, Channel, Consultation, Entry, Response
from tests.factories import make_consultation
from tests.test_browser_responses import overflows, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 768, 1280)
SHEETS = [  # what is typed into each field, in the order of the page; None where the field is passed over
    ["1", "2", "34", "North Park", "More trees"],
    ["3", "by boat", "12", "41", "", "Fewer cars"],
    ["2", "", "", "", ""],
]


@pytest.fixture
def batch(officer):
    consultation = make_consultation()
    Consultation.objects.update(ask_equality=False)
    known = {"source": Batch.Source.KEYED, "channel": Channel.PAPER, "language": "en", "name": "Library, box 3"}
    known |= {"version": consultation.version, "operator": "officer", "checked_twice": True}
    return Batch.objects.create(consultation=consultation, received_on=timezone.localdate(), **known)


@pytest.fixture
def colleague(django_user_model):
    user = django_user_model.objects.create_user("colleague")
    user.groups.add(Group.objects.get(name="Officers (personal data)"))
    return user


class Name(str):
    """Whoever is called so."""

    def get_username(self):
        return str(self)


def place(batch, step=""):
    return f"/admin/consultations/{batch.consultation_id}/batches/{batch.pk}/{step}"


def ready(page, name="q1"):
    """Wait until the first field has the focus: a browser gives it with the first frame that it draws."""
    page.wait_for_function("name => document.activeElement.id === name", arg=name)


def add(batch, given):
    asked = instrument.current(batch.consultation, "en")
    return batches.add(batch, uuid.uuid4(), given.asked_by(asked), Name("officer"))


def test_three_sheets_are_keyed_in_by_keyboard_alone_and_hardly_a_key_is_lost(batch, new_page, officer):
    page = new_page(user=officer, viewport={"width": 1280, "height": 900})
    page.goto(place(batch, "key/"))
    strokes = needed = 0

    for number, typed in enumerate(SHEETS, 1):
        assert page.get_by_role("heading", name=f"Sheet {number}", exact=True).is_visible()
        ready(page)
        for text in typed:
            page.keyboard.type(text)
            strokes += len(text)
            needed += len(text)
            key = "Tab" if page.evaluate("document.activeElement.tagName") == "TEXTAREA" else "Enter"
            page.keyboard.press(key)
            strokes += 1
        while page.evaluate("document.activeElement.tagName") != "BUTTON":
            page.keyboard.press("Tab")
            strokes += 1
        with page.expect_navigation():
            page.keyboard.press("Enter")
        strokes += 1
        saved = Response.objects.get(entry__number=number)
        assert page.get_by_text(f"Sheet {number} was saved as {saved.reference}.").is_visible()

    stored = list(Response.objects.order_by("entry__number").values_list("answers", flat=True))
    assert stored == [
        {"1": 1, "2": [2], "3": 34, "4": True, "5": True},
        {"1": 3, "2": [1, 2], "3": 41, "4": None, "5": True},
        {"1": 2, "2": None, "3": None, "4": None, "5": None},
    ]
    # One key more for each field, which goes on, and one for each sheet, which saves it.
    fields = sum(map(len, SHEETS))
    assert strokes - needed == fields + len(SHEETS), (strokes, needed, fields)


def test_a_sheet_is_saved_from_anywhere_with_control_and_enter(batch, new_page, officer):
    page = new_page(user=officer)
    page.goto(place(batch, "key/"))
    ready(page)
    page.keyboard.type("2")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert page.get_by_text("Sheet 1 was saved as").is_visible()
    assert Response.objects.get().answers["1"] == 2


def test_an_error_has_the_focus_and_is_put_right_by_keyboard(batch, new_page, officer):
    page = new_page(user=officer)
    page.goto(place(batch, "key/"))
    ready(page)
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.keyboard.type("9")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    ready(page, "q2")
    assert page.get_by_role("alert").get_by_text("“9” is the number of no option here. Type 1 to 5.").is_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Response.objects.get().answers["2"] == [5]


def test_a_sheet_is_keyed_in_without_javascript(batch, new_page, officer):
    page = new_page(user=officer, java_script_enabled=False)
    page.goto(place(batch, "key/"))
    assert page.get_by_text("Tab goes on to the next question, Enter saves.").is_visible()
    page.locator("#q1").fill("3")
    page.locator("#q1-other").fill("by boat")
    page.locator("#q3").fill("41")
    with page.expect_navigation():
        page.locator("#q3").press("Enter")

    assert Entry.objects.get().number == 1
    assert Response.objects.get().words.get().text == "by boat"


def test_every_page_is_accessible_and_as_narrow_as_its_screen(batch, new_page, axe, officer, colleague):
    add(batch, Answers({1: 3, 2: [1, 2], 5: True}, {(1, 3): "by boat" + "x" * 60, (5, 0): "More trees" + "x" * 200}))
    other = add(batch, Answers({1: 2, 5: True}, {(5, 0): "w" * 200}))
    add(batch, Answers({1: 2}))
    batches.key_again(other, Answers({1: 1, 5: True}, {(5, 0): "v" * 200}), Name("colleague"))
    page = new_page(user=colleague, bypass_csp=True)
    root = f"/admin/consultations/{batch.consultation_id}/batches/"
    parts = [
        root,
        f"{root}new/",
        place(batch),
        *(place(batch, s) for s in ("key/", "1/", "1/check/", "2/settle/", "undo/")),
    ]

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for part in parts:
            page.goto(part)
            assert page.url.endswith(part)
            assert not overflows(page), (part, width)
            assert not overflows(page, ".officers"), (part, width)
            axe(page, context="#main")
        page.goto(place(batch, "key/"))
        page.locator("#q1").fill("9")
        page.locator("#q3").fill("many")
        with page.expect_navigation():
            page.locator("[data-keying-save]").click()
        assert not overflows(page, ".officers"), width
        axe(page, context="#main")


def test_a_second_check_is_keyed_and_decided_by_keyboard_alone(batch, new_page, colleague):
    add(batch, Answers({1: 1, 3: 41}))
    page = new_page(user=colleague, viewport={"width": 1280, "height": 900})
    page.goto(place(batch))
    tab_to(page, "Check the next (1)")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ready(page)
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("41")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert page.get_by_role("heading", name="Decide about sheet 1").is_visible()
    page.wait_for_function("document.activeElement.type === 'radio'")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Save and check the next", "button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Sheet 1 is checked.").is_visible()
    assert Entry.objects.get().response.answers["1"] == 2
