"""What communications staff do with a consultation in the admin, in Chromium, with answers there before each step.

After each step the officers' file has every cell that it had, the exact figures agree with the ledger counted anew, and
the citizen's form says what the page says.
"""

import csv
import io
import os
import re
import uuid
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Locale

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Response
from consultation.recount import check
from home.models import ConsultationPage
from tests.factories import make_consultation_page, translate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("admin"),
]

FIRST = "questionnaire-0-value-questions-0-value"
SHOTS = os.environ.get("ADMIN_SHOTS")  # a folder for pictures of each step, to be looked at


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
    """Where staff work, signed in through the form."""
    editor.groups.add(Group.objects.get(name="Moderators"))
    desk = new_page(viewport={"width": 1280, "height": 1000})
    desk.set_default_timeout(10_000)
    desk.goto("/admin/login/")
    desk.locator("input[name=username]").fill("editor")
    desk.locator("input[name=password]").fill("editor")
    with desk.expect_navigation():
        desk.locator("form button[type=submit]").click()
    return desk


@pytest.fixture
def unharmed(page, officer_client):
    """Assert that every cell of the officers' file is as it was when this was last asked, and every figure right."""
    known = {}

    def look():
        consultation = Consultation.objects.get(key=page.translation_key)
        address = f"/admin/consultations/{consultation.pk}/responses.csv?form=keys"
        text = b"".join(officer_client.get(address).streaming_content).decode("utf-8-sig")
        now = {row["reference"]: row for row in csv.DictReader(io.StringIO(text))}
        for reference, cells in known.items():
            assert cells.items() <= now[reference].items()
        known.update(now)
        assert len(now) == Response.objects.filter(consultation=consultation).count() >= 3
        assert check(consultation) == []

    look()
    return look


def answer(page, values):
    consultation = Consultation.objects.select_related("version").get(key=page.translation_key)
    given = Answers(values).asked_by(instrument.current(consultation, "en"))
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)


def form(page, language="en"):
    """The first section as a citizen gets it."""
    consultation = Consultation.objects.get(key=page.translation_key)
    return Client().get(f"/answer/{consultation.pk}/{language}/1/").content.decode()


def shot(desk, name):
    if SHOTS:
        desk.screenshot(path=Path(SHOTS) / f"{name}.png")


def edit(desk, page, tab="Questionnaire"):
    desk.goto(f"/admin/pages/{page.pk}/edit/")
    if tab:
        desk.get_by_role("tab", name=tab).click()
        desk.locator(f"[name='{FIRST}-label']").wait_for()


def choose(desk, action):
    """Choose from the menu beside "Save draft"; for an earlier version it is "Publish this version"."""
    desk.locator(".footer [data-w-dropdown-target=toggle]").first.click()
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile(f"^{action}")).first.click()


def block(desk, name):
    """The block whose field that is, with its buttons."""
    return desk.locator(f"[name='{name}']").locator("xpath=ancestor::section[1]")


def publish(desk, name):
    shot(desk, name)
    choose(desk, "Publish")
    shot(desk, f"{name}-published")


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
    desk.get_by_role("option", name="Long text").first.click()
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
