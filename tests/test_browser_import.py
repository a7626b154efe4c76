"""An officer imports a spreadsheet, without JavaScript, on pages that are accessible and fit any screen."""

import pytest

from consultation.models import Batch, Response, Upload
from tests.factories import make_consultation_page
from tests.spreadsheets import as_csv

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TABLE = [
    ["Collected at the fair"],
    ["Date received", "How do you mostly travel?", "What would help?", "What should change?"],
    ["2026-03-01", "On foot", "Wider paths; More buses", "More trees"],
    ["2026-03-02", "Shanks’s pony", "", "=1+1"],
    ["2999-01-01", "By bus", "", ""],
]


@pytest.fixture
def fair(settings, tmp_path):
    options = settings.STORAGES["imports"]["OPTIONS"] | {"location": tmp_path / "imports"}
    settings.STORAGES = settings.STORAGES | {"imports": settings.STORAGES["imports"] | {"OPTIONS": options}}
    (tmp_path / "fair.csv").write_bytes(as_csv(*TABLE))
    return make_consultation_page().period, tmp_path / "fair.csv"


def go(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_a_file_is_imported_without_javascript(fair, new_page, officer, tmp_path):
    consultation, file = fair
    page = new_page(officer, java_script_enabled=False)
    page.goto(f"/admin/consultations/{consultation.pk}/")
    page.get_by_role("link", name="Import a spreadsheet").click()

    page.get_by_label("File").set_input_files(file)
    go(page, "Go on")
    assert page.get_by_label("Row of the headers").input_value() == "2"
    go(page, "Go on to the columns")
    assert page.get_by_label("What should change?").input_value() == "q4"
    go(page, "Go on")
    page.get_by_label("Shanks’s pony").select_option("On foot")
    go(page, "Check the rows")
    assert page.get_by_text("2 responses can be imported. 1 row has an error. Nothing is stored yet.").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all of it (CSV)").click()
    download.value.save_as(tmp_path / "errors.csv")
    assert "2999-01-01" in (tmp_path / "errors.csv").read_text()
    assert not Response.objects.exists()
    go(page, "Import the 2 good rows and leave out 1")

    assert page.get_by_text("2 responses were imported. 1 row was left out. The file was deleted.").is_visible()
    assert [response.answers for response in Response.objects.order_by("pk")] == [
        {"1": 1, "2": [1, 2], "4": True},
        {"1": 1, "2": None, "4": True},
    ]
    assert (Batch.objects.get().name, Batch.objects.get().operator) == ("fair.csv", "officer")
    page.get_by_role("link", name="To the batch").click()
    assert page.get_by_text("2 responses.").is_visible()
    assert page.get_by_role("link", name="Undo the batch").is_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_step_is_accessible_and_fits(fair, new_page, officer, axe, width):
    consultation, file = fair
    page = new_page(officer, bypass_csp=True, viewport={"width": width, "height": 800})

    def look():
        axe(page, context="main")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto(f"/admin/consultations/{consultation.pk}/import/")
    look()
    page.get_by_label("File").set_input_files(file)
    go(page, "Go on")
    look()
    go(page, "Go on to the columns")
    page.get_by_label("Date received").select_option("q4")
    go(page, "Go on")
    assert page.get_by_text("has the same meaning").first.is_visible()
    look()
    page.get_by_label("Date received").select_option("received_at")
    go(page, "Go on")
    look()
    go(page, "Check the rows")
    look()
    go(page, "Import the 1 good row and leave out 2")
    look()
    assert Upload.objects.get().state == Upload.State.DONE
