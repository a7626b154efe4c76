"""Each kind of question: what it accepts, what it refuses, what it counts."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation import kinds
from consultation.answers import read
from consultation.forms import Field
from consultation.kinds import ANSWERED, ASKED, KINDS, Count, Given, Refused, encode_number, fixed_bins, parse_number
from consultation.questionnaire import Option, Question, Text

OPTIONS = (
    Option(1, "", Text("Walk")),
    Option(2, "", Text("Bus")),
    Option(3, "other", Text("Other")),
    Option(4, "exclusive", Text("None")),
)
SINGLE = Question(1, "single", options=OPTIONS)
MULTIPLE = Question(2, "multiple", options=OPTIONS, limit=2)
NUMBER = Question(3, "number", minimum=0, maximum=120, bins=(0, 20, 40, 60, 80, 100))


def accept(question, *chosen, words=""):
    return KINDS[question.kind].accept(question, Given(chosen, words))


def test_a_single_choice_is_stored_as_its_number():
    assert accept(SINGLE, "2").value == 2


@pytest.mark.parametrize("chosen", [["9"], ["1", "2"], ["x"], ["\x00"], ["01"]])
def test_a_single_choice_refuses_what_the_page_did_not_offer(chosen):
    with pytest.raises(Refused):
        accept(SINGLE, *chosen)


def test_words_beside_other_need_other_to_be_chosen():
    assert accept(SINGLE, "3", words="by boat").words == {3: "by boat"}
    for chosen in (["1"], []):
        with pytest.raises(Refused, match="Other"):
            accept(SINGLE, *chosen, words="by boat")
        with pytest.raises(Refused, match="Other"):
            accept(MULTIPLE, *chosen, words="by boat")


def test_ticks_are_sorted_and_counted_once():
    assert accept(MULTIPLE, "2", "1", "2").value == [1, 2]


def test_an_exclusive_option_stands_alone():
    assert accept(MULTIPLE, "4").value == [4]
    with pytest.raises(Refused, match="None"):
        accept(MULTIPLE, "4", "1")


def test_more_ticks_than_allowed_are_refused_with_the_limit():
    with pytest.raises(Refused, match="2"):
        accept(MULTIPLE, "1", "2", "3")


@pytest.mark.parametrize(("typed", "stored"), [("41", 41), (" 42 ", 42), ("0", 0), ("+7", 7), ("12,0", 12)])
def test_numbers_are_read_as_people_write_them(typed, stored):
    assert accept(NUMBER, typed).value == stored


@pytest.mark.parametrize(
    "typed", ["x", "1.5", "1,5", "1e2", "1_0", "٣", "-1", "121", "NaN", "inf", "9" * 400, "1e999999999", "--1"]
)
def test_a_number_that_is_none_or_out_of_bounds_is_refused(typed):
    with pytest.raises(Refused):
        accept(NUMBER, typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,500", 1500),
        ("1 500 000", 1_500_000),
        ("1,500.25", "1500.25"),
        ("1,5", "1.5"),
        ("0,500", "0.5"),
        ("-0,25", "-0.25"),
        (".5", "0.5"),
        ("7.", 7),
    ],
)
def test_thousands_and_decimal_commas_are_told_apart(typed, number):
    assert encode_number(parse_number(typed)) == number


def test_a_decimal_is_stored_by_its_digits():
    assert accept(Question(1, "number", decimals=True), "12.50").value == "12.5"


def test_text_over_the_limit_is_refused_with_how_much_to_cut():
    with pytest.raises(Refused, match="3 characters too long"):
        accept(Question(1, "long_text", limit=10), "x" * 13)


def test_blank_is_skipped_in_every_kind():
    assert all(accept(Question(1, name, options=OPTIONS), "").value is None for name in KINDS)


def test_each_kind_counts_asked_answered_and_its_options():
    assert list(kinds.counts(SINGLE, None)) == [Count(ASKED)]
    assert list(kinds.counts(SINGLE, 2)) == [Count(ASKED), Count(ANSWERED), Count(2)]
    assert list(kinds.counts(MULTIPLE, [1, 3])) == [Count(ASKED), Count(ANSWERED), Count(1), Count(3)]
    assert list(kinds.counts(NUMBER, 41)) == [Count(ASKED), Count(ANSWERED, 1, 41_000), Count(3)]
    assert list(kinds.counts(NUMBER, True)) == [Count(ASKED), Count(ANSWERED)]


@given(st.decimals(min_value=-(10**9) + 1, max_value=10**9 - 1, places=3))
def test_a_number_comes_back_equal_from_its_stored_form(number):
    assert Decimal(encode_number(parse_number(str(number)))) == number


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9), st.integers(0, 10**9))
def test_bins_are_few_and_hold_every_number_between_the_bounds(minimum, width, offset):
    edges = fixed_bins(minimum, minimum + width)
    number = minimum + min(offset, width)

    assert 1 <= len(edges) <= 10
    assert edges[0] <= number
    assert edges == sorted(set(edges))


def test_prefer_not_to_say_stands_alone():
    question = Question(1, "multiple", options=(*OPTIONS, Option(5, "declined", Text("Prefer not to say"))))

    assert accept(question, "5").value == [5]
    for beside in ("1", "4"):
        with pytest.raises(Refused, match="alone"):
            accept(question, "5", beside)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0, 240, "From 0 to 240."), (0, None, "0 or more."), (None, -1, "-1 or less."), (None, None, "")],
)
def test_the_form_says_which_numbers_can_be_entered(low, high, said):
    field = Field(Question(1, "number", minimum=low, maximum=high))

    assert field.limits == said
    assert field.has_hint == bool(said) and field.described_by == ("q1-hint" if said else "")


def test_every_error_names_its_question():
    asked = [replace(question, label=Text(f"Question {question.number}")) for question in (SINGLE, MULTIPLE, NUMBER)]
    errors = read(asked, {"q1": ["9"], "q2": ["1", "4"], "q3": ["many"]}).errors

    assert [message.split(": ")[0] for message in errors.values()] == ["“Question 1”", "“Question 2”", "“Question 3”"]
