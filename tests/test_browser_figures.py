"""Officers read figures in Chromium: by keyboard, on accessible pages of any width, on paper with the filter."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from consultation import drafts, instrument, ledger, tabulations
from consultation.answers import Answers, encode
from consultation.models import Channel, Draft, Theme
from tests.factories import make_consultation
from tests.test_browser_responses import WIDTHS, overflows, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def send(consultation, *given, channel=Channel.WEB):
    for values in given:
        asked = Answers(values).asked_by(instrument.current(consultation, "en"))
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", channel, asked)


@pytest.fixture
def answered(db):
    """This year's, with a draft, and last year's."""
    now = timezone.now()
    before = make_consultation(key=uuid.uuid4(), opens_at=now - dt.timedelta(days=400), title="Last year")
    now = make_consultation(key=uuid.uuid4(), title="This year")
    send(before, {1: 1, 2: [1], 3: 20})
    send(now, *[{1: n % 3 + 1, 2: [n % 4 + 1], 3: n} for n in range(40)])
    send(now, {1: 1, 2: [2]}, channel=Channel.PAPER)
    draft, _secret = drafts.begin(now, uuid.uuid4())
    Draft.objects.filter(pk=draft.pk).update(answers=encode(Answers({1: 1})))
    return now


def test_every_page_of_figures_is_accessible_and_as_narrow_as_its_screen(
    answered, new_page, axe, administrator, monkeypatch
):
    page = new_page(user=administrator, bypass_csp=True)
    root, theme = f"/admin/consultations/{answered.pk}/", Theme.objects.get(name="Getting about")
    addresses = [
        root,
        f"{root}?channel=paper",
        f"{root}crosstab/",
        f"{root}crosstab/?question=2&across=1&channel=web",
        f"/admin/consultations/themes/{theme.pk}/",
    ]

    def look(address):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address)
            page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
            assert not overflows(page), (address, width)
        axe(page, context="main")

    for address in addresses:
        look(address)
    monkeypatch.setattr(tabulations, "LARGE", 4)
    look(f"{root}?channel=web")
    tabulations.ask(administrator, answered, "channel=web")
    look(f"{root}?channel=web")
    tabulations.make_due()
    look(f"{root}?channel=web")


def test_a_table_is_chosen_with_the_keyboard_alone(answered, new_page, administrator):
    page = new_page(user=administrator, java_script_enabled=False)
    page.goto(f"/admin/consultations/{answered.pk}/crosstab/")

    tab_to(page, "Show the question", "combobox")
    page.keyboard.type("2. What")
    page.keyboard.press("Tab")
    page.keyboard.type("1. How")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/crosstab/?question=2&across=1")
    table = page.get_by_role("region", name="What would help?")
    assert table.get_by_role("columnheader", name="By bus").count() == 1
    tab_to(page, "What would help?", "region")  # what may be wider than the screen is scrolled with the keyboard


def test_what_is_printed_says_the_filter_and_shows_no_menu(answered, new_page, administrator):
    page = new_page(user=administrator)
    for address in ("?channel=paper", "crosstab/?question=2&across=1&channel=paper"):
        page.goto(f"/admin/consultations/{answered.pk}/{address}")
        page.emulate_media(media="print")

        assert page.get_by_text("Filtered: On paper").first.is_visible()
        assert not page.get_by_role("button", name="Show the table").is_visible()
        assert not page.get_by_role("heading", name="Compare").is_visible()
        assert page.locator("table.figures:visible").count()
        page.emulate_media(media="screen")
