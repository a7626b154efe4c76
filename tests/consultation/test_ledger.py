"""Submitting: stored once, by the database's clock, to the letter."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation import answers, drafts, instrument, ledger, receipts
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Draft, Reason, Response

pytestmark = pytest.mark.django_db


def submit(consultation, given=None, key=None):
    asked = (given or Answers()).asked_by(instrument.current(consultation, "en"))
    return ledger.submit(consultation, key or uuid.uuid4(), consultation.version, "en", Channel.WEB, asked)


def test_a_response_is_stored_with_its_words(consultation):
    stored = submit(consultation, Answers({1: 3, 4: True}, {(1, 3): "by boat", (4, 0): "Wallace Park"}))

    assert stored.answers == {"1": 3, "2": None, "3": None, "4": True, "5": None}
    assert set(stored.words.values_list("question", "option", "text")) == {(1, 3, "by boat"), (4, 0, "Wallace Park")}


def test_the_same_key_again_returns_the_first_response(consultation):
    key = uuid.uuid4()

    first = submit(consultation, Answers({1: 1}), key)
    second = submit(consultation, Answers({1: 2}), key)

    assert first.pk == second.pk
    assert second.answers["1"] == 1


def test_the_version_before_still_submits_while_a_release_rolls_out(consultation):
    if connection.vendor != "postgresql":
        pytest.skip("on PostgreSQL alone a function submits")
    before = "SELECT consultation_submit(%s, %s, 'AAA-AAA-AAA', %s, 'en', 'web', '{\"1\": 1}', '[[4, 0, \"Park\"]]')"

    with connection.cursor() as cursor:
        cursor.execute(before, [consultation.pk, uuid.uuid4(), consultation.version_id])

    stored = Response.objects.get()
    assert (stored.state, stored.answers, stored.words.get().text) == ("counted", {"1": 1}, "Park")


def test_a_reference_that_is_taken_is_drawn_again(consultation, monkeypatch):
    drawn = iter(["AAA-AAA-AAA", "AAA-AAA-AAA", "BBB-BBB-BBB"])
    monkeypatch.setattr(ledger, "new_reference", lambda: next(drawn))

    assert [submit(consultation).reference, submit(consultation).reference] == ["AAA-AAA-AAA", "BBB-BBB-BBB"]


@pytest.mark.parametrize(("opens", "closes"), [(60, 120), (-120, -60), (-120, 0)])
def test_outside_the_opening_hours_nothing_is_stored(consultation, opens, closes):
    now = timezone.now()
    consultation.opens_at, consultation.closes_at = (
        now + dt.timedelta(seconds=opens),
        now + dt.timedelta(seconds=closes),
    )
    consultation.save()

    with pytest.raises(ledger.NotOpen):
        submit(consultation)
    assert not Response.objects.exists()


def test_an_instant_within_the_millisecond_has_come(consultation):
    """SQLite's clock counts milliseconds: without care a closing time of this very instant is still to come."""
    for _ in range(100):
        Consultation.objects.update(closes_at=timezone.now())
        with pytest.raises(ledger.NotOpen):
            ledger.check_open(consultation.pk)
        with pytest.raises(ledger.NotOpen):
            submit(consultation)


def test_without_a_closing_date_it_stays_open(consultation):
    consultation.closes_at = None
    consultation.save()

    assert submit(consultation).pk


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "a\x00b",
        "\ud800lone",
        "\u202ebidi\u202c",
        "e" + "\u0301" * 500,
        "👩‍👩‍👧" * 2000,
        "x\r\ny",
        "\x1b[31m",
        "'",
        "\\x00",
    ],
)
def test_any_text_is_stored_as_cleaned_or_refused_with_a_message(consultation, text):
    questions = [instrument.current(consultation, "en").question(5)]

    reading = answers.read(questions, {"q5": [text]})

    if not reading.errors:
        kept = submit(consultation, reading.answers).words.get(question=5).text
        assert kept == reading.answers.words[5, 0]
        assert reading.removed == (kept != text.replace("\r\n", "\n"))


def test_a_very_long_text_is_refused_with_a_message(consultation):
    reading = answers.read([instrument.current(consultation, "en").question(5)], {"q5": ["x" * 1_000_000]})

    assert "too long" in reading.errors[5]


# A draft that is sent


@pytest.fixture
def draft(consultation):
    draft, _secret = drafts.begin(consultation, uuid.uuid4())
    questions = instrument.current(consultation, "en").sections[0].questions
    drafts.save(draft, consultation, questions, Answers({1: 1}), drafts.sight(Answers(), questions))
    draft.refresh_from_db()
    return draft


def send(draft, consultation, **more):
    asked = Answers({1: 1}).asked_by(instrument.current(consultation, "en"))
    receipts.send(draft, consultation, "en", asked, **more)


def test_sending_is_one_statement_on_postgresql(draft, consultation):
    instrument.current(consultation, "en")
    with CaptureQueriesContext(connection) as asked:
        send(draft, consultation)

    stored, draft = Response.objects.get(), Draft.objects.get()
    assert (stored.key, stored.answers["1"], draft.answers, draft.sent_at is not None) == (draft.sends, 1, {}, True)
    if connection.vendor == "postgresql":
        assert len(asked) == 1


def test_a_draft_that_another_tab_has_changed_is_not_sent(draft, consultation):
    Draft.objects.update(revision=7)

    with pytest.raises(drafts.Changed):
        send(draft, consultation)
    assert not Response.objects.exists()


def test_a_draft_that_was_sent_is_not_sent_again(draft, consultation):
    send(draft, consultation)

    with pytest.raises(drafts.AlreadySent):
        send(draft, consultation)
    assert Response.objects.count() == 1


def test_what_is_sent_too_late_stays_in_the_draft(draft, consultation):
    Consultation.objects.update(closes_at=timezone.now())

    with pytest.raises(ledger.NotOpen):
        send(draft, consultation)
    assert (Draft.objects.get().sent_at, Draft.objects.get().answers) == (None, draft.answers)


def test_a_reference_that_is_taken_delays_no_draft(draft, consultation, monkeypatch):
    taken = submit(consultation).reference
    drawn = iter([taken, taken, "BBB-BBB-BBB"])
    monkeypatch.setattr(ledger, "new_reference", lambda: next(drawn))

    send(draft, consultation)

    assert Response.objects.filter(reference="BBB-BBB-BBB", key=draft.sends).exists()
    assert Draft.objects.get().sent_at is not None


def test_a_suspects_draft_is_sent_and_held(draft, consultation):
    send(draft, consultation, reasons=[Reason.PACE])

    stored = Response.objects.get()
    assert (stored.state, [row.reason for row in stored.suspicions.all()]) == (Response.State.HELD, [Reason.PACE])
