"""Who is asked what, as an editor sets it in the admin, in Chromium, with answers there before each step.

After each step the officers' file has every cell that it had, the exact figures agree with the ledger counted anew, and
citizens are led as the page says.
"""

import pytest
from django.test import Client
from playwright.sync_api import expect

from consultation.models import Consultation
from tests.admin import answer, block, choose, edit, publish, shot, sign_in, watch
from tests.consultation.test_answering import hidden, send
from tests.consultation.test_answering_routed import CAR, DRIVES, raw_section
from tests.factories import make_consultation_page, raw_question, translate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("admin"),
]

ASKED = "questionnaire-0-value-questions-0-value"
ROUTED = "questionnaire-1-value-questions-0-value"
EVERYBODY, GONE = "Ask everybody", "A question that is not in an earlier section any more"
REFUSED = "The question that decides is not in an earlier section any more. Choose another one, or ask everybody."


@pytest.fixture
def page(transactional_db):
    """A consultation without routing that three people answered. Numbers: 1 will decide, 3 will depend on it."""
    page = make_consultation_page(
        questionnaire=[
            raw_section(
                "You", raw_question("single", DRIVES, options=["Yes", "No"]), raw_question("number", "How old?")
            ),
            raw_section("Driving", raw_question("single", CAR, options=["Electric", "Other"])),
            raw_section("End", raw_question("number", "How far?")),
        ]
    )
    for values in ({1: 1, 3: 1}, {1: 2, 4: 12}, {3: 2}):
        answer(page, values)
    return page


@pytest.fixture
def desk(page, editor, new_page):
    return sign_in(new_page, editor, "Administrators")


@pytest.fixture
def unharmed(page, officer_client):
    return watch(page, officer_client)


class Widget:
    """The field "Who is asked" of a question or a section, among its settings."""

    def __init__(self, desk, place):
        self.settings = desk.locator(f"[aria-controls='block_group-{place}-settings']")
        self.element = desk.locator(f"[name='{place}-show_if']").locator("xpath=..")
        self.select = self.element.locator("select")

    def unfold(self):
        """Open the settings of the block, where they are folded away."""
        if self.settings.get_attribute("aria-expanded") == "false":
            self.settings.click()

    def ask(self, question, *options):
        self.unfold()
        self.select.select_option(label=question)
        for option in options:
            self.element.get_by_label(option, exact=True).check()

    def shows(self, question, *ticked):
        """Look at it as somebody who comes to it does."""
        self.unfold()
        self.select.focus()
        expect(self.select.locator("option:checked")).to_have_text(question)
        expect(self.element.locator("label:has(:checked)")).to_have_text(list(ticked))


def asked(page, chosen, language="en"):
    """The questions that somebody is asked who chooses the option of that number at the first: page by page."""
    consultation = Consultation.objects.get(key=page.translation_key)
    citizen, address = Client(), f"/answer/{consultation.pk}/{language}/1/"
    found = []
    while "/check/" not in address:
        found += hidden(citizen.get(address))["asked"].split()
        address = send(citizen, address, **({"q1": chosen} if "/1/" in address else {}))["Location"]
    return found


def move(desk, name, direction):
    block(desk, name).get_by_role("button", name=f"Move {direction}").first.click()


def publish_in_vain(desk, name):
    """What is wrong is said at its place."""
    shot(desk, name)
    choose(desk, "Publish")
    shot(desk, f"{name}-refused")
    desk.get_by_role("tab", name="Questionnaire").click()
    expect(desk.get_by_text(REFUSED)).to_be_visible()


def save(desk, name):
    shot(desk, name)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Save draft").first.click()


def test_a_condition_is_set_saved_published_and_reverted(desk, page, unharmed):
    edit(desk, page)
    before = page.latest_revision_id
    Widget(desk, ROUTED).ask(DRIVES, "Yes")
    save(desk, "20-condition")
    assert asked(page, "2") == ["1", "2", "3", "4"]

    edit(desk, page)
    Widget(desk, ROUTED).shows(DRIVES, "Yes")
    publish(desk, "21-routed")
    unharmed()
    assert (asked(page, "1"), asked(page, "2")) == (["1", "2", "3", "4"], ["1", "2", "4"])

    edit(desk, page)
    Widget(desk, "questionnaire-2-value").ask(CAR, "Other")
    publish(desk, "22-section")
    unharmed()
    assert (asked(page, "1"), asked(page, "2")) == (["1", "2", "3"], ["1", "2"])

    desk.goto(f"/admin/pages/{page.pk}/revisions/{before}/revert/")
    publish(desk, "23-reverted")
    unharmed()
    assert asked(page, "2") == ["1", "2", "3", "4"]


def test_the_words_of_an_option_are_shown_as_they_are_being_written(desk, page):
    edit(desk, page)
    widget = Widget(desk, ROUTED)
    widget.ask(DRIVES, "Yes")

    desk.locator(f"[name='{ASKED}-options-0-value-label']").fill("Yes, daily")
    desk.locator(f"[name='{ASKED}-label']").fill("Do you drive a car?")

    widget.shows("Do you drive a car?", "Yes, daily")
    shot(desk, "24-renamed")


