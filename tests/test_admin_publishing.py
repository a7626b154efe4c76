"""An editor changes a live question that was answered, in Chromium: told first, back and forth, nothing lost."""

import pytest
from playwright.sync_api import expect

from consultation.models import Response
from tests.admin import answer, choose, edit, form, shot, sign_in, watch
from tests.factories import make_consultation_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("admin"),
]

LABEL = "questionnaire-0-value-questions-0-value-label"
BEFORE, AFTER, LAST = "How do you mostly travel?", "How will you travel?", "How do you travel in winter?"
TOLD = "3 people answered “How do you mostly travel?”: it becomes “%s”."


@pytest.fixture
def page(transactional_db):
    """A consultation that three people answered."""
    page = make_consultation_page()
    for values in ({1: 1, 2: [1, 2]}, {1: 2, 2: [3]}, {1: 1, 3: 40}):
        answer(page, values)
    return page


@pytest.fixture
def unharmed(page, officer_client):
    return watch(page, officer_client)


@pytest.mark.parametrize("java_script", [True, False], ids=["with a script", "without a script on the step"])
def test_an_editor_sees_what_a_change_touches_goes_back_and_publishes(page, editor, new_page, unharmed, java_script):
    desk = sign_in(new_page, editor, "Administrators")
    edit(desk, page)
    desk.locator(f"[name='{LABEL}']").fill(AFTER)
    choose(desk, "Publish")
    expect(desk.get_by_text(TOLD % AFTER)).to_be_visible()
    shot(desk, "20-impact")
    for width in (320, 768):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.wait_for_timeout(400)  # the side bar slides away
        shot(desk, f"20-impact-{width}")
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.set_viewport_size({"width": 1280, "height": 1000})
    assert BEFORE in form(page)
    assert AFTER not in form(page)

    desk.get_by_role("link", name="Go back and edit").click()
    expect(desk.get_by_text("What publishing this draft would change").first).to_be_visible()
    expect(desk.get_by_text(TOLD % AFTER)).to_be_visible()
    shot(desk, "21-back")
    desk.get_by_role("tab", name="Questionnaire").click()
    expect(desk.locator(f"[name='{LABEL}']")).to_have_value(AFTER)
    desk.locator(f"[name='{LABEL}']").fill(LAST)
    choose(desk, "Publish")
    expect(desk.get_by_text(TOLD % LAST)).to_be_visible()
    if not java_script:
        desk = without_script(desk, new_page)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Publish").click()
    shot(desk, "22-published")
    unharmed()
    assert LAST in form(page)
    assert Response.objects.count() == 3

    desk.goto(f"/admin/pages/{page.pk}/history/")
    expect(desk.get_by_text(TOLD % LAST)).to_be_visible()
    shot(desk, "23-history")


def without_script(desk, new_page):
    """The same step, signed in as the same person, in a browser that runs no script."""
    plain = new_page(java_script_enabled=False)
    plain.context.add_cookies(desk.context.cookies())
    plain.goto(desk.url)
    return plain
