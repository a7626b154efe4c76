"""Through the front door: the demonstration in Chromium, at three widths, with the rules of accessibility applied."""

import datetime as dt
import re
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from consultation import fold, ledger, receipts
from consultation.models import Channel, Consultation, Draft, Response, Theme
from consultation.tick import tick
from home.demo import consultations as demo_consultations
from home.demo import pages as demo_pages
from home.demo import responses as demo_responses
from home.demo import translations as demo_translations
from home.models import ConsultationPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 768, 1280)
PUBLIC = [
    "/en/",
    "/en/plan/",
    "/en/plan/read/",
    "/en/plan/partners/",
    "/en/plan/place/group/",
    "/en/news/",
    "/en/news/draft/",
    "/en/consultations/",
    "/en/consultations/draft-plan/",
    "/en/consultations/play-parks/",
    "/en/consultations/town-centres/",
    "/en/consultations/libraries/",
    "/en/ideas/",
    "/en/privacy/",
    "/en/accessibility/",
    "/en/contact/",
    "/en/events/",
    "/en/events/?when=past",
    "/en/events/open-evening/",
    "/en/events/workshop/",
    "/en/search/",
    "/en/search/?q=plan",
    "/en/search/?q=nothing-has-this",
    "/ga/events/online-hour/",
    "/ga/",
    "/ga/plan/place/",
    "/ga/plan/place/group/",
    "/ga/consultations/draft-plan/",
    "/pl/plan/",
    "/pl/plan/partners/",
    "/pl/consultations/draft-plan/",
    "/en/nothing-here/",
]
THEMES = ("confident", "healthy", "skilled", "tourism", "creative", "place")


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def press(page, button="form .button"):
    """Press a button and wait for the page that it leads to."""
    with page.expect_navigation():
        page.locator(button).first.click()


def watch_policy(page):
    """Collect what the content security policy refused."""
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    return refused


def test_public_pages_fit_each_width_and_are_accessible_on_the_smallest_under_the_policy_without_cookies(
    demo, new_page, axe
):
    """At 1280 pixels, in both schemes and every language: see test_page_quality.py."""
    addresses = PUBLIC + [f"/en/plan/{theme}/" for theme in THEMES]
    for width in WIDTHS:
        page = new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
        for address in addresses:
            page.goto(address)
            assert not overflows(page), (address, width)
            if width == WIDTHS[0]:
                axe(page)

    keep_the_policy_and_set_no_cookie(demo, new_page())


def keep_the_policy_and_set_no_cookie(demo, page):
    refused = watch_policy(page)
    for address in [*PUBLIC, "/en/plan/place/", f"/answer/{demo.pk}/en/1/"]:
        page.goto(address)

    assert not refused
    assert not page.context.cookies()


def fill_in_by_keyboard(page):
    """Answer the draft plan with Tab, Space and Enter alone."""

    def go_on():
        tab_to("form .button")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def tab_to(selector):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} can't be reached with Tab")

    tab_to("#q1")
    page.keyboard.press("Space")
    go_on()
    tab_to("#q4")
    page.keyboard.press("Space")
    tab_to("#q6")
    page.keyboard.press("Space")
    go_on()
    go_on()
    tab_to("#q18")
    page.keyboard.type("More trees, please.")
    go_on()


def test_answering_by_keyboard_on_a_small_screen_without_javascript(demo, new_page):
    before = Response.objects.count()
    page = new_page(java_script_enabled=True, viewport={"width": 320, "height": 640})
    page.goto("/en/consultations/draft-plan/")
    press(page, "a.button--start")
    fill_in_by_keyboard(page)

    assert "Check your answers" in page.title()
    assert page.get_by_text("More trees, please.").is_visible()
    for button in ("Continue", "Send my answers"):
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).press("Enter")

    assert page.get_by_role("heading", name="Your answers were received").is_visible()
    assert Response.objects.count() == before + 1
    assert {cookie["name"] for cookie in page.context.cookies()} == {"answering"}


