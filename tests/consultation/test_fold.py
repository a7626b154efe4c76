"""The tally says what a recount says, and the recount notices where it doesn't."""

import random
import uuid

import pytest
from django.core.management import CommandError, call_command

from consultation import fold, instrument, ledger, summary, tick
from consultation.answers import Answers
from consultation.models import Channel, Tally, Watermark
from consultation.recount import check, recount, tally

pytestmark = pytest.mark.django_db


def answer(consultation, n, seed=1):
    rng = random.Random(seed)
    asked = instrument.current(consultation, "en")
    for _ in range(n):
        given = Answers(
            {
                1: rng.choice([1, 2, 3]),
                2: rng.choice([None, [1], [1, 2], [2, 3, 4], [5]]),
                3: rng.choice([None, 0, 17, 64, 120]),
                4: rng.choice([None, True]),
            }
        )
        language, channel = rng.choice(["en", "ga", "pl"]), rng.choice([Channel.WEB, Channel.PAPER])
        ledger.submit(consultation, uuid.uuid4(), consultation.version, language, channel, given.asked_by(asked))


def test_after_a_fold_the_tally_equals_the_recount(consultation):
    answer(consultation, 60)

    assert fold.fold(consultation) == 60
    assert tally(consultation) == recount(consultation)
    assert check(consultation) == []


def test_folding_in_small_batches_gives_the_same(consultation, monkeypatch):
    monkeypatch.setattr(fold, "BATCH", 7)
    answer(consultation, 30)

    assert fold.fold(consultation) == 30
    assert tally(consultation) == recount(consultation)


def test_folding_again_with_nothing_new_does_nothing(consultation):
    answer(consultation, 3)
    fold.fold(consultation)

    assert fold.fold(consultation) == 0


def test_the_watermark_keeps_up_with_what_other_consultations_receive(consultation, make_consultation, monkeypatch):
    monkeypatch.setattr(fold, "FAR", 0)
    answer(consultation, 3)
    fold.fold(consultation)
    reach = Watermark.objects.get(consultation=consultation).response
    answer(make_consultation(title="Another"), 4)

    assert fold.fold(consultation) == 0

    assert Watermark.objects.get(consultation=consultation).response == reach + 4
    assert check(consultation) == []


def test_what_is_not_folded_yet_is_in_the_officers_figures_at_once(consultation):
    answer(consultation, 20)
    fold.fold(consultation)
    answer(consultation, 5, seed=2)

    assert summary.live_counts(consultation) == recount(consultation)


def test_two_consultations_are_counted_apart(consultation, make_consultation):
    other = make_consultation()
    answer(consultation, 4)
    answer(other, 6, seed=2)
    fold.fold(consultation)
    fold.fold(other)

    assert tally(consultation) == recount(consultation)
    assert tally(other) == recount(other)


def test_the_recount_finds_a_planted_fault_and_mends_it(consultation, capsys):
    answer(consultation, 10)
    fold.fold(consultation)
    call_command("recount", check=True)

    cell = Tally.objects.filter(question=1, option=2, segment="").get()
    Tally.objects.filter(pk=cell.pk).update(n=cell.n + 1)
    with pytest.raises(CommandError, match="1 cells differ"):
        call_command("recount", check=True)

    call_command("recount")
    call_command("recount", check=True)


def test_counting_costs_the_same_number_of_queries_for_one_and_for_fifty(consultation, django_assert_num_queries):
    answer(consultation, 1)
    with django_assert_num_queries(10):
        summary.of_consultation(consultation)

    answer(consultation, 49, seed=2)
    with django_assert_num_queries(10):
        summary.of_consultation(consultation)


def test_days_that_an_earlier_release_did_not_count_are_counted_by_the_next_tick(consultation):
    answer(consultation, 5)
    tick.tick()
    complete = tally(consultation)
    Tally.objects.filter(segment="day").delete()
    assert [difference.cell.segment for difference in check(consultation)] == ["day"]

    tick.tick()

    assert tally(consultation) == complete == recount(consultation)
    assert fold.count_days(consultation) is False
