"""Every kind of question in Chromium: blank, wrong and filled, small and large, by keyboard, with no JavaScript."""

import pytest
from playwright.sync_api import expect

from consultation.kinds import KINDS
from consultation.models import Consultation, Response
from home.demo.blocks import key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def about(demo):
    """The demonstration's consultation with a question of every kind."""
    return Consultation.objects.get(key=key("consultation/getting-about"))


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def go_on(page):
    with page.expect_navigation():
        page.locator("form .button").first.click()


def fill_in(page):
    page.get_by_role("radio", name="On foot").check()
    page.get_by_role("radio", name="Very easy").check()
    page.get_by_role("radio", name="10 – Very", exact=True).check()
    page.get_by_role("radio", name="Cycle paths Good").check()
    page.get_by_role("radio", name="Signs for visitors Prefer not to say").check()
    go_on(page)
    page.get_by_role("checkbox", name="Lower fares").check()
    page.get_by_label("First choice").select_option("Cycle paths")
    page.get_by_label("Second choice").select_option("Pavements")
    for part, typed in (("Day", "31"), ("Month", "3"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(typed)


def spoil(page):
    """Fill in what is refused, kind by kind."""
    page.get_by_role("checkbox", name="None of these").check()
    page.get_by_role("checkbox", name="Lower fares").check()
    page.get_by_label("First choice").select_option("Cycle paths")
    page.get_by_label("Second choice").select_option("Cycle paths")
    page.get_by_label("Month", exact=True).fill("13")
    page.get_by_label("How many minutes is your usual journey?").fill("ages")
    page.get_by_role("radio", name="For an organisation, which is not to be named").check()
    page.get_by_label("Your role in the organisation").fill("Secretary")


def test_the_demonstration_has_a_question_of_every_kind(about):
    assert {row.kind for row in about.questions.all()} == set(KINDS)


@pytest.mark.parametrize("width", [320, 1280])
def test_every_kind_is_accessible_blank_wrong_and_filled(about, new_page, axe, width):
    page = new_page(viewport={"width": width, "height": 900}, bypass_csp=True)

    def look():
        assert not overflows(page), page.url
        axe(page)

    page.goto(f"/answer/{about.pk}/en/1/")
    look()
    fill_in(page)
    look()
    spoil(page)
    go_on(page)
    links = page.locator(".error-summary a")
    assert [link.inner_text() for link in links.all()] == [
        "“What would help you to leave the car at home?”: choose “None of these” alone, or choose from the others.",
        "“Which should come first?”: choose “Cycle paths” once only.",
        "“When did you last take a bus or a train?”: enter a real date, for example 27 3 2026.",
        "“How many minutes is your usual journey?”: enter a number, like 12.",
        "Choose an answer to “Which area do you live in?”.",
        "“Who are you answering as?”: enter the name of the organisation.",
    ]
    look()
    for link in links.all():
        link.click()
        expect(page.locator(link.get_attribute("href"))).to_be_focused()


def test_all_kinds_are_answered_without_javascript_and_checked_in_words(about, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"/answer/{about.pk}/en/1/")
    fill_in(page)
    page.get_by_role("radio", name="Demo West").check()
    page.get_by_role("radio", name="Tourism economy").check()
    page.get_by_role("radio", name="For an organisation, which may be named").check()
    page.get_by_label("Name of the organisation").fill("Demo Choir")
    go_on(page)

    said = page.locator("main").inner_text()
    for words in (
        "Very easy",
        "10 – Very",
        "Good",
        "Lower fares",
        "1. Cycle paths",
        "2. Pavements",
        "31 March 2026",
        "Demo West",
        "Tourism economy",
        "Name of the organisation: Demo Choir",
    ):
        assert words in said
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").click()

    values = Response.objects.latest("pk").answers.values()
    assert [2, 1] in values and "2026-03-31" in values


def test_a_matrix_is_answered_by_keyboard_alone(about, new_page):
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(f"/answer/{about.pk}/en/1/")
    page.get_by_role("radio", name="Pavements Poor").focus()

    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")

    assert page.get_by_role("radio", name="Pavements Fair").is_checked()
    assert page.get_by_role("radio", name="Cycle paths Poor").is_checked()


def test_a_matrix_says_its_rows_and_columns_in_both_of_its_forms(about, new_page):
    for width in (320, 1280):
        page = new_page(viewport={"width": width, "height": 900})
        page.goto(f"/answer/{about.pk}/en/1/")
        group = page.get_by_role("group", name="How do you find each of these?")

        assert group.get_by_role("rowheader").count() == 4
        assert group.get_by_role("columnheader").count() == 5
        assert group.get_by_role("radio", name="Bus stops and shelters I do not use them").count() == 1


def test_the_name_of_an_organisation_is_reached_by_keyboard_right_after_the_options(about, new_page):
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(f"/answer/{about.pk}/en/1/")
    fill_in(page)
    page.get_by_role("radio", name="For myself").focus()

    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Demo Choir")
    page.keyboard.press("Tab")
    page.keyboard.type("Secretary")

    assert page.get_by_role("radio", name="For an organisation, which may be named").is_checked()
    group = page.get_by_role("group", name="Who are you answering as?").get_by_role("group")
    assert group.get_by_label("Name of the organisation").input_value() == "Demo Choir"
    assert group.get_by_label("Your role in the organisation").input_value() == "Secretary"
