"""The officers' screens together, in Chromium: accessible, as narrow as they are seen, some by keyboard alone."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from consultation import exports
from consultation.downloads import Contents
from consultation.models import Batch, Consultation, Download, Export, Format, Level, RetentionRun
from tests.coding import make_frame, write
from tests.consultation.test_results import late, make_closed, publish
from tests.factories import make_consultation
from tests.test_browser_responses import overflows, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 768, 1280)
LONG = "A consultation whose name goes on for ever: " + "x" * 120


@pytest.fixture
def staff(officer):
    """An officer who answers for it, too."""
    officer.groups.add(Group.objects.get(name="Administrators"))
    return officer


@pytest.fixture
def consultation(db):
    """With answers, results in two versions, a batch and a code frame; and another one with a long name."""
    found = make_closed().consultation
    publish(found)
    late(found, 30)
    publish(found)
    Batch.objects.create(consultation=found, source=Batch.Source.FILE, channel="import", language="en", name="y" * 100)
    make_frame(found, 4)
    other = make_consultation(key=uuid.uuid4(), title=LONG)
    write(other)
    past = timezone.now() - dt.timedelta(days=400)
    Consultation.objects.filter(pk=other.pk).update(opens_at=past, closes_at=past + dt.timedelta(days=30))
    RetentionRun.objects.create(consultation=other, before=past, responses=12, ended_at=timezone.now())
    return found


def screens(consultation, export):
    root = f"/admin/consultations/{consultation.pk}/"
    return [
        "/admin/consultations/",
        "/admin/consultations/kept/",
        "/admin/consultations/themes/",
        "/admin/consultations/quotes/",
        "/admin/consultations/find/",
        "/admin/consultations/handled/",
        "/admin/consultations/downloads/",
        root,
        f"{root}compare/",
        f"{root}downloads/",
        f"{root}results/",
        f"{root}results/publish/",
        f"{root}results/2/take-back/",
        f"{root}batches/",
        f"{root}batches/new/",
        f"{root}batches/{Batch.objects.get().pk}/",
        f"{root}coding/",
        f"{root}letters/add/",
        f"{root}import/",
        f"/admin/consultations/exports/{export.pk}/?stay",
    ]


def test_every_screen_is_accessible_and_as_narrow_as_it_is_seen(consultation, new_page, axe, staff):
    export = exports.ask(staff, Contents(consultation, Download.Holds.RESPONSES, Level.FULL, Format.XLSX, "en"))
    page = new_page(user=staff, bypass_csp=True)

    for address in screens(consultation, export):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(address)
            assert answer.status == 200 and page.url.endswith(address), address
            assert not overflows(page), (address, width)
        axe(page, context="main")
    assert Export.objects.count() == 1


def test_what_is_kept_is_found_and_gone_through_by_keyboard_alone(consultation, new_page, officer):
    page = new_page(user=officer)
    page.goto("/admin/")
    tab_to(page, "Reports", "button")
    page.keyboard.press("Enter")
    tab_to(page, "Personal data")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_role("heading", name="Personal data", exact=True).is_visible()
    assert page.get_by_role("heading", name="What will be deleted").is_visible()
    tab_to(page, "The town’s plan")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/admin/consultations/{consultation.pk}/")


def test_questions_to_compare_by_are_chosen_by_keyboard_alone(consultation, new_page, officer):
    page = new_page(user=officer)
    page.goto(f"/admin/consultations/{consultation.pk}/compare/")
    box = page.get_by_role("checkbox").first
    tab_to(page, box.evaluate("box => box.labels[0].textContent.trim()"), "checkbox")
    page.keyboard.press("Space")
    tab_to(page, page.locator("main button[type=submit]").first.inner_text().strip(), "button")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert Consultation.objects.get(pk=consultation.pk).segments
