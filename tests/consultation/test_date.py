"""Dates: real days alone, in three parts or as a file writes them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation import kinds
from consultation.answers import read
from consultation.fold import fold
from consultation.forms import Field
from consultation.kinds import ANSWERED, ASKED, KINDS, Count, Given, Refused, as_day, as_number
from consultation.questionnaire import Question
from consultation.source import SourceItem, SourceSection, sections
from tests.consultation.test_summary import answer, question
from tests.factories import make_consultation, raw_block, raw_question

DATE = Question(1, "date")
BOUNDED = Question(1, "date", minimum=20270301, maximum=20270331)


def accept(*chosen, question=DATE):
    return KINDS["date"].accept(question, Given(chosen)).value


@pytest.mark.parametrize("typed", [("27", "3", "2027"), (" 27 ", "03", "2027"), ("2027-03-27",)])
def test_a_day_is_stored_as_iso_writes_it(typed):
    assert accept(*typed) == "2027-03-27"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("", "3", "2027"), "the day"),
        (("27", "", "2027"), "the month"),
        (("27", "3", ""), "the year"),
        (("", "", "2027"), "the day and the month, too"),
        (("29", "2", "2027"), "a real date"),
        (("27", "March", "2027"), "in numbers"),
        (("٢", "3", "2027"), "in numbers"),
        (("27", "3", "27"), "four digits"),
        (("27", "3", "0"), "a real date"),
        (("27", "3"), "a real date"),
        (("27.3.2027",), "a real date"),
    ],
)
def test_what_is_no_day_is_refused_with_what_to_do(typed, message):
    with pytest.raises(Refused, match=message):
        accept(*typed)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        (("", "3", "2027"), "q1"),
        (("27", "", ""), "q1-month"),
        (("27", "March", "2027"), "q1-month"),
        (("27", "13", "2027"), "q1-month"),
        (("27", "3", "27"), "q1-year"),
        (("29", "2", "2027"), "q1"),
    ],
)
def test_the_error_leads_to_the_part_that_is_wrong(typed, place):
    assert read([DATE], {"q1": typed}).place(1) == place


def test_the_form_and_the_error_give_the_same_example_which_is_a_day_that_is_taken():
    for asked, example in ((DATE, "27 3 2026"), (BOUNDED, "1 3 2027")):
        assert f"example, {example}." in Field(asked).limits
        assert f"example {example}." in read([asked], {"q1": ["x", "y", "z"]}).errors[1]
    assert Field(BOUNDED).limits.endswith("Not before 1 March 2027. Not after 31 March 2027.")


def test_the_earliest_and_the_latest_day_are_still_in():
    assert accept("1", "3", "2027", question=BOUNDED) and accept("31", "3", "2027", question=BOUNDED)
    with pytest.raises(Refused, match="1 March 2027 or later"):
        accept("28", "2", "2027", question=BOUNDED)
    with pytest.raises(Refused, match="31 March 2027 or earlier"):
        accept("1", "4", "2027", question=BOUNDED)


def test_days_are_counted_by_month():
    assert list(kinds.counts(DATE, "2027-03-27")) == [Count(ASKED), Count(ANSWERED), Count(127 * 12 + 3)]
    assert list(kinds.counts(DATE, "9999-03-27")) == [Count(ASKED), Count(ANSWERED)]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_comes_back_equal_from_its_inputs_and_as_a_number(day):
    kind = KINDS["date"]

    assert kind.accept(DATE, Given(kind.inputs(day.isoformat()))).value == day.isoformat()
    assert as_day(as_number(day)) == day


@pytest.mark.django_db
def test_officers_see_the_months_in_their_order():
    item = SourceItem(id="when", kind="date", label="When?")
    consultation = make_consultation(sections=(SourceSection("s", "Section", "", (item,)),))
    answer(consultation, {1: "2027-03-27"}, {1: "1999-12-31"}, {1: "2027-03-01"}, {1: None})
    fold(consultation)

    assert [(bar.label, bar.n) for bar in question(consultation, 1).bars] == [("December 1999", 1), ("March 2027", 2)]


def test_bounds_are_read_from_what_the_editor_stored():
    raw = raw_question("date", "When?", earliest="2027-03-01", latest="never")
    found = sections([raw_block("section", {"questions": [raw]}, "s")])[0].items[0]

    assert (found.minimum, found.maximum) == (20270301, None)
