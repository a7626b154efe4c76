"""Officers code in Chromium: by keyboard alone, and on accessible pages of any width."""

import pytest

from consultation import coding
from consultation.models import Code, CodedText
from tests.coding import codes_of, make_frame, place, write
from tests.factories import make_consultation
from tests.test_browser_responses import overflows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 1280)
LONG = "A word that does not end" + "x" * 200 + " and one from right to left: שלום"


@pytest.fixture
def frame(officer):
    consultation = make_consultation()
    made = make_frame(consultation, second_share=100)
    codes = codes_of(made)
    Code.objects.filter(pk=codes[0].pk).update(description="Routes, times, fares.", parent=codes[1])
    return made


@pytest.fixture
def quarrel(frame, officer, django_user_model):
    """A text that two have coded, and one that nobody has."""
    codes = codes_of(frame)
    response = write(frame.consultation, LONG)
    coding.read(frame, place(response), [codes[0].pk], officer)
    coding.read(frame, place(response), [codes[1].pk], django_user_model.objects.create_user("second"))
    write(frame.consultation)
    return response


def test_every_page_of_coding_is_accessible_and_as_narrow_as_its_screen(frame, quarrel, new_page, axe, officer):
    page = new_page(user=officer, bypass_csp=True)
    root = f"/admin/consultations/{frame.consultation_id}/"
    own = f"{root}coding/{frame.pk}/"
    at = place(quarrel)
    parts = [f"{root}coding/", own, f"{own}edit/", f"{own}codes/{codes_of(frame)[0].pk}/", f"{own}text/?at={at}"]
    parts += [f"{own}texts/", f"{own}agreement/", f"{own}decide/{quarrel.pk}/5/0/", f"{own}text/?words=zzz", root]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for part in parts:
            page.goto(part)
            assert not overflows(page), (part, width)
            assert not overflows(page, ".officers"), (part, width)
            axe(page, context="#main")


def test_five_texts_are_coded_with_eleven_keystrokes(frame, new_page, officer):
    responses = [write(frame.consultation, f"Text {n}") for n in range(5)]
    page = new_page(user=officer)
    page.goto(f"/admin/consultations/{frame.consultation_id}/coding/{frame.pk}/text/")
    pressed = 0

    def press(keys):
        nonlocal pressed
        for key in keys:
            pressed += 1
            if key == "Enter":
                with page.expect_navigation():
                    page.keyboard.press(key)
            else:
                page.keyboard.press(key)

    press(["1", "Enter"])
    press(["1", "2", "Enter"])
    assert page.get_by_text("2 of 5 texts read").is_visible()
    press(["Enter"])
    press(["3", "Enter"])
    press(["2", "3", "Enter"])

    assert pressed == 11
    assert page.get_by_text("Nothing is left to read here.").is_visible()
    found = [
        sorted(row.code.name for row in CodedText.objects.get(response=response).codes.all()) for response in responses
    ]
    assert found == [["Buses"], ["Buses", "Trees"], [], ["Litter"], ["Litter", "Trees"]]


def test_the_keyboard_finds_codes_makes_new_ones_and_goes_to_and_fro(frame, new_page, officer):
    first, last = write(frame.consultation, "First"), write(frame.consultation, "Last")
    page = new_page(user=officer)
    page.goto(f"/admin/consultations/{frame.consultation_id}/coding/{frame.pk}/text/")

    page.keyboard.press("/")
    page.keyboard.type("lit")
    assert not page.get_by_label("Trees").is_visible()
    page.keyboard.press("Enter")
    assert page.get_by_role("checkbox", name="Litter").is_checked()
    assert page.get_by_role("status").get_by_text("Litter: ticked").count() == 1
    page.keyboard.press("n")
    page.keyboard.type("Benches 1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Last", exact=True).is_visible()
    with page.expect_navigation():
        page.keyboard.press("ArrowLeft")

    assert page.get_by_text("First", exact=True).is_visible()
    assert page.get_by_role("checkbox", name="Benches 1").is_checked()
    assert not page.get_by_role("checkbox", name="Buses").is_checked()
    assert coding.counting([place(first), place(last)]).keys() == {place(first)}


def test_single_keys_can_be_turned_off(frame, new_page, officer):
    write(frame.consultation)
    page = new_page(user=officer)
    page.goto(f"/admin/consultations/{frame.consultation_id}/coding/{frame.pk}/text/")

    page.get_by_label("Use single keys").uncheck()
    page.reload()
    page.keyboard.press("1")

    assert not page.get_by_label("Use single keys").is_checked()
    assert not page.get_by_role("checkbox", name="Buses").is_checked()


def test_without_javascript_codes_are_ticked_and_sent_by_hand(frame, new_page, officer):
    response = write(frame.consultation)
    page = new_page(user=officer, java_script_enabled=False)
    page.goto(f"/admin/consultations/{frame.consultation_id}/coding/{frame.pk}/text/")

    assert not page.get_by_text("Use single keys").count()
    page.get_by_role("checkbox", name="Litter").check()
    page.get_by_role("button", name="Save and go on").click()

    assert page.get_by_text("Nothing is left to read here.").is_visible()
    assert [row.code.name for row in CodedText.objects.get(response=response).codes.all()] == ["Litter"]
