"""Scales: what a point counts as, and when a mean would be made up."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from consultation import instrument
from consultation.kinds import DECLINED
from consultation.questionnaire import Text
from consultation.source import SourceItem, SourceOption, SourceSection, sections
from consultation.templatetags.answering import words
from tests.consultation.test_summary import answer, question
from tests.factories import make_consultation, raw_block, raw_question

pytestmark = pytest.mark.django_db

POINTS = tuple(SourceOption(name, name) for name in ("never", "seldom", "often"))
NO = SourceOption("no", "Prefer not to say", DECLINED)
SCALE = SourceItem(id="scale", kind="scale", label="How often?", options=(*POINTS, NO), minimum=0)


def publish(key=None, **changes):
    section = SourceSection("s", "Section", "", (replace(SCALE, **changes),))
    return make_consultation(sections=(section,), **({"key": key} if key else {}))


def test_the_mean_is_of_the_numbers_that_the_points_count_as():
    consultation = publish()
    answer(consultation, {1: 1}, {1: 3}, {1: 3}, {1: None})

    assert question(consultation, 1).mean == Decimal(4) / 3


def test_who_prefers_not_to_say_is_in_no_percentage_and_no_mean():
    consultation = publish()
    answer(consultation, {1: 2}, {1: 3}, {1: 4}, {1: 4})

    scale = question(consultation, 1)

    assert (scale.answered, scale.declined, scale.base) == (4, 2, 2)
    assert [(bar.label, bar.percent) for bar in scale.bars] == [("never", 0), ("seldom", 50), ("often", 50)]
    assert scale.mean == Decimal("1.5")


@pytest.mark.parametrize(
    "edit",
    [
        {"options": POINTS[1:]},  # one retired that was chosen
        {"options": (*POINTS, NO, SourceOption("always", "always"))},
        {"options": POINTS, "minimum": 1},
        {"options": tuple(replace(point, label=f"{point.label}!") for point in POINTS)},
    ],
)
def test_no_edit_makes_an_answer_count_as_another_number(edit):
    consultation = publish()
    answer(consultation, {1: 1}, {1: 3})

    publish(consultation.key, **edit)

    assert question(consultation, 1).mean == 1


def test_a_point_put_between_others_takes_the_mean_away_rather_than_making_one_up():
    consultation = publish()
    answer(consultation, {1: 1}, {1: 3})

    publish(consultation.key, options=(POINTS[0], SourceOption("rarely", "rarely"), *POINTS[1:]))

    assert question(consultation, 1).mean is None


def test_where_only_the_ends_are_worded_people_see_the_numbers():
    raw = raw_question("scale", "How likely?", minimum="0", options=["Not at all", "", "Very", ("No answer", DECLINED)])
    section = raw_block("section", {"title": "", "questions": [raw]}, "s")

    consultation = make_consultation(sections=sections([section]))

    asked = next(instrument.current(consultation, "en").questions)
    assert [option.label.text for option in asked.options] == ["0 – Not at all", "1", "2 – Very", "No answer"]


def test_a_figure_is_in_no_language():
    with translation.override("ga"):
        assert words(Text("9", "en")) == "9"
        assert words(Text("9 – Very", "en")) == '<span lang="en">9 – Very</span>'
