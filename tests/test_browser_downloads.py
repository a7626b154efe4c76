"""An officer has a large file made and fetches it, without JavaScript."""

import uuid

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from consultation import exports, ledger
from consultation.answers import Answers
from consultation.models import Channel, Download
from tests.factories import make_consultation_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def many(monkeypatch, settings, tmp_path):
    options = settings.STORAGES["exports"]["OPTIONS"] | {"location": tmp_path / "exports"}
    settings.STORAGES = settings.STORAGES | {"exports": settings.STORAGES["exports"] | {"OPTIONS": options}}
    monkeypatch.setattr(exports, "LARGE", {"responses": 2, "answers": 2})
    consultation = make_consultation_page().period
    for _ in range(3):
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: 1}))
    return consultation


def test_a_large_file_is_made_and_fetched_without_javascript(many, new_page, officer, tmp_path):
    page = new_page(officer, java_script_enabled=False)

    page.goto(f"/admin/consultations/{many.pk}/downloads/")
    page.get_by_role("button", name="Excel").click()
    page.get_by_role("button", name="Make the file").click()
    assert page.get_by_text("it waits for its turn").is_visible()
    call_command("tick")
    with page.expect_download() as download:  # the page looks again by itself
        page.get_by_role("link", name="Download the file").click(timeout=20_000)

    download.value.save_as(tmp_path / "file.xlsx")
    assert load_workbook(tmp_path / "file.xlsx")["Responses"].max_row == 4
    assert Download.objects.get().end.complete


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_downloads_are_accessible_and_fit(many, new_page, administrator, axe, width):
    page = new_page(administrator, bypass_csp=True, viewport={"width": width, "height": 800})
    query = "?level=analysis&rows=responses"

    for address in (f"{many.pk}/downloads/", f"{many.pk}/prepare/xlsx/{query}", "downloads/"):
        page.goto(f"/admin/consultations/{address}")
        axe(page, context="main")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
