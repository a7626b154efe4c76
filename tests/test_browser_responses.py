"""Officers read responses in Chromium: by keyboard, on accessible pages of any width, and on paper."""

import uuid

import pytest
from django.contrib.auth.models import Permission

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Handling, ReadMark, Redaction, Response
from consultation.redacting import GAP
from tests.factories import make_consultation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 1280)
WROTE = "Write to somebody@example.org. A word that does not end" + "x" * 200 + " and one from right to left: שלום"


@pytest.fixture
def reader(officer):
    codenames = ["read_responses", "redact_responses", "erase_responses", "view_audit"]
    officer.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return officer


@pytest.fixture
def sent(db):
    consultation = make_consultation()
    given = Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): WROTE})
    asked = given.asked_by(instrument.current(consultation, "en"))
    rows = [
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, asked) for _ in range(60)
    ]
    Redaction.objects.create(response=rows[1], question=5, text=f"Write to {GAP}.", name="officer")
    return rows


def overflows(page, part="html"):
    return page.locator(part).first.evaluate("part => part.scrollWidth > part.clientWidth")


def tab_to(page, name, role="link"):
    """Go on with Tab until something of that name has the focus."""
    target = page.get_by_role(role, name=name, exact=True).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("target => target === document.activeElement"):
            return
    raise AssertionError(f"Tab does not get to {name}")


def test_every_page_is_accessible_and_as_narrow_as_its_screen(sent, new_page, axe, reader):
    page = new_page(user=reader, bypass_csp=True)
    root = f"/admin/consultations/{sent[0].consultation_id}/"
    one = f"{root}responses/{sent[1].pk}/"
    parts = [
        f"{root}responses/",
        f"{root}responses/?words=zzz&channel=paper",
        f"{root}responses/?since=soon",
        f"{root}?channel=web&by=language",
        f"{one}?channel=web",
        f"{one}redact/5/0/",
        f"{one}erase/",
        "/admin/consultations/find/?reference=ABC",
        "/admin/consultations/handled/",
    ]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for part in parts:
            page.goto(part)
            if page.locator(".filter:not([open]) summary").count():
                page.locator(".filter summary").click()
            assert not overflows(page), (part, width)
            if page.locator(".officers").count():
                assert not overflows(page, ".officers"), (part, width)
            axe(page, context="#main")


def test_an_officer_filters_and_reads_on_by_keyboard_alone(sent, new_page, reader):
    page = new_page(user=reader, viewport={"width": 1280, "height": 900})
    page.goto(f"/admin/consultations/{sent[0].consultation_id}/responses/")
    page.locator(".filter summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, "Channel", "combobox")
    page.keyboard.type("Online")
    tab_to(page, "Apply the filter", "button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Filtered: Online").is_visible()
    assert page.get_by_text("60 responses, of 60 that are counted.").is_visible()

    tab_to(page, sent[-1].reference)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "Mark as read and go on", "button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", name=sent[-2].reference).is_visible()
    tab_to(page, "Older")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith(f"/{sent[-3].pk}/?channel=web")
    assert [mark.response_id for mark in ReadMark.objects.all()] == [sent[-1].pk]
    assert Handling.objects.count() == 3


def test_the_filter_works_without_javascript(sent, new_page, reader):
    page = new_page(user=reader, java_script_enabled=False)
    page.goto(f"/admin/consultations/{sent[0].consultation_id}/responses/")
    page.locator(".filter summary").click()
    page.get_by_label("Answered", exact=True).select_option("By bus")
    page.get_by_role("button", name="Apply the filter").click()

    assert page.get_by_text("Filtered: Answered “By bus” to question 1").is_visible()
    assert page.get_by_text("No response fits.").is_visible()
    assert Response.objects.count() == 60


def test_on_paper_stands_what_was_filtered_and_no_form(sent, new_page, reader):
    page = new_page(user=reader)
    page.emulate_media(media="print")
    root = f"/admin/consultations/{sent[0].consultation_id}/"

    for part in (f"{root}responses/?channel=web", f"{root}?channel=web"):
        page.goto(part)
        assert page.locator(".filter-said").first.is_visible()
        assert not page.locator(".filter").is_visible()
