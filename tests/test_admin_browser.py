"""What communications staff do with a consultation in the admin, in Chromium, with answers there before each step.

After each step the officers' file has every cell that it had, the exact figures agree with the ledger counted anew, and
the citizen's form says what the page says.
"""

import datetime as dt
import re

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale

from consultation.models import Consultation
from home.models import ConsultationPage
from tests.admin import agree, answer, block, choose, edit, form, publish, shot, sign_in, watch
from tests.factories import make_consultation_page, translate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("admin"),
]

FIRST = "questionnaire-0-value-questions-0-value"


@pytest.fixture
def page(transactional_db):
    """A consultation that three people answered."""
    page = make_consultation_page(slug="last-year")
    answer(page, {1: 1, 2: [1, 2]})
    answer(page, {1: 2, 2: [3]})
    answer(page, {1: 1, 3: 40})
    return page


@pytest.fixture
def desk(page, editor, new_page):
    return sign_in(new_page, editor, "Administrators")


@pytest.fixture
def unharmed(page, officer_client):
    return watch(page, officer_client)


def test_questions_are_reworded_moved_removed_restored_and_added(desk, page, unharmed):
    edit(desk, page)
    desk.locator(f"[name='{FIRST}-label']").fill("How do you usually travel?")
    publish(desk, "01-reworded")
    unharmed()
    assert "How do you usually travel?" in form(page)

    edit(desk, page)
    block(desk, f"{FIRST}-options-0-value-label").get_by_role("button", name="Move down").last.click()
    block(desk, f"{FIRST}-label").get_by_role("button", name="Move down").first.click()
    publish(desk, "02-moved")
    unharmed()
    text = form(page)
    assert text.index("What would help?") < text.index("How do you usually travel?")
    assert text.index("By bus") < text.index("On foot")

    before = ConsultationPage.objects.get(pk=page.pk).latest_revision_id
    edit(desk, page)
    block(desk, f"{FIRST}-label").get_by_role("button", name="Delete").first.click()
    publish(desk, "03-removed")
    unharmed()
    assert "What would help?" not in form(page)

    desk.goto(f"/admin/pages/{page.pk}/history/")
    shot(desk, "04-history")
    desk.goto(f"/admin/pages/{page.pk}/revisions/{before}/revert/")
    publish(desk, "04-reverted")
    unharmed()
    assert "What would help?" in form(page)

    edit(desk, page)
    desk.get_by_role("button", name="Insert a block").nth(1).click()  # the first one adds a section
    shot(desk, "05-kinds")
    questions = desk.locator("[name$='-value-hint']")
    before = questions.count()
    desk.get_by_role("option", name="Longer text").first.click()
    questions.nth(before).wait_for(state="attached")
    desk.locator("[data-contentpath='label'] input:visible").first.fill("Anything else?")
    publish(desk, "05-added")
    unharmed()
    assert "Anything else?" in form(page)


def test_a_page_is_translated_and_offered_in_that_language(desk, page, unharmed):
    desk.goto(f"/admin/localize/submit/page/{page.pk}/")
    desk.get_by_label("Gaeilge").check()
    shot(desk, "06-translate")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Submit").click()
    irish = page.get_translation(Locale.objects.get(language_code="ga"))
    desk.goto(f"/admin/pages/{irish.pk}/edit/")
    desk.get_by_role("tab", name="Questionnaire").click()
    desk.get_by_text("How do you mostly travel?").locator("visible=true").first.wait_for()
    shot(desk, "07-translating")
    desk.get_by_role("button", name="Translate").locator("visible=true").first.click()
    desk.locator("textarea:visible").first.fill("Ag dul thart")
    shot(desk, "07-typing")
    desk.get_by_role("button", name="Save", exact=True).locator("visible=true").first.click()
    desk.get_by_text("Ag dul thart").locator("visible=true").first.wait_for()
    desk.locator("footer [data-w-dropdown-target=toggle], footer .dropdown-toggle").first.click()
    shot(desk, "07-typed")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Publish").locator("visible=true").first.click()
    shot(desk, "07-published")
    unharmed()
    assert "Ag dul thart" in form(page, "ga")


def test_a_consultation_is_copied_paused_and_published_again(desk, page, unharmed):
    translate(page, "ga", {"How do you mostly travel?": "Cén dóigh a dtaistealaíonn tú?"})
    desk.goto(f"/admin/pages/{page.pk}/copy/")
    desk.locator("[name=new_title]").fill("This year")
    desk.locator("[name=new_slug]").fill("this-year")
    shot(desk, "08-copy")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Copy this page").click()
    shot(desk, "09-copied")
    assert desk.get_by_text("The copy has the questions and no answers.").is_visible()
    copy = ConsultationPage.objects.get(slug="this-year", locale__language_code="en")
    assert Consultation.objects.count() == 1
    edit(desk, copy)
    publish(desk, "10-copy")
    unharmed()
    assert "How do you mostly travel?" in form(copy)

    desk.goto(f"/admin/pages/{page.pk}/unpublish/")
    shot(desk, "11-unpublish")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Yes, unpublish it").click()
    shot(desk, "11-unpublished")
    unharmed()
    assert "How do you mostly travel?" not in form(page)
    edit(desk, page)
    publish(desk, "12-again")
    unharmed()
    assert "How do you mostly travel?" in form(page)