@pytest.mark.battery
def test_a_copy_of_a_question_has_its_condition_and_a_copy_of_the_one_that_decides_is_another(desk, page, unharmed):
    edit(desk, page)
    Widget(desk, ROUTED).ask(DRIVES, "Yes")
    for name in (ASKED, ROUTED):
        block(desk, f"{name}-label").get_by_role("button", name="Duplicate").first.click()
    copied = [f"questionnaire-{place}-value" for place in ("0-value-questions-2", "1-value-questions-1")]
    desk.locator(f"[name='{copied[0]}-label']").fill("Does somebody drive you?")
    Widget(desk, copied[1]).shows(DRIVES, "Yes")
    shot(desk, "25-duplicated")

    Widget(desk, copied[1]).ask("Does somebody drive you?", "No")
    Widget(desk, ROUTED).shows(DRIVES, "Yes")
    publish(desk, "26-duplicates")

    unharmed()
    assert asked(page, "1") == ["1", "5", "2", "3", "4"]  # nobody drives them, as far as they said
    edit(desk, page)
    Widget(desk, ROUTED).shows(DRIVES, "Yes")
    Widget(desk, copied[1]).shows("Does somebody drive you?", "No")


def test_a_condition_that_looks_back_no_more_is_refused_in_kind_words_and_nothing_is_lost(desk, page, unharmed):
    edit(desk, page)
    Widget(desk, ROUTED).ask(DRIVES, "Yes")
    publish(desk, "27-routed")

    edit(desk, page)
    move(desk, "questionnaire-1-value-title", "up")
    Widget(desk, ROUTED).shows(GONE, "An option that is no longer there")
    publish_in_vain(desk, "28-reordered")
    unharmed()
    assert (asked(page, "1"), asked(page, "2")) == (["1", "2", "3", "4"], ["1", "2", "4"])

    move(desk, "questionnaire-0-value-title", "down")
    Widget(desk, ASKED).shows(DRIVES, "Yes")  # fields keep their names until the page is read anew
    publish(desk, "29-back")
    unharmed()
    assert asked(page, "2") == ["1", "2", "4"]

    edit(desk, page)
    block(desk, f"{ASKED}-label").get_by_role("button", name="Delete").first.click()
    Widget(desk, ROUTED).shows(GONE, "An option that is no longer there")
    publish_in_vain(desk, "30-deleted")
    Widget(desk, ROUTED).ask(EVERYBODY)
    publish(desk, "31-everybody")
    unharmed()
    assert asked(page, "1") == ["2", "3", "4"]


@pytest.mark.battery
def test_a_translation_is_routed_as_the_page_that_it_is_made_from(desk, page, unharmed):
    edit(desk, page)
    Widget(desk, ROUTED).ask(DRIVES, "Yes")
    publish(desk, "32-routed")
    page.refresh_from_db()
    irish = translate(page, "ga", {DRIVES: "An dtiomáineann tú?", "Yes": "Tiomáinim"})

    assert (asked(page, "1", "ga"), asked(page, "2", "ga")) == (["1", "2", "3", "4"], ["1", "2", "4"])
    desk.goto(f"/admin/pages/{irish.pk}/edit/")
    desk.get_by_role("tab", name="Questionnaire").click()
    desk.get_by_text("An dtiomáineann tú?").locator("visible=true").first.wait_for()
    shot(desk, "33-translating")

    desk.locator("footer [data-w-dropdown-target=toggle], footer .dropdown-toggle").first.click()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Stop Synced translation").locator("visible=true").first.click()
    edit(desk, irish)
    Widget(desk, ROUTED).shows("An dtiomáineann tú?", "Tiomáinim")
    publish(desk, "34-stopped")
    unharmed()
    assert asked(page, "2", "ga") == ["1", "2", "4"]


@pytest.mark.battery
def test_a_condition_is_set_with_the_keyboard_alone(desk, page, unharmed):
    desk.goto(f"/admin/pages/{page.pk}/edit/")
    go(desk, "[role=tab][aria-selected=true]", "Tab")
    go(desk, "[role=tab]:has-text('Questionnaire')", "ArrowRight")
    desk.keyboard.press("Enter")
    go(desk, f"input[name='{ROUTED}-show_if'] + select", "Tab")
    desk.keyboard.press("ArrowDown")
    go(desk, f"input[name='{ROUTED}-show_if'] ~ fieldset input", "Tab", 1)
    desk.keyboard.press("ArrowDown")  # no choice between them: any can be ticked
    desk.keyboard.press("Space")
    shot(desk, "35-keyboard")
    with desk.expect_navigation():
        desk.keyboard.press("Control+s")

    edit(desk, page)
    Widget(desk, ROUTED).shows(DRIVES, "Yes")
    publish(desk, "36-keyboard")
    unharmed()
    assert asked(page, "2") == ["1", "2", "4"]


def go(desk, selector, key, most=250):
    """Press a key until that is in focus."""
    for _ in range(most):
        desk.keyboard.press(key)
        if desk.locator(selector).first.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{selector} is not reached in {most} steps")
