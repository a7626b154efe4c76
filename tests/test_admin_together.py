"""Two editors have the same consultation open in the admin, in Chromium, while people answer it.

Whoever publishes last is warned, and may still do so: no answer, no column and no wording that was published is lost.
"""

import pytest
from wagtail.models import Page

from consultation.models import Consultation, Wording
from tests.admin import agree, answer, edit, form, publish, shot, sign_in, watch
from tests.factories import make_consultation_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("admin"),
]

FIRST = "questionnaire-0-value-questions-0-value"


@pytest.fixture
def page(transactional_db):
    page = make_consultation_page()
    for _number in range(3):
        answer(page, {1: 1, 2: [1, 2]})
    return page


@pytest.fixture
def colleague(django_user_model):
    return django_user_model.objects.create_user("colleague", "colleague@example.org", "colleague")


def published(page):
    """Every wording of the consultation that was ever published."""
    consultation = Consultation.objects.get(key=page.translation_key)
    return set(Wording.objects.filter(consultation=consultation).values_list("text", flat=True))


def test_two_editors_of_one_page_lose_nothing(new_page, page, editor, colleague, officer_client, settings):
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 500  # ms after which an open editor asks who else is there
    unharmed = watch(page, officer_client)
    one = sign_in(new_page, editor, "Administrators")
    other = sign_in(new_page, colleague, "Administrators")
    edit(one, page)
    edit(other, page)

    other.locator(f"[name='{FIRST}-label']").fill("How do you get about?")
    publish(other, "12-first")
    answer(page, {1: 2})
    unharmed()
    one.locator("[name='questionnaire-0-value-title']").fill("On the move")
    one.get_by_role("button", name="colleague saved a new version").wait_for()
    shot(one, "12-together")
    one.locator(".footer [data-w-dropdown-target=toggle]").first.click()
    one.get_by_role("button", name="Publish").first.click()
    one.get_by_text("overwrite the changes made by colleague").wait_for()
    shot(one, "12-warned")
    unharmed()
    with one.expect_navigation():
        one.get_by_role("dialog").get_by_role("button", name="Publish").click()
    agree(one, "12-told")

    unharmed()
    assert {"How do you mostly travel?", "How do you get about?"} <= published(page)
    assert "On the move" in form(page)
    answer(page, {1: 1})
    unharmed()


def test_a_page_that_is_moved_keeps_its_answers_and_its_form(new_page, page, editor, officer_client):
    unharmed = watch(page, officer_client)
    archive = page.get_parent().specific
    another = type(archive)(title="Archive", slug="archive")
    archive.get_parent().add_child(instance=another)
    another.save_revision().publish()
    desk = sign_in(new_page, editor, "Administrators")

    desk.goto(f"/admin/pages/{page.pk}/move/{another.pk}/confirm/")
    shot(desk, "13-move")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Yes, move this page").click()

    assert Page.objects.get(pk=page.pk).get_parent().pk == another.pk
    unharmed()
    assert "How do you mostly travel?" in form(page)
    answer(page, {1: 1})
    unharmed()
