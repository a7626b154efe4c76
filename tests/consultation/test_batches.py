"""What staff bring in is one response a sheet: numbered, checked by a second person, undone as a whole."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consultation import batches, changes, fold, instrument, ledger, one_response, receipts, tick
from consultation.answers import Answers
from consultation.ledger import Imported
from consultation.models import (
    AnswerWords,
    Batch,
    Channel,
    Consultation,
    Correction,
    Entry,
    EqualityAnswers,
    Handling,
    Redaction,
    Response,
    SecondKeying,
)
from consultation.source import SourceCondition
from tests.consultation.test_changes import agree
from tests.factories import make_consultation, make_source

pytestmark = pytest.mark.django_db

GIVEN = Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): "More trees"})
ANNE, BRIAN = SimpleNamespace(get_username=lambda: "anne"), SimpleNamespace(get_username=lambda: "brian")


def opened(consultation, **changes):
    known = {"source": Batch.Source.KEYED, "channel": Channel.PAPER, "language": "en", "operator": "anne"}
    known |= {"name": "Library", "version": consultation.version}
    return Batch.objects.create(consultation=consultation, **(known | changes))


def add(batch, given=GIVEN, key=None, user=ANNE, **more):
    asked = instrument.of_version(batch.consultation, batch.version_id, batch.language)
    return batches.add(batch, key or uuid.uuid4(), given.asked_by(asked), user, **more)


@pytest.fixture
def batch(consultation):
    return opened(consultation)


@pytest.fixture
def anne(django_user_model):
    return django_user_model.objects.create_user("anne")


# Adding


def test_a_sheet_is_a_response_of_its_channel_and_language_with_the_next_number(batch):
    first, second = add(batch), add(batch, Answers({1: 1}), user=BRIAN)

    assert [(entry.number, entry.operator) for entry in (first, second)] == [(1, "anne"), (2, "brian")]
    stored = Response.objects.get(pk=first.response_id)
    assert (stored.channel, stored.language, stored.state) == ("paper", "en", "counted")
    assert receipts.answers(stored).words == GIVEN.words
    assert len(stored.reference) == 11
    assert agree(batch.consultation) == 2


def test_the_same_form_twice_is_one_sheet(batch):
    key = uuid.uuid4()

    first, again = add(batch, key=key), add(batch, Answers({1: 1}), key=key)

    assert (first.pk, first.number) == (again.pk, again.number)
    assert Response.objects.count() == 1
    assert receipts.answers(Response.objects.get()).values[1] == 3


def test_the_same_form_after_its_sheet_was_corrected_is_still_that_sheet(batch):
    key = uuid.uuid4()
    corrected = batches.correct(add(batch, key=key), uuid.uuid4(), Answers({1: 2}), ANNE)

    assert add(batch, key=key).pk == corrected.pk
    assert Entry.objects.count() == 1


def test_a_sheet_keeps_the_number_that_is_written_on_it_and_the_next_follows(batch):
    add(batch, number=7)

    with pytest.raises(batches.Taken):
        add(batch, number=7)

    assert add(batch).number == 8
    assert Response.objects.count() == 2


def test_nothing_is_left_of_a_sheet_whose_entry_can_not_be_stored(batch, monkeypatch):
    monkeypatch.setattr(batches, "next_number", lambda batch: None)

    with pytest.raises(Exception, match="(?i)null"), transaction.atomic():
        add(batch)

    assert Response.objects.count() == 0


def test_equality_answers_are_kept_apart_as_ever(batch):
    entry = add(batch, equality={"age": "from35"})

    kept = EqualityAnswers.objects.get()
    assert (kept.answers, kept.link.response_id) == ({"age": "from35"}, entry.response_id)


def test_a_pile_that_was_printed_before_a_change_answers_the_version_that_it_shows(consultation):
    before, travel = consultation.version, make_source().sections[0]
    fewer = make_consultation(key=consultation.key, sections=(travel,))
    batch = opened(fewer, version=before)

    entry = add(batch, Answers({1: 1, 5: True}, {(5, 0): "More trees"}))

    assert entry.response.version_id == before.pk != fewer.version_id
    assert entry.response.answers["5"] is True
    assert agree(fewer) == 1


# When it was received


def at(year, month, day, hour=0, minute=0):
    return timezone.make_aware(dt.datetime(year, month, day, hour, minute), timezone.get_default_timezone())


OPENS, CLOSES = at(2026, 5, 1, 9), at(2026, 5, 29, 17)
NOW = at(2026, 6, 10, 15)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (dt.date(2026, 5, 12), at(2026, 5, 12, 12)),
        (dt.date(2026, 5, 1), at(2026, 5, 1, 12)),
        (dt.date(2026, 5, 29), at(2026, 5, 29, 12)),
        (dt.date(2026, 4, 30), None),
        (dt.date(2026, 5, 30), None),
        (dt.date(2026, 6, 11), None),
    ],
)
def test_paper_comes_on_a_day_and_in_time_where_any_of_that_day_was(day, instant):
    consultation = Consultation(opens_at=OPENS, closes_at=CLOSES)

    if instant is None:
        with pytest.raises(ledger.NotOpen):
            batches.received(consultation, day, NOW)
    else:
        assert batches.received(consultation, day, NOW) == instant


def test_what_came_on_a_day_that_closed_before_noon_came_in_time():
    consultation = Consultation(opens_at=OPENS, closes_at=at(2026, 5, 29, 10))

    assert batches.received(consultation, dt.date(2026, 5, 29), NOW) == at(2026, 5, 29, 10) - dt.timedelta(
        microseconds=1
    )


def test_a_form_that_came_in_time_is_keyed_in_after_closing_and_one_that_came_late_is_not(consultation):
    now = timezone.now()
    consultation.opens_at, consultation.closes_at = now - dt.timedelta(days=30), now - dt.timedelta(days=2)
    consultation.save()
    in_time, late = (timezone.localdate(now - dt.timedelta(days=days)) for days in (3, 1))
    batch = opened(consultation, received_on=in_time)

    entry = add(batch)
    with pytest.raises(ledger.NotOpen):
        add(batch, received_on=late)

    assert timezone.localdate(entry.response.received_at) == in_time
    assert (Response.objects.count(), agree(consultation)) == (1, 1)


def test_a_call_is_received_when_it_is_keyed_in_and_not_after_closing(consultation):
    batch, before = opened(consultation, channel=Channel.PHONE), timezone.now()
    stored = add(batch).response
    assert abs(stored.received_at - before) < dt.timedelta(minutes=1)

    Consultation.objects.update(closes_at=before)

    with pytest.raises(ledger.NotOpen):
        add(Batch.objects.get())


def test_the_ledger_asks_for_itself_when_something_was_received(consultation):
    row = Imported(uuid.uuid4(), "", "en", Channel.PAPER, consultation.closes_at, Answers())

    for instant in (consultation.closes_at, consultation.opens_at - dt.timedelta(microseconds=1)):
        with pytest.raises(ledger.NotOpen), transaction.atomic():
            ledger.bring_in(consultation, consultation.version, replace(row, received_at=instant))
    assert not Response.objects.exists()


def test_paper_arrives_while_a_consultation_is_paused(consultation):
    Consultation.objects.update(halt="paused")

    assert add(opened(consultation)).number == 1


# Correcting


def test_a_sheet_that_is_put_right_keeps_its_number_its_day_and_its_reference_and_is_not_checked(batch):
    day = timezone.localdate() - dt.timedelta(days=1)
    Consultation.objects.update(opens_at=timezone.now() - dt.timedelta(days=9))
    batch.refresh_from_db()
    entry = add(batch, received_on=day)
    batches.key_again(entry, receipts.answers(entry.response), BRIAN)
    reference = entry.response.reference

    new = batches.correct(entry, uuid.uuid4(), Answers({1: 2}), BRIAN)

    assert (new.number, new.checked_by, new.checked_at) == (1, "", None)
    assert new.response.reference == reference
    assert timezone.localdate(new.response.received_at) == day
    assert Entry.objects.count() == 1
    assert agree(batch.consultation) == 1


def test_what_happened_to_a_sheet_is_told_with_who_did_it(batch):
    entry = add(batch)
    entry = batches.correct(entry, uuid.uuid4(), Answers({1: 2}), ANNE)
    batches.key_again(entry, Answers({1: 2}), BRIAN)

    told = [(event.what, event.by) for event in one_response.history(entry.response)]

    assert told == [
        ("Received", ""),
        ("Keyed in from the batch “Library” as sheet 1", "anne"),
        ("Keyed in anew, to put it right", "anne"),
        ("Keyed in a second time and found to be right", "brian"),
    ]
    assert "brian" not in str(one_response.own_copy(Response.objects.get(pk=entry.response_id)))


# The second check


def test_nobody_checks_what_they_keyed_in_themselves(batch):
    entry = add(batch)

    with pytest.raises(batches.NotTheirs):
        batches.key_again(entry, receipts.answers(entry.response), ANNE)

    assert list(batches.unchecked(batch, ANNE)) == []
    assert list(batches.unchecked(batch, BRIAN)) == [entry]


def test_two_keyings_that_agree_are_checked_whatever_blanks_stand_between_the_words(batch):
    entry = add(batch)
    given = receipts.answers(entry.response)

    assert batches.key_again(entry, Answers(given.values, {**given.words, (5, 0): " More \n trees "}), BRIAN)

    entry.refresh_from_db()
    assert entry.checked_by == "brian"
    assert entry.checked_at is not None
    assert receipts.answers(Response.objects.get()).words[5, 0] == "More trees"


def test_where_two_keyings_differ_somebody_decides_question_by_question(batch):
    entry = add(batch)
    again = Answers({1: 2, 2: [1, 2], 3: 14, 5: True}, {(5, 0): "More trees"})

    assert not batches.key_again(entry, again, BRIAN)
    assert list(batches.unchecked(batch, BRIAN)) == []
    assert list(batches.undecided(batch)) == [entry]
    with pytest.raises(batches.NotTheirs):
        batches.settle(entry, {1}, uuid.uuid4(), ANNE)
    settled = batches.settle(entry, {1}, uuid.uuid4(), BRIAN)

    stored = Response.objects.get(pk=settled.response_id)
    assert (stored.answers["1"], stored.answers["3"]) == (2, 41)
    assert (settled.number, settled.checked_by) == (1, "brian")
    assert not AnswerWords.objects.filter(question=1).exists()
    assert not SecondKeying.objects.exists()
    assert agree(batch.consultation) == 1


def test_where_the_first_keying_was_right_in_everything_nothing_is_corrected(batch):
    entry = add(batch)
    batches.key_again(entry, Answers({1: 2}), BRIAN)

    settled = batches.settle(entry, set(), uuid.uuid4(), BRIAN)

    assert settled.response_id == entry.response_id
    assert settled.checked_by == "brian"
    assert not Correction.objects.exists()


def test_a_sheet_is_checked_by_one_of_two_who_try_at_once(batch):
    entry = add(batch)
    stale = Entry.objects.get(pk=entry.pk)
    batches.key_again(entry, Answers({1: 2}), BRIAN)

    with pytest.raises(changes.NotPossible):
        batches.key_again(stale, receipts.answers(entry.response), SimpleNamespace(get_username=lambda: "carol"))


def test_a_decision_never_leaves_an_answer_out_unsaid():
    travel, green = make_source().sections
    asked_of_some = replace(green, show_if=SourceCondition("main-way", ("bus",)))
    batch = opened(make_consultation(sections=(travel, asked_of_some)))
    entry = add(batch, Answers({1: 2, 5: True}, {(5, 0): "More trees"}))
    batches.key_again(entry, Answers({1: 1}).asked_by(instrument.current(batch.consultation, "en")), BRIAN)

    with pytest.raises(batches.Unasked):
        batches.settle(entry, {1}, uuid.uuid4(), BRIAN)
    assert SecondKeying.objects.exists()
    settled = batches.settle(entry, {1, 5}, uuid.uuid4(), BRIAN)

    assert Response.objects.get(pk=settled.response_id).answers == {"1": 1, "2": None, "3": None}


@pytest.mark.parametrize("gone", ["withdraw", "erase", "anonymise"])
def test_a_second_keying_goes_where_the_words_go(batch, gone):
    entry = add(batch)
    batches.key_again(entry, Answers({1: 2}), BRIAN)

    if gone == "anonymise":
        changes.anonymise(batch.consultation, timezone.now() + dt.timedelta(seconds=1))
    else:
        getattr(changes, gone)(entry.response)

    assert not SecondKeying.objects.exists()
    assert Entry.objects.exists() == (gone != "anonymise")


# Undoing


@pytest.mark.parametrize("source", Batch.Source)
@pytest.mark.parametrize("folded", [True, False])
def test_undoing_a_batch_leaves_nothing_of_it_and_the_rest_as_it_was(consultation, anne, source, folded):
    batch, other = opened(consultation, source=source), opened(consultation)
    entries = [add(batch, equality={"age": "from35"}) for _ in range(3)]
    kept = add(other)
    Redaction.objects.create(response=entries[0].response, question=5, text="M", name="anne")
    if folded:
        fold.fold(consultation)

    assert batches.undo(batch, anne)

    gone = Response.objects.filter(entry__batch=batch)
    assert {(row.state, row.reference, str(row.answers)) for row in gone} == {("erased", None, "{}")}
    assert {row.received_at.time() for row in gone} == {dt.time()}
    assert {row.response_id for row in AnswerWords.objects.all()} == {kept.response_id}
    assert not Redaction.objects.exists()
    assert not EqualityAnswers.objects.exists()
    assert set(Handling.objects.values_list("act", "name")) == {("erased", "anne")}
    assert Handling.objects.count() == 3
    batch.refresh_from_db()
    assert (batch.undone_by, batch.undone_at is not None) == ("anne", True)
    assert agree(consultation) == 1


def test_undoing_again_changes_nothing(batch, anne):
    add(batch)
    batches.undo(batch, anne)
    batch.refresh_from_db()
    when, handled = batch.undone_at, Handling.objects.count()

    assert batches.undo(batch, BRIAN)

    batch.refresh_from_db()
    assert (batch.undone_by, batch.undone_at, Handling.objects.count()) == ("anne", when, handled)


def test_what_was_corrected_withdrawn_held_or_erased_meanwhile_is_no_obstacle(batch, anne):
    corrected, withdrawn, held, erased, _plain = (add(batch) for _ in range(5))
    fold.fold(batch.consultation)
    batches.correct(corrected, uuid.uuid4(), Answers({1: 2}), ANNE)
    changes.withdraw(withdrawn.response)
    changes.hold(held.response)
    changes.erase(erased.response)

    assert batches.undo(batch, anne)

    assert set(Response.objects.filter(entry__batch=batch).values_list("state", flat=True)) == {"erased"}
    assert not Correction.objects.exists()
    assert agree(batch.consultation) == 0


def test_an_undoing_that_breaks_off_closes_the_batch_and_is_gone_on_with(batch, anne, monkeypatch):
    monkeypatch.setattr(batches, "STEP", 2)
    for _ in range(5):
        add(batch)
    fold.fold(batch.consultation)

    assert not batches.undo(batch, anne, patience=0)
    assert batches.left(batch) == 3
    with pytest.raises(batches.Undone):
        add(batch)
    assert agree(batch.consultation) == 3
    tick.tick()

    assert batches.left(batch) == 0
    batch.refresh_from_db()
    assert batch.undone_at is not None
    assert set(Handling.objects.values_list("name", "by")) == {("anne", anne.pk)}
    assert agree(batch.consultation) == 0


def test_a_sheet_that_is_sent_again_after_its_batch_was_undone_does_not_come_back(batch, anne):
    key = uuid.uuid4()
    add(batch, key=key)
    batches.undo(batch, anne)

    with pytest.raises(ledger.Erased):
        add(batch, key=key)


def test_a_tally_that_is_left_as_it_was_is_found(batch, anne, monkeypatch):
    add(batch)
    fold.fold(batch.consultation)
    monkeypatch.setattr(changes, "_add", lambda *given: None)
    batches.undo(batch, anne)

    with pytest.raises(AssertionError):
        agree(batch.consultation)


# Races


WRITERS = 4


def at_once(work, n):
    def run(_number):
        try:
            return [work() for _ in range(n)]
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return [result for part in pool.map(run, range(WRITERS)) for result in part]


@pytest.mark.django_db(transaction=True)
def test_operators_on_one_batch_get_different_numbers(batch):
    numbers = at_once(lambda: add(batch, Answers({1: 1})).number, 10)

    assert sorted(numbers) == list(range(1, 10 * WRITERS + 1))


@pytest.mark.django_db(transaction=True)
def test_one_form_that_is_sent_at_once_several_times_is_one_sheet(batch):
    key = uuid.uuid4()

    numbers = at_once(lambda: add(batch, Answers({1: 1}), key=key).number, 3)

    assert set(numbers) == {1}
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_while_a_batch_is_undone_answers_are_folded_and_nothing_is_counted_wrongly(batch, anne, monkeypatch):
    monkeypatch.setattr(batches, "STEP", 5)
    for _ in range(30):
        add(batch, Answers({1: 1}))
    other = opened(batch.consultation)

    def work():
        add(other, Answers({1: 2}))
        fold.fold(batch.consultation)
        batches.undo(batch, anne)

    at_once(work, 3)

    assert batches.left(batch) == 0
    fold.fold(batch.consultation)
    assert agree(batch.consultation) == 3 * WRITERS
