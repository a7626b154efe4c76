"""Areas in Chromium: staff add one and ask for it, citizens choose it in their language, officers read it."""

import csv
import io

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Locale

from consultation.models import Area, Consultation, Response
from home.models import ConsultationPage
from tests.factories import make_consultation_page, raw_block, raw_question, translate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("admin"),
]

WHERE, MISSING = "Where do you live?", "What is missing there?"
SECTION = "questionnaire-{}-value"


@pytest.fixture
def page(transactional_db):
    """A page with a question of where, and a second section."""
    Area.objects.create(name="Demo South", locale=Locale.get_default(), position=2)
    return make_consultation_page(
        questionnaire=[
            raw_block(
                "section", {"title": "You", "introduction": "", "questions": [raw_question("area", WHERE)]}, "you"
            ),
            raw_block(
                "section",
                {"title": "There", "introduction": "", "questions": [raw_question("short_text", MISSING)]},
                "there",
            ),
        ]
    )


@pytest.fixture
def desk(page, editor, new_page):
    """Where staff work."""
    editor.groups.add(Group.objects.get(name="Administrators"))
    desk = new_page(viewport={"width": 1280, "height": 1000})
    desk.set_default_timeout(15_000)
    desk.goto("/admin/login/")
    desk.locator("input[name=login]").fill("editor")
    desk.locator("input[name=password]").fill("editor")
    with desk.expect_navigation():
        desk.locator("form button[type=submit]").click()
    return desk


def add_area(desk, name):
    desk.goto("/admin/snippets/consultation/area/add/")
    desk.locator("#id_name").fill(name)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Save").click()


def test_staff_add_an_area_and_ask_only_its_people_who_answer_in_irish(page, desk, new_page, officer_client):
    add_area(desk, "Demo North")
    desk.goto(f"/admin/pages/{page.pk}/edit/")
    desk.get_by_role("tab", name="Questionnaire").click()
    desk.locator("[aria-controls='block_group-questionnaire-1-value-settings']").click()
    condition = desk.locator("[data-contentpath=show_if] select").nth(2)
    condition.scroll_into_view_if_needed()
    condition.select_option(label=WHERE)
    ticks = condition.locator("xpath=..").locator("label")
    offered = [tick.inner_text().strip() for tick in ticks.all()]
    ticks.filter(has_text="Demo North").locator("input").check()
    desk.get_by_role("button", name="More actions").last.click()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Publish").click()

    assert offered == ["Demo North", "Demo South", "Outside the borough", "Prefer not to say"]
    north = Area.objects.get(name="Demo North")
    assert Consultation.objects.get().published.structure["sections"][1]["if"]["any"] == [4]

    irish_name = {"name": "Demo Thuaidh", "locale": Locale.objects.get(language_code="ga")}
    Area.objects.create(translation_key=north.translation_key, **irish_name)
    translate(ConsultationPage.objects.get(pk=page.pk), "ga", {WHERE: "Cá gcónaíonn tú?"})
    citizen = new_page(viewport={"width": 320, "height": 800})
    citizen.goto(f"/answer/{Consultation.objects.get().pk}/ga/1/")
    assert citizen.locator("span[lang=en]", has_text="Demo South").count() == 1
    citizen.get_by_role("radio", name="Demo Thuaidh").check()
    with citizen.expect_navigation():
        citizen.locator("form .button").first.click()
    assert MISSING in citizen.locator("main").inner_text()
    with citizen.expect_navigation():
        citizen.locator("form .button").first.click()
    assert "Demo Thuaidh" in citizen.locator("main").inner_text()
    with citizen.expect_navigation():
        citizen.locator("form .button").first.click()

    assert Response.objects.get().answers["1"] == 4
    figures = officer_client.get(f"/admin/consultations/{Consultation.objects.get().pk}/").content.decode()
    assert "Demo North" in figures
    address = f"/admin/consultations/{Consultation.objects.get().pk}/responses.csv"
    (row,) = csv.DictReader(io.StringIO(b"".join(officer_client.get(address).streaming_content).decode("utf-8-sig")))
    assert row[f"1. {WHERE}"] == "Demo North"