def test_what_was_answered_is_not_deleted_and_staff_are_told_why(desk, page, unharmed):
    desk.goto(f"/admin/pages/{page.pk}/delete/")
    desk.get_by_text("People have answered “The town’s plan”").wait_for()
    shot(desk, "13-delete")
    unharmed()

    desk.goto(f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}&next=/admin/pages/")
    shot(desk, "13-bulk")
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile("^Yes, delete")).click()
    desk.get_by_text("People have answered “The town’s plan”").wait_for()
    shot(desk, "13-bulk-refused")
    unharmed()


def test_a_page_whose_translation_was_stopped_is_edited_by_itself(desk, page, unharmed):
    irish = translate(page, "ga", {"How do you mostly travel?": "Cén dóigh a dtaistealaíonn tú?"})
    desk.goto(f"/admin/pages/{irish.pk}/edit/")
    desk.locator("footer [data-w-dropdown-target=toggle], footer .dropdown-toggle").first.click()
    shot(desk, "14-stop")
    desk.on("dialog", lambda dialog: dialog.accept())
    with desk.expect_navigation():
        desk.get_by_role("button", name="Stop Synced translation").locator("visible=true").first.click()
    shot(desk, "14-stopped")

    edit(desk, irish)
    desk.locator(f"[name='{FIRST}-label']").fill("Cén chaoi a dtaistealaíonn tú?")
    block(desk, f"{FIRST}-options-0-value-label").get_by_role("button", name="Delete").last.click()
    publish(desk, "15-edited")

    unharmed()
    assert "Cén chaoi a dtaistealaíonn tú?" in form(page, "ga")
    assert "On foot" in form(page, "ga")  # what the leading page offers is offered in every language


BEFORE, AFTER = "How do you mostly travel?", "How will you travel?"


def change(desk, page):
    """Reword the first question and take away its first option, without saving."""
    edit(desk, page)
    desk.locator(f"[name='{FIRST}-label']").fill(AFTER)
    block(desk, f"{FIRST}-options-0-value-label").get_by_role("button", name="Delete").last.click()


def is_as_before(page):
    """What is asked, and offered, is what was published."""
    text = form(page)
    return BEFORE in text and "On foot" in text and AFTER not in text


def is_changed(page):
    text = form(page)
    return AFTER in text and "On foot" not in text and BEFORE not in text


def test_a_change_that_has_a_time_to_come_waits_for_it_and_answers_come_in_meanwhile(desk, page, unharmed):
    change(desk, page)
    desk.get_by_role("button", name="Toggle status").click()
    desk.get_by_role("button", name="Set schedule").click()
    in_an_hour = timezone.localtime() + dt.timedelta(hours=1)
    desk.locator("[name=go_live_at]").fill(f"{in_an_hour:%Y-%m-%d %H:%M}")
    shot(desk, "16-schedule")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Save schedule").press("Enter")  # a calendar may lie over it
    edit(desk, page)
    shot(desk, "16-scheduled-draft")
    choose(desk, "Schedule to publish")
    agree(desk, "16-scheduled")
    shot(desk, "17-scheduled")
    call_command("publish_scheduled")
    unharmed()
    assert is_as_before(page)
    answer(page, {1: 1})

    desk.goto("about:blank")
    with time_machine.travel(in_an_hour + dt.timedelta(minutes=1)):
        call_command("publish_scheduled")
    unharmed()
    assert is_changed(page)
    answer(page, {1: 2})
    unharmed()


def test_a_change_that_was_submitted_waits_for_approval_and_answers_come_in_meanwhile(
    page, editor, django_user_model, new_page, unharmed
):
    moderator = django_user_model.objects.create_user("moderator", "moderator@example.org", "moderator")
    writing, approving = sign_in(new_page, editor), sign_in(new_page, moderator, "Moderators")
    change(writing, page)
    choose(writing, "Submit to Second person")
    shot(writing, "18-submitted")
    unharmed()
    assert is_as_before(page)
    answer(page, {1: 1})

    edit(approving, page)
    shot(approving, "19-to-approve")
    choose(approving, "Approve")
    shot(approving, "19-approved")
    unharmed()
    assert is_changed(page)
    answer(page, {1: 2})
    unharmed()
