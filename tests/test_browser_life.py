"""The start page in every state, narrow and wide, in two languages; what is sent late, with JavaScript and without."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model

from consultation.models import Consultation, Halt, Response, State
from tests.factories import make_consultation_page, raw_block, translate
from tests.journeys import Keyboard, Pointer, begin, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS")
DAY = dt.timedelta(days=1)
TEXTS = {
    "summary": "What should stand where the old station was?",
    "introduction": "<p>The site is empty.</p>",
    "decision": "The council decides in May.",
    "can_change": "What is built. That something is built is settled.",
    "other_ways": "<p>On paper, in every library.</p>",
    "privacy": "<p>No name is kept.</p>",
    "next_steps": "Everything is read in May.",
    "dates_reason": "Two halls were snowed in.",
    "short_reason": "The grant ends in May.",
    "halt_reason": "The map on page two is wrong.",
    "we_asked": "<p>What should stand there?</p>",
    "you_said": "<p>Trees.</p>",
    "we_did": "<p>Trees were planted.</p>",
    "decision_url": "https://example.org/minutes",
}


def in_state(page, state, now):
    """Publish what brings a page that is open into that state."""
    page.opens_at, page.closes_at = now - 10 * DAY, now + 20 * DAY
    if state == State.FORTHCOMING:
        page.opens_at = now + DAY
    if state in (State.CLOSED, State.OUTCOME):
        page.closes_at = now - DAY
    page.halt = {State.PAUSED: Halt.PAUSED, State.WITHDRAWN: Halt.WITHDRAWN}.get(state, Halt.NONE)
    page.outcome_on = now.date() if state == State.OUTCOME else None
    for part in ("we_asked", "you_said", "we_did"):
        setattr(page, part, TEXTS[part] if state == State.OUTCOME else "")
    page.save_revision().publish()
    assert Consultation.objects.get(key=page.translation_key).state() == state


@pytest.fixture
def page_with_everything(transactional_db):
    now = timezone.now()
    file = get_document_model().objects.create(title="Report", file=ContentFile(b"%PDF-1.4 x", name="report.pdf"))
    papers = [
        {"title": "The site", "kind": "document", "address": "https://example.org/", "document": file.pk},
        {"title": "An séala", "kind": "document", "document": file.pk, "language": "ga"},
        {"title": "The site, told simply", "kind": "easy_read", "address": "https://example.org/easy/"},
    ]
    page = make_consultation_page(
        **{name: text for name, text in TEXTS.items() if not name.startswith(("we_", "you_"))},
        outcome_due=(now + 60 * DAY).date(),
        papers=[raw_block("paper", value, value["title"]) for value in papers],
        opens_at=now - 10 * DAY,
        closes_at=now + 10 * DAY,
    )
    translate(page.get_parent().get_parent().specific, "ga", {})
    translate(page.get_parent().specific, "ga", {})
    translate(page, "ga", {"Everything is read in May.": "Léitear gach rud i mí na Bealtaine."})
    return page


def test_the_start_page_in_every_state_fits_and_breaks_no_rule_of_accessibility(page_with_everything, new_page, axe):
    page, now = page_with_everything, timezone.now()
    irish = page.get_translations().get().specific
    readers = {width: new_page(viewport={"width": width, "height": 900}, bypass_csp=True) for width in (320, 1280)}
    for state in State:
        in_state(page, state, now)
        for width, reader in readers.items():
            for language, address in (("en", page.url), ("ga", irish.url), ("list", page.get_parent().url)):
                reader.goto(address)
                fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
                assert reader.evaluate(fits), (state, width, language)
                axe(reader)
                if SHOTS:
                    reader.screenshot(path=Path(SHOTS) / f"{state.value}-{language}-{width}.png", full_page=True)


@pytest.mark.parametrize("hands", [Keyboard, Pointer])
def test_what_is_sent_late_is_on_the_page_to_copy_with_javascript_and_without(hands, new_page, axe, transactional_db):
    page = make_consultation_page()
    journey = begin(hands, new_page(**window(hands, 320)), axe, 320)
    journey.page.goto(page.url)
    journey.go(journey.page.get_by_role("link", name="Start answering"))
    journey.hands.choose("On foot")
    journey.go_on()
    journey.hands.write("How old are you?", "forty-one")
    journey.hands.write("What should change?", "More trees")
    Consultation.objects.update(closes_at=timezone.now())

    journey.go_on()

    assert journey.heading == "This consultation has closed"
    for text in ("On foot", "forty-one", "More trees"):
        assert text in journey.said
    assert not Response.objects.exists()
