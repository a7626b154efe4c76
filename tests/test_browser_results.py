"""Results in Chromium: an officer publishes by keyboard; the public page is accessible at any width, and prints."""

import pytest

from tests.consultation.test_results import late, make_closed, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 768, 1280)


@pytest.fixture
def consultation(db):
    return make_closed().consultation


def overflows(page):
    return page.locator("html").evaluate("part => part.scrollWidth > part.clientWidth")


def press(page, name):
    """Go on with Tab to a button and press Enter."""
    target = page.get_by_role("button", name=name, exact=True).first
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("target => target === document.activeElement"):
            break
    else:
        raise AssertionError(f"Tab does not get to {name}")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_an_officer_publishes_by_keyboard_without_javascript(consultation, officer, new_page):
    page = new_page(officer, java_script_enabled=False)
    page.goto(f"/admin/consultations/{consultation.pk}/results/publish/")

    press(page, "Look at the page")
    assert page.get_by_text("This is what everybody would see").is_visible()
    press(page, "Publish these results")

    assert page.get_by_role("heading", name="Version 1").is_visible()
    page.goto(f"/results/{consultation.pk}/en/")
    assert page.get_by_role("heading", level=1, name="The town’s plan").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_public_pages_are_accessible_at_any_width(consultation, new_page, axe, scheme):
    publish(consultation)
    late(consultation, 30)
    version = publish(consultation)
    page = new_page(bypass_csp=True, color_scheme=scheme)

    for number in (1, version.number):
        page.goto(f"/results/{consultation.pk}/en/{number}/")
        axe(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert not overflows(page), width
    page.emulate_media(media="print")
    assert not page.locator(".contents").is_visible() and page.locator("#source").is_visible()


def test_the_officers_pages_are_accessible_and_work_by_keyboard(consultation, officer, new_page, axe):
    publish(consultation)
    page, root = new_page(officer, bypass_csp=True), f"/admin/consultations/{consultation.pk}/results/"

    for rest in ("", "publish/", "1/take-back/"):
        page.goto(root + rest)
        axe(page, context="main")
        page.set_viewport_size({"width": 320, "height": 800})
        assert not overflows(page), rest
        page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{root}publish/")
    press(page, "Look at the page")
    assert page.get_by_role("link", name="Say to everybody why there is a new version.").is_visible()
    axe(page, context="main")
    page.get_by_label("Why there is a new version").first.fill("More came.")
    press(page, "Look at the page")
    axe(page)
    press(page, "Publish these results")
    assert page.get_by_role("heading", name="Version 2").is_visible()
