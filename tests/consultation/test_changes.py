"""Changing a response: each change moves the tally by exactly what the response said, folded or not."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consultation import changes, csv_files, fold, instrument, ledger, summary
from consultation.answers import Answers
from consultation.columns import Form
from consultation.fold import rebuild
from consultation.models import AnswerWords, Channel, Reason, Response, Suspicion
from consultation.recount import check, recount, tally
from tests.factories import make_source

pytestmark = pytest.mark.django_db

GIVEN = [
    Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): "More trees"}),
    Answers({1: 1, 2: None, 3: "12.5"}),
    Answers({1: 1, 2: [5], 3: None}),
]


@pytest.fixture(params=["folded", "not folded yet"])
def responses(request, consultation):
    asked = instrument.current(consultation, "en")
    stored = [
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given.asked_by(asked))
        for given in GIVEN
    ]
    if request.param == "folded":
        fold.fold(consultation)
    return stored


def agree(consultation):
    """Officers' figures, recount and file say the same, now and after the fold."""
    for _ in range(2):
        counted = recount(consultation)
        assert summary.live_counts(consultation) == counted
        assert check(consultation) == []
        file = csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.KEYS))))
        assert len(list(file)) - 1 == next((c.n for cell, c in counted.items() if cell == (0, 0, "", "")), 0)
        fold.fold(consultation)
    assert tally(consultation) == counted
    return summary.of_consultation(consultation).received


def test_a_held_response_is_in_no_figure_until_it_is_released(consultation, responses):
    changes.hold(responses[0])
    assert agree(consultation) == 2

    changes.release(responses[0])
    assert agree(consultation) == 3


def test_a_rejected_response_is_in_no_figure_and_can_still_be_released(consultation, responses):
    changes.hold(responses[0])
    changes.reject(responses[0])
    assert agree(consultation) == 2

    changes.release(responses[0])
    assert agree(consultation) == 3


@pytest.fixture(params=["folded", "not folded yet"])
def held(request, consultation):
    """One that was held when it came."""
    given = GIVEN[0].asked_by(instrument.current(consultation, "en"))
    reasons = [Reason.TRAP, Reason.PACE]
    stored = ledger.submit(
        consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given, reasons=reasons
    )
    if request.param == "folded":
        fold.fold(consultation)
    return stored


def reasons_of(response):
    return [suspicion.reason for suspicion in response.suspicions.all()]


def test_a_response_that_comes_held_is_in_no_figure_until_it_is_released(consultation, held):
    assert held.state == Response.objects.get(pk=held.pk).state == Response.State.HELD
    assert reasons_of(held) == [Reason.TRAP, Reason.PACE]
    assert agree(consultation) == 0

    changes.release(held)
    assert agree(consultation) == 1
    assert reasons_of(held) == [Reason.TRAP, Reason.PACE]


def test_the_same_key_again_does_not_release_what_is_held_nor_hold_what_is_counted(consultation, held, responses):
    for stored, reasons in ((held, []), (responses[0], [Reason.TRAP])):
        again = ledger.submit(
            consultation, stored.key, consultation.published, "en", Channel.WEB, GIVEN[0], reasons=reasons
        )
        assert (again.pk, again.state) == (stored.pk, stored.state)

    assert reasons_of(responses[0]) == []


@pytest.mark.parametrize("rejected", [False, True])
def test_the_correction_of_what_is_held_or_rejected_is_held_for_the_same_reasons(consultation, held, rejected):
    if rejected:
        changes.reject(held)

    new = changes.correct(held, uuid.uuid4(), consultation.published, "en", GIVEN[1])

    assert new.state == Response.State.HELD
    assert reasons_of(new) == [Reason.TRAP, Reason.PACE]
    assert agree(consultation) == 0


@pytest.mark.parametrize("rejected", [False, True])
@pytest.mark.parametrize("change", [changes.withdraw, changes.erase])
def test_what_is_held_or_rejected_can_be_taken_back_and_erased_with_its_reasons(consultation, held, rejected, change):
    if rejected:
        changes.reject(held)

    change(held)

    assert not Suspicion.objects.exists()
    assert agree(consultation) == 0


def test_a_withdrawn_response_is_taken_out_with_all_it_says_and_can_not_be_sent_again(consultation, responses):
    changes.withdraw(responses[0])

    assert agree(consultation) == 2
    assert not AnswerWords.objects.exists()
    key = responses[0].key
    again = ledger.submit(consultation, key, consultation.published, "en", Channel.WEB, GIVEN[0])
    assert again.state == Response.State.WITHDRAWN
    assert agree(consultation) == 2


def test_a_correction_replaces_the_response_under_its_reference(consultation, responses):
    reference = responses[0].reference
    corrected = Answers({1: 2}).asked_by(instrument.current(consultation, "ga"))
    key = uuid.uuid4()

    new = changes.correct(responses[0], key, consultation.published, "ga", corrected)

    assert (new.reference, new.answers["1"], new.language) == (reference, 2, "ga")
    assert not AnswerWords.objects.exists()
    assert agree(consultation) == 3
    assert changes.correct(responses[0], key, consultation.published, "ga", corrected).pk == new.pk


