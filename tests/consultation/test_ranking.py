"""Rankings: each option once, places closed up, counted by place."""

import csv
import io

import pytest

from consultation import csv_files, kinds, recount
from consultation.answers import Answers, read
from consultation.columns.plan import Form
from consultation.fold import fold
from consultation.forms import refilled
from consultation.kinds import ANSWERED, ASKED, KINDS, Count, Given, Refused
from consultation.questionnaire import Option, Question, Section, Text
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.consultation.test_summary import answer, question
from tests.factories import make_consultation

OPTIONS = tuple(Option(number, "", Text(label)) for number, label in enumerate(("Buses", "Paths", "Parks", "Trees"), 1))
RANKING = Question(1, "ranking", options=OPTIONS, limit=3)


def accept(*chosen):
    return KINDS["ranking"].accept(RANKING, Given(chosen)).value


def publish():
    options = tuple(SourceOption(option.label.text, option.label.text) for option in OPTIONS)
    item = SourceItem(id="first", kind="ranking", label="What first?", options=options, limit=3)
    return make_consultation(sections=(SourceSection("s", "Section", "", (item,)),))


def test_a_ranking_keeps_the_order_of_the_places():
    assert accept("3", "1", "2") == [3, 1, 2]


@pytest.mark.parametrize(("chosen", "stored"), [(["", "2", ""], [2]), (["", "4", "1"], [4, 1]), (["", "", ""], None)])
def test_places_left_empty_are_closed_up(chosen, stored):
    assert accept(*chosen) == stored


@pytest.mark.parametrize(
    ("chosen", "message"), [("11", "“Buses” once only"), ("1234", "no more than 3"), ("9", "options on the page")]
)
def test_an_option_twice_one_too_many_or_an_unknown_one_is_refused(chosen, message):
    with pytest.raises(Refused, match=message):
        accept(*chosen)


def test_the_error_leads_to_the_second_place_of_an_option():
    form = {"q1": ["1", "", "1"]}
    reading = read([RANKING], form)
    section = Section(Text(), items=(RANKING,))
    (field,) = refilled(section, [RANKING], form, reading.errors, Answers(), reading.about)

    assert reading.place(1) == "q1-3"
    assert [place.wrong for place in field.places] == [False, False, True] and "once only" in field.own_error


def test_each_option_is_counted_at_its_place():
    counts = list(kinds.counts(RANKING, [3, 1]))

    assert counts == [Count(ASKED), Count(ANSWERED), Count(1003), Count(2001)]


@pytest.mark.django_db
def test_officers_see_first_choices_as_bars_and_every_place_in_a_table():
    consultation = publish()
    answer(consultation, {1: [3, 1]}, {1: [3, 2, 1]}, {1: None})
    fold(consultation)

    ranking = question(consultation, 1)

    assert [(bar.label, bar.percent) for bar in ranking.bars if bar.n] == [("Parks", 100)]
    assert [(row.label, [bar.n for bar in row.bars], row.people) for row in ranking.grid.rows] == [
        ("Buses", [0, 1, 1], 2),
        ("Paths", [0, 1, 0], 1),
        ("Parks", [2, 0, 0], 2),
        ("Trees", [0, 0, 0], 0),
    ]
    assert not recount.check(consultation)


@pytest.mark.django_db
def test_the_file_says_the_place_of_each_option():
    consultation = publish()
    answer(consultation, {1: [3, 1]}, {1: None})

    keys = csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.KEYS))))
    labels = csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.LABELS))))

    assert [row[5:] for row in keys] == [["q1.1", "q1.2", "q1.3", "q1.4"], ["2", "0", "1", "0"], ["(skipped)"] * 4]
    assert next(labels)[5] == "1. What first? – Buses"
    assert next(labels)[5:] == ["2", "not ranked", "1", "not ranked"]
