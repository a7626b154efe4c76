"""Officers' figures: bases, percentages of people, means."""

import uuid
from decimal import Decimal

import pytest

from consultation import instrument, ledger, summary
from consultation.answers import Answers
from consultation.models import Channel, Theme

pytestmark = pytest.mark.django_db


def answer(consultation, *given):
    for values in given:
        asked = Answers(values).asked_by(instrument.current(consultation, "en"))
        ledger.submit(consultation, uuid.uuid4(), consultation.version, "en", Channel.WEB, asked)


def question(consultation, number):
    return next(q for q in summary.of_consultation(consultation).questions if q.number == number)


def test_percentages_are_of_people_who_answered(consultation):
    answer(consultation, {2: [1, 2]}, {2: [1]}, {2: None}, {2: [5]})

    wishes = question(consultation, 2)

    assert (wishes.asked, wishes.answered, wishes.skipped) == (4, 3, 1)
    assert [(bar.label, bar.n) for bar in wishes.bars][:2] == [("Wider paths", 2), ("More buses", 1)]
    assert wishes.bars[0].percent == pytest.approx(66.67, abs=0.01)


def test_a_question_without_answers_has_no_percentages(consultation):
    assert {bar.percent for bar in question(consultation, 1).bars} == {None}


def test_the_mean_is_of_the_numbers_given(consultation):
    answer(consultation, {3: 10}, {3: 21}, {3: None}, {3: True})

    assert question(consultation, 3).mean == Decimal("15.5")


def test_a_theme_shows_its_own_questions_of_each_consultation(consultation, make_consultation):
    other = make_consultation()
    answer(consultation, {1: 1})
    theme = Theme.objects.get(name="Green places")

    summaries = summary.of_theme(theme)

    assert {s.consultation.pk: s.received for s in summaries} == {consultation.pk: 1, other.pk: 0}
    assert [q.number for q in summaries[0].questions] == [4, 5]


def test_languages_and_channels_stand_beside_the_whole(consultation):
    answer(consultation, {1: 1}, {1: 2})

    segments = summary.of_consultation(consultation).segments

    assert [(bar.label, bar.n) for bar in segments["language"]] == [("English", 2)]
    assert [(bar.label, bar.n) for bar in segments["channel"]] == [("Online form", 2)]