def test_the_journey_works_in_irish_without_javascript_and_keeps_answers_when_the_language_changes(demo, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/ga/consultations/draft-plan/")
    press(page, "a.button--start")
    page.get_by_label("Ar mo shon féin").check()
    for _ in range(6):  # three sections, the check page, the equality questions
        press(page)

    stored = Response.objects.latest("pk")
    assert stored.reference in page.content()
    assert stored.language == "ga"

    change_the_language_midway(demo, new_page())


def change_the_language_midway(demo, page):
    page.goto(f"/answer/{demo.pk}/en/1/")
    page.get_by_label("For myself").check()
    press(page)
    press(page, ".language-switch [lang=pl]")
    page.goto(f"/answer/{demo.pk}/pl/1/")

    assert page.get_by_label("W imieniu własnym").is_checked()


def test_each_state_of_the_form_is_accessible(demo, new_page, axe):
    for width in (320, 1280):
        page = new_page(viewport={"width": width, "height": 900}, bypass_csp=True)

        def look(page=page):
            assert not overflows(page), page.url
            axe(page)

        page.goto(f"/answer/{demo.pk}/en/1/")
        look()
        press(page)
        assert page.title().strip().startswith("Error:")
        expect(page.locator(".error-summary")).to_be_focused()
        look()
        page.get_by_label("For myself").check()
        page.get_by_label("Something else").check()
        page.get_by_label("Please say").fill("A bird")
        press(page)
        page.get_by_label("Rarely").check()
        for training in ("Digital skills", "A trade", "Languages", "Care and childcare"):
            page.get_by_label(training).check()
        press(page)
        assert page.get_by_text("choose no more than 3 options.").first.is_visible()
        look()
        page.get_by_role("link", name="choose no more than 3 options.").click()
        expect(page.locator("#q7")).to_be_focused()
        page.get_by_label("Languages").uncheck()
        press(page)
        assert page.get_by_text("What keeps you away from the town centre?").is_visible()
        look()
        for _ in range(3):
            press(page)
            look()
        press(page, "main form .button")
        look()


def test_the_officers_figure_moves_at_once_and_the_publics_in_rounded_steps(demo, new_page, axe, officer):
    def answer():
        page = new_page(java_script_enabled=False)
        page.goto(f"/answer/{demo.pk}/en/1/")
        page.get_by_label("For myself").check()
        press(page)
        page.get_by_label("Very dissatisfied").check()
        for _ in range(3):
            press(page)
        # As people do, who take their time.
        Draft.objects.filter(sent_at=None).update(born_at=timezone.now() - dt.timedelta(minutes=5))
        press(page, "main form .button")
        press(page, "main form .button")  # past the equality questions
        page.context.close()

    def officers():
        desk.goto(f"/admin/consultations/{demo.pk}/")
        row = desk.get_by_role("row", name="Very dissatisfied")
        return int(re.sub(r"\D", "", row.locator("td").first.inner_text()))

    def publics():
        reader.goto("/en/plan/place/")
        return reader.locator("main").inner_text()

    desk, reader = new_page(user=officer), new_page()
    exact, rounded = officers(), publics()

    answer()
    assert officers() == exact + 1
    tick()
    assert publics() == rounded
    others_answer(demo, 9)
    assert officers() == exact + 10
    tick()
    assert publics() != rounded

    the_officers_area_is_accessible(demo, new_page(user=officer, bypass_csp=True), axe)
    loading_again_changes_nothing()


def others_answer(consultation, n):
    """The same as the one whose way was shown."""
    given = receipts.answers(Response.objects.get(key=Draft.objects.latest("pk").sends))
    for _ in range(n):
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)


def the_officers_area_is_accessible(demo, desk, axe):
    fold.choose_segments(demo, [1])
    root = "/admin/consultations/"
    theme = Theme.objects.filter(questions__consultation=demo).first()
    wagtails_own = "h2[role=alert]"  # "There are 2 matches", above a filtered list
    for address in (
        "",
        "?state=open",
        "themes/",
        f"{demo.pk}/",
        f"{demo.pk}/?by=q1",
        f"{demo.pk}/compare/",
        f"themes/{theme.pk}/",
    ):
        for width in WIDTHS:
            desk.set_viewport_size({"width": width, "height": 900})
            desk.goto(root + address)
            assert not overflows(desk), (address, width)
        desk.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        axe(desk, context={"include": ["#main"], "exclude": [wagtails_own]})
    desk.goto(f"{root}{demo.pk}/")
    assert len(re.findall(rb"/Type /Page\b", desk.pdf())) > 1  # print gives all of it


def test_an_editor_tries_the_form_out_by_keyboard(demo, new_page, axe, administrator):
    before = Response.objects.count()
    page = new_page(user=administrator, bypass_csp=True)
    page.goto(f"/admin/try/{ConsultationPage.objects.get(translation_key=demo.key, locale__language_code='en').pk}/")
    axe(page, context="main")

    fill_in_by_keyboard(page)
    assert page.get_by_text("This is a test.").is_visible()
    assert page.get_by_text("More trees, please.").is_visible()
    axe(page, context="main")
    press(page)
    assert page.get_by_text("This is a test.").is_visible()
    assert page.get_by_text("A few questions about you").first.is_visible()
    press(page)

    assert page.get_by_role("heading", name="The test is over").is_visible()
    axe(page, context="main")
    assert Response.objects.count() == before


def loading_again_changes_nothing():
    before = list(Response.objects.values_list("pk", "reference")), Consultation.objects.values_list("pk", "stamp")

    demo_pages.add_all()
    demo_consultations.keep_open()
    demo_translations.add_all()
    demo_responses.add()

    assert before[0] == list(Response.objects.values_list("pk", "reference"))
    assert list(before[1]) == list(Consultation.objects.values_list("pk", "stamp"))
    call_command("recount", check=True)