def test_a_correction_of_a_held_response_stays_held(consultation, responses):
    changes.hold(responses[0])

    new = changes.correct(responses[0], uuid.uuid4(), consultation.published, "en", GIVEN[1])

    assert new.state == Response.State.HELD
    assert agree(consultation) == 2


def test_erasing_leaves_a_tombstone(consultation, responses):
    changes.erase(responses[0])

    row = Response.objects.get(pk=responses[0].pk)
    assert (row.answers, row.reference, row.received_at.time()) == ({}, None, dt.time())
    assert agree(consultation) == 2
    changes.erase(responses[0])
    assert agree(consultation) == 2


@pytest.mark.parametrize("many", [False, True])
def test_what_it_had_replaced_is_erased_with_it(consultation, responses, many):
    second = changes.correct(responses[0], uuid.uuid4(), consultation.published, "en", GIVEN[1])
    third = changes.correct(second, uuid.uuid4(), consultation.published, "en", GIVEN[2])

    if many:
        assert changes.erase_all(consultation, [third.pk]) == [third.pk]
    else:
        changes.erase(third)

    rows = Response.objects.filter(pk__in=[responses[0].pk, second.pk, third.pk])
    assert [(row.state, row.received_at.time()) for row in rows] == [(Response.State.ERASED, dt.time())] * 3
    assert agree(consultation) == 2


def test_what_is_not_possible_changes_nothing(consultation, responses):
    changes.withdraw(responses[0])

    for change in (changes.hold, changes.release, changes.reject, changes.withdraw):
        with pytest.raises(changes.NotPossible):
            change(responses[0])
    assert agree(consultation) == 2


def test_retention_strips_words_references_and_times_and_moves_no_figure(consultation, responses):
    before = recount(consultation)

    assert changes.anonymise(consultation, timezone.now() + dt.timedelta(seconds=1)) == 3
    assert changes.anonymise(consultation, timezone.now() + dt.timedelta(seconds=1)) == 0

    assert not AnswerWords.objects.exists()
    assert set(Response.objects.values_list("reference", flat=True)) == {None}
    assert {timezone.localtime(row.received_at).time() for row in Response.objects.all()} == {dt.time()}
    assert recount(consultation) == before
    assert agree(consultation) == 3


@pytest.mark.parametrize(
    "received", ["2026-06-01T23:30Z", "2026-06-02T22:59Z", "2026-01-01T23:30Z", "2026-10-25T00:30Z"]
)
def test_retention_leaves_a_response_on_the_day_of_its_receipt_where_the_council_is(consultation, responses, received):
    Response.objects.filter(pk=responses[0].pk).update(received_at=dt.datetime.fromisoformat(received))
    rebuild(consultation)
    before = recount(consultation)

    assert changes.anonymise(consultation, timezone.now() + dt.timedelta(seconds=1)) == 3
    assert changes.anonymise(consultation, timezone.now() + dt.timedelta(seconds=1)) == 0

    assert recount(consultation) == before
    assert {timezone.localtime(row.received_at).time() for row in Response.objects.all()} == {dt.time()}
    assert agree(consultation) == 3


def test_a_response_to_a_question_that_was_retired_is_taken_out_exactly(consultation, responses, make_consultation):
    make_consultation(key=consultation.key, sections=make_source().sections[1:])

    changes.withdraw(responses[0])

    assert agree(consultation) == 2


def test_a_missing_decrement_is_found(consultation, responses, monkeypatch):
    fold.fold(consultation)
    monkeypatch.setattr(changes, "_take_out", lambda row, folded: None)

    changes.withdraw(responses[0])

    assert check(consultation)


def test_chosen_segments_split_every_figure_and_a_change_of_them_folds_anew(consultation, responses):
    fold.choose_segments(consultation, [1])

    cells = recount(consultation)
    assert {cell.value: n.n for cell, n in cells.items() if cell[:3] == (0, 0, "q1")} == {"1": 2, "3": 1}
    assert agree(consultation) == 3
    changes.withdraw(responses[1])
    assert agree(consultation) == 2

    fold.choose_segments(consultation, [])
    assert not [cell for cell in tally(consultation) if cell.segment == "q1"]
    assert agree(consultation) == 2


@pytest.mark.parametrize("wrong", [[2], [3], [99], [1, 1, 1, 1]])
def test_only_a_few_single_choices_can_be_segments(consultation, wrong):
    with pytest.raises(ValueError, match="questions of one choice"):
        fold.choose_segments(consultation, wrong)


def test_a_change_that_fails_halfway_changes_nothing(consultation, responses, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(ledger, "replace", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        changes.correct(responses[0], uuid.uuid4(), consultation.published, "en", GIVEN[1])

    assert agree(consultation) == 3
    assert connection.in_atomic_block
