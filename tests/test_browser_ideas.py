"""Somebody shares an idea, a moderator shows it, and everybody reads it: on a phone's width and a desk's.

Once with a keyboard alone, where every state is held to the rules of accessibility, and once without JavaScript.
"""

import pytest
from playwright.sync_api import expect

from consultation.models import Idea
from home.models import HomePage
from tests.admin import shot, sign_in
from tests.factories import make_themes
from tests.ideas import decide, make_idea, make_ideas_page
from tests.journeys import Keyboard, Pointer, begin, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HANDS = pytest.mark.parametrize("hands", [Keyboard, Pointer])


@pytest.mark.parametrize("width", [320, 1280])
@HANDS
def test_an_idea_is_shared_and_confirmed(new_page, axe, hands, width):
    make_ideas_page()
    (theme, _other) = make_themes()
    page = new_page(**window(hands, width))
    page.goto(HomePage.objects.get(locale__language_code="en").url)
    journey = begin(hands, page, axe, width)
    journey.go(page.get_by_role("link", name="Your ideas").last)
    journey.go(page.get_by_role("link", name="Share an idea"))
    journey.hands.write("E-mail address", "ada")
    journey.go_on()

    assert page.title().strip().startswith("Error:")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Write your idea").click()
    expect(page.locator("#idea")).to_be_focused()
    journey.hands.write("Your idea", "More trees")
    journey.hands.choose("Getting about")
    page.get_by_label("E-mail address").fill("")
    journey.go_on()

    idea = Idea.objects.get()
    assert (idea.text, idea.theme) == ("More trees", theme)
    assert journey.heading == "Your idea was received"
    assert idea.reference in journey.said
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [320, 1280])
@HANDS
def test_ideas_are_read_by_theme(new_page, axe, editor, hands, width):
    ideas = make_ideas_page()
    about, _green = make_themes()
    long = make_idea("Pneumonoultramicroscopicsilicovolcanoconiosis" * 4, theme=about)
    decide(long, editor, status=Idea.Status.NOT_TAKEN, note="It is a word.")
    make_idea("Więcej drzew", language="pl")
    page = new_page(**window(hands, width))
    page.goto(ideas.url)
    journey = begin(hands, page, axe, width)
    journey.look(page)

    journey.go(page.get_by_role("link", name="Getting about (1)"))

    assert "It is a word." in journey.said
    assert "drzew" not in journey.said


def test_a_moderator_reads_an_idea_and_shows_it(new_page, axe, editor):
    idea = make_idea("Write to ada@example.org", Idea.Moderation.NEW)
    ideas = make_ideas_page()
    desk = sign_in(new_page, editor, "Moderators")
    desk.goto("/admin/ideas/")
    shot(desk, "ideas")
    with desk.expect_navigation():
        desk.get_by_role("link", name="Write to ada@example.org").click()
    shot(desk, "idea")
    desk.get_by_label("Text as it is shown").fill("Write to […]")
    desk.get_by_label("Shown", exact=True).check()
    desk.get_by_label("Status").select_option("With the working group")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Save").click()

    assert "was saved" in desk.content()
    idea.refresh_from_db()
    assert (idea.moderation, idea.status, idea.text) == ("shown", "with-group", "Write to ada@example.org")
    reader = new_page()
    reader.goto(ideas.url)
    assert "Write to […]" in reader.locator("main").inner_text()
    assert "ada@" not in reader.content()
