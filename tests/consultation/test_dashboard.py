"""How a consultation is going: by day where the council is, what was read, how far drafts got, how long is left."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from consultation import begun, changes, dashboard, drafts, fold, ledger, summary
from consultation.answers import Answers, encode
from consultation.models import Channel, Consultation, Draft, ReadMark, Response, Tally
from tests.factories import make_source

pytestmark = pytest.mark.django_db


def sent(consultation, *received, channel=Channel.WEB):
    rows = []
    for instant in received:
        row = ledger.submit(consultation, uuid.uuid4(), consultation.version, "en", channel, Answers({1: 1}))
        Response.objects.filter(pk=row.pk).update(received_at=dt.datetime.fromisoformat(instant))
        rows.append(row)
    return rows


def timeline(consultation, **options):
    return dashboard.timeline(summary.read(consultation, **options))


def draft(consultation, values, **fields):
    found, _secret = drafts.begin(consultation, uuid.uuid4())
    Draft.objects.filter(pk=found.pk).update(answers=encode(Answers(values)), **fields)
    return found


def reached(consultation):
    return {section.number: section.n for section in begun.sections(consultation) if section.n}


def text(page):
    return " ".join(page.content.decode().split())


def test_days_are_shown_without_gaps_folded_or_not(consultation):
    sent(consultation, "2026-06-01T23:30Z", "2026-06-02T10:00Z")
    fold.fold(consultation)
    sent(consultation, "2026-06-04T22:59Z")

    found = timeline(consultation)

    shown = [(span.first.day, span.n, span.height) for span in found.spans]
    assert shown == [(2, 2, 100), (3, 0, 0), (4, 1, 50)]
    assert (found.unit, found.missing, found.most.first) == ("day", 0, dt.date(2026, 6, 2))


def test_what_is_taken_back_leaves_its_day(consultation):
    rows = sent(consultation, "2026-06-01T12:00Z", "2026-06-02T12:00Z", "2026-06-02T13:00Z")
    fold.rebuild(consultation)

    changes.withdraw(rows[1])
    changes.hold(rows[0])

    assert [(span.first.day, span.n) for span in timeline(consultation).spans] == [(2, 1)]


def test_days_follow_the_filter(consultation):
    sent(consultation, "2026-06-01T12:00Z")
    sent(consultation, "2026-06-03T12:00Z", channel=Channel.PAPER)

    paper = timeline(consultation, where=summary.Q(channel=Channel.PAPER))

    assert [(span.first.day, span.n) for span in paper.spans] == [(3, 1)]


@pytest.mark.parametrize(
    ("last", "unit", "first", "ends"),
    [
        ("2026-04-09T12:00Z", "day", "2026-01-01", "2026-04-09"),
        ("2026-04-11T12:00Z", "week", "2025-12-29", "2026-04-12"),
        ("2028-02-29T12:00Z", "month", "2026-01-01", "2028-02-29"),
    ],
)
def test_long_times_are_shown_by_week_and_by_month(consultation, last, unit, first, ends):
    sent(consultation, "2026-01-01T12:00Z", last)

    found = timeline(consultation)

    assert (found.unit, found.spans[0].first.isoformat(), found.spans[-1].last.isoformat()) == (unit, first, ends)
    assert sum(span.n for span in found.spans) == 2 and len(found.spans) <= dashboard.MOST_BARS
    assert all(b.first - a.last == dt.timedelta(1) for a, b in zip(found.spans, found.spans[1:], strict=False))


def test_days_that_are_not_counted_yet_are_said_to_be_missing(consultation, officer_client):
    sent(consultation, "2026-06-01T12:00Z", "2026-06-02T12:00Z")
    fold.fold(consultation)
    Tally.objects.filter(segment="day", value="2026-06-01").delete()

    assert timeline(consultation).missing == 1
    page = text(officer_client.get(f"/admin/consultations/{consultation.pk}/"))
    assert "1 are not in it yet: their days are being counted." in page


def test_read_counts_the_responses_that_count(consultation):
    rows = sent(consultation, *["2026-06-01T12:00Z"] * 4)
    for row in rows[:2]:
        ReadMark.objects.create(response=row)
    changes.hold(rows[0])

    assert dashboard.read(consultation, 3) == dashboard.Read(1, pytest.approx(100 / 3))
    assert dashboard.read(consultation, 0).percent is None


def test_drafts_are_counted_by_the_last_section_that_was_saved(consultation):
    draft(consultation, {1: 1})
    draft(consultation, {1: None, 2: [1], 3: 5})
    draft(consultation, {1: 1, 4: None})
    draft(consultation, {})

    assert reached(consultation) == {0: 1, 1: 2, 2: 1}
    assert [section.title for section in begun.sections(consultation)] == ["", "Getting about", "Green places"]


def test_what_was_sent_is_corrected_or_can_not_be_opened_any_more_is_no_draft(consultation):
    draft(consultation, {1: 1}, sent_at=timezone.now())
    draft(consultation, {1: 1}, corrects=uuid.uuid4())
    draft(consultation, {1: 1}, created_at=timezone.now() - drafts.LIFETIME)
    assert reached(consultation) == {}

    draft(consultation, {1: 1})
    assert reached(consultation) == {1: 1}

    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now() - drafts.GRACE)
    consultation.refresh_from_db()
    assert begun.sections(consultation) == ()


def test_a_section_that_is_no_longer_asked_has_no_name(consultation, make_consultation):
    draft(consultation, {4: True})
    changed = make_consultation(key=consultation.key, sections=make_source().sections[:1])

    assert [(found.number, found.n) for found in begun.sections(changed)] == [(0, 1), (1, 0)]


def test_days_left_are_counted_where_the_council_is(consultation):
    now = timezone.localtime()
    closing = now.replace(hour=23, minute=59) + dt.timedelta(3)
    consultation.closes_at = closing
    assert dashboard.days_left(consultation) == 3

    consultation.closes_at = now - dt.timedelta(seconds=1)
    assert dashboard.days_left(consultation) is None
    consultation.closes_at = None
    assert dashboard.days_left(consultation) is None


def test_the_page_says_all_of_it_and_nothing_of_drafts_under_a_filter(consultation, officer_client):
    rows = sent(consultation, "2026-06-01T12:00Z", "2026-06-02T12:00Z")
    ReadMark.objects.create(response=rows[0])
    draft(consultation, {1: 1})

    page = text(officer_client.get(f"/admin/consultations/{consultation.pk}/"))
    filtered = text(officer_client.get(f"/admin/consultations/{consultation.pk}/?channel=web"))

    assert '<dt>Marked as read</dt> <dd> 1 <span class="figure-n">50 %</span>' in page
    assert "Begun and not sent: 1 draft, and how far it got" in page
    assert '1. Getting about </th> <td class="number">1</td>' in page
    assert page.count("<rect x=") == 2
    assert "Begun and not sent" not in filtered and "Marked as read" not in filtered
    assert filtered.count("<rect x=") == 2
