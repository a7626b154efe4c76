"""What a consultation should have before it opens is listed, done or missing; a gap keeps nobody from publishing."""

import datetime as dt
import html
import re

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Locale, PageLogEntry, Site

from consultation.models import Halt
from home.models import ConsultationPage, SiteLook, checklist
from home.publication import GAPS
from tests.factories import make_consultation_page, raw_block, translate

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)
TEXTS = {
    "decision": "The partnership decides in March.",
    "can_change": "Where the bench stands.",
    "privacy": "<p>We keep it for a year.</p>",
    "other_ways": "<p>Write to us.</p>",
    "next_steps": "We read all of it.",
}


def paper(kind):
    return raw_block(
        "paper",
        {
            "title": kind,
            "kind": kind,
            "page": None,
            "address": "https://example.org/",
            "document": None,
            "language": "",
        },
        kind,
    )


def complete(**changes):
    papers = [paper("equality_screening"), paper("rural_needs")]
    return make_consultation_page(**{**TEXTS, "papers": papers, "closes_at": NOW + 100 * DAY} | changes)


def missing(page):
    return [point.name for point in checklist.gaps(page)]


def said(shown):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", shown.content.decode())).split())


def test_a_page_that_has_everything_has_no_gap(db):
    page = complete()

    assert missing(page) == []
    assert [point.name for point in checklist.points(page)] == [
        "questions", "decision", "can_change", "dates", "privacy", "contact", "equality_screening", "rural_needs",
        "next_steps",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"decision": " "}, "decision"),
        ({"can_change": ""}, "can_change"),
        ({"privacy": "<p></p>"}, "privacy"),
        ({"next_steps": ""}, "next_steps"),
        ({"other_ways": ""}, "contact"),
        ({"closes_at": None}, "dates"),
        ({"closes_at": NOW + 30 * DAY}, "short"),
        ({"questionnaire": []}, "questions"),
        ({"papers": [paper("rural_needs")]}, "equality_screening"),
        ({"papers": [paper("equality_screening"), paper("document")]}, "rural_needs"),
    ],
)
def test_each_gap_is_found(changes, gap):
    assert missing(complete(**changes)) == [gap]


def test_the_contact_of_the_site_is_a_way_to_ask(db):
    page = complete(other_ways="")
    site = Site.objects.get(is_default_site=True)
    SiteLook.objects.update_or_create(site=site, defaults={"contact_email": "plan@example.org"})

    assert missing(page) == []


def test_a_language_is_complete_when_every_text_is_translated_and_it_is_not_behind(at_once):
    page = complete(questionnaire=[], papers=[])
    irish = translate(page, "ga", {})
    (point,) = [point for point in checklist.points(page) if point.translation]
    assert "texts are not translated" in point.words
    assert point.translation.edit_url == f"/admin/pages/{irish.pk}/edit/"

    every = [*TEXTS.values(), page.title, "We keep it for a year.", "Write to us."]
    translate(page, "ga", {text: f"{text} as Gaeilge" for text in every})
    (point,) = [point for point in checklist.points(page) if point.translation]
    assert (point.words, point.done) == ("Gaeilge is complete", True)

    page.save_revision().publish()
    page = ConsultationPage.objects.get(pk=page.pk)
    (point,) = [point for point in checklist.points(page) if point.translation]
    assert (point.words, point.done) == ("Gaeilge: the original was published since", False)


def test_the_papers_that_the_law_asks_for_are_public_among_the_documents(visitor):
    file = get_document_model().objects.create(title="Screening", file=ContentFile(b"%PDF", "screening.pdf"))
    own = paper("equality_screening")
    own["value"] |= {"document": file.pk, "address": "", "title": "Our equality screening"}

    shown = said(visitor.get(complete(papers=[own, paper("rural_needs")]).url))

    assert "Our equality screening" in shown
    assert "rural_needs" in shown


def test_the_editor_shows_the_list_with_a_way_to_each_field(editor_client):
    page = complete(decision="")

    shown = editor_client.get(f"/admin/pages/{page.pk}/edit/")

    assert "1 point is missing. You can publish all the same" in said(shown)
    assert "What is being decided, and by whom: missing Add it" in said(shown)
    assert 'href="#id_decision-label"' in shown.content.decode()
    assert 'id="id_decision-label"' in shown.content.decode()


@pytest.mark.parametrize("changes", [{"opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY}, {"halt": Halt.WITHDRAWN}])
def test_where_nobody_can_answer_any_more_there_is_no_list(editor_client, changes):
    page = complete(halt_reason="It was wrong.", **changes)

    assert "Checklist" not in said(editor_client.get(f"/admin/pages/{page.pk}/edit/"))


def test_gaps_are_noted_once_where_people_can_answer_or_soon_can(db):
    def notes(page):
        return [entry.message for entry in PageLogEntry.objects.filter(page=page.pk, action=GAPS)]

    page = complete(decision="", slug="open")
    page.save_revision().publish()

    assert notes(page) == ["Published with gaps in the checklist: What is being decided, and by whom."]
    assert len(notes(complete(decision="", slug="soon", opens_at=NOW + 6 * DAY))) == 1
    assert notes(complete(decision="", slug="later", opens_at=NOW + 9 * DAY)) == []
    assert notes(complete(slug="whole")) == []


def test_whoever_publishes_with_gaps_is_told_and_not_held_back(editor, editor_client):
    from tests.home.test_publishing import post

    editor.groups.add(Group.objects.get(name="Administrators"))
    page = make_consultation_page()

    shown = post(editor_client, page)

    assert shown["Location"].startswith("/admin/pages/")
    assert "is published with" in said(editor_client.get(shown["Location"]))


def test_more_pages_and_languages_cost_no_more_queries(at_once):
    def queries(pages):
        with CaptureQueriesContext(connection) as captured:
            assert len(checklist.of(pages)) == len(pages)
        return len(captured)

    first = complete(slug="one")
    translate(first, "ga", {})
    before = queries([first])
    more = [complete(slug=f"more-{number}") for number in range(3)]
    for page in more:
        for language in ("ga", "pl"):
            translate(page, language, {})
    assert Locale.objects.count() > 2
    assert queries([first, *more]) == before == 3
