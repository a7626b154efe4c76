"""Officers record a letter in Chromium: by keyboard alone, without JavaScript, on accessible pages of any width."""

import pytest
from django.utils import timezone

from consultation import correspondence
from consultation.correspondence import Received
from consultation.models import Channel, Response
from tests.consultation.test_attachments import PDF
from tests.factories import make_consultation_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def consultation(db):
    return make_consultation_page().consultation


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_is_accessible_and_as_narrow_as_its_screen(consultation, new_page, axe, officer, width):
    received = Received(
        Channel.PETITION, timezone.localdate(), "en", "Trees " * 40 + "x" * 200, "Somebody", "Trees", signatures=1240
    )
    response = correspondence.record(consultation, received, officer)
    root = f"/admin/consultations/{consultation.pk}/"
    page = new_page(user=officer, bypass_csp=True, viewport={"width": width, "height": 900})
    for path in ("", "letters/add/", "responses/", f"responses/{response.pk}/"):
        page.goto(root + path)

        axe(page, context="main")
        assert not page.locator("html").evaluate("part => part.scrollWidth > part.clientWidth"), path
    page.goto(f"{root}letters/add/")
    page.get_by_role("button", name="Record").click()
    page.get_by_text("Write down what it says, or attach a file that has it.").wait_for()
    axe(page, context="main")


def test_an_officer_records_a_petition_by_keyboard_alone_without_javascript(consultation, new_page, officer, tmp_path):
    scan = tmp_path / "list.pdf"
    scan.write_bytes(PDF)
    page = new_page(user=officer, java_script_enabled=False)
    page.goto(f"/admin/consultations/{consultation.pk}/")
    page.get_by_role("link", name="Add a letter, e-mail or petition").press("Enter")
    page.get_by_label("Petition").press("Space")
    page.get_by_label("Received on").fill(timezone.localdate().isoformat())
    page.get_by_label("What it says").press_sequentially("Plant more trees")
    page.get_by_label("Number of signatures").press_sequentially("1240")
    page.get_by_label("Attachments").set_input_files(scan)
    page.get_by_role("button", name="Record").press("Enter")

    assert page.get_by_text("1,240 signatures").is_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="list.pdf").press("Enter")
    assert saved.value.path().read_bytes() == PDF
    assert Response.objects.get().channel == "petition"
