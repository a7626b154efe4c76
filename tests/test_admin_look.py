"""The look of the site and the statements of an outcome, as they are set in the admin, in Chromium."""

import pytest
from playwright.sync_api import expect
from wagtail.models import Site

from home.models import SiteLook
from tests.admin import choose, sign_in
from tests.factories import make_consultation_page, raw_block, raw_question, raw_questionnaire
from tests.home.test_life import OUTCOME, PAST
from tests.home.test_statements import BENCHES, WAY, stated

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("admin"),
]

STATEMENT = "statements-0-value"


def test_a_statement_rests_on_a_question_chosen_from_the_form_as_it_stands(new_page, editor):
    rows = [raw_block("item", {"label": "Buses", "theme": ""}, "row")]
    questionnaire = raw_questionnaire()
    matrix = raw_question("matrix", "How good are", options=["Good", "Bad"], rows=rows)
    questionnaire[1]["value"]["questions"].append(matrix)
    page = make_consultation_page(**OUTCOME | PAST, statements=stated(BENCHES), questionnaire=questionnaire)
    desk = sign_in(new_page, editor, "Administrators")
    desk.goto(f"/admin/pages/{page.pk}/edit/")
    desk.get_by_role("tab", name="Pause and outcome").click()
    field = desk.locator(f"[name='{STATEMENT}-question']")

    offered = field.locator("option").all_inner_texts()
    field.select_option(label=WAY)
    choose(desk, "Publish")
    expect(desk.locator(".messages")).to_contain_text("has been published")

    assert offered[:3] == ["No single question", WAY, "What would help?"]
    assert "How good are – Buses" in offered
    assert not any("twelve" in text for text in offered)
    reader = new_page()
    reader.goto(page.url)
    expect(reader.locator(".statement")).to_contain_text(f"From the answers to: {WAY}")


def test_a_colour_is_picked_or_written_and_a_faint_one_is_refused(new_page, administrator):
    look = SiteLook.for_site(Site.objects.get())
    desk = sign_in(new_page, administrator)
    desk.goto(f"/admin/settings/home/sitelook/{look.site_id}/")
    picker = desk.get_by_label("Pick a colour: Brand colour")
    field = desk.locator("[name=brand_colour]")

    assert (picker.input_value(), field.input_value()) == ("#12403a", "")
    picker.fill("#ff8800")
    assert field.input_value() == "#ff8800"
    with desk.expect_navigation():
        desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("#ff8800 is hard to read where it stands").first).to_be_visible()
    field.fill("#0b3d91")
    assert picker.input_value() == "#0b3d91"
    with desk.expect_navigation():
        desk.get_by_role("button", name="Save").click()

    reader = new_page()
    reader.goto("/en/")
    colour = "getComputedStyle(document.querySelector('.masthead')).backgroundColor"
    assert reader.evaluate(colour) == "rgb(11, 61, 145)"
