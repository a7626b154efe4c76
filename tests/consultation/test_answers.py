"""Answers as values: what is kept in a draft comes back equal."""

import json

from hypothesis import given
from hypothesis import strategies as st

from consultation import answers
from consultation.answers import Answers
from consultation.questionnaire import Question, Questionnaire, Section, Text

VALUES = st.one_of(
    st.none(),
    st.just(True),
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(1, 50)),
    st.text("0123456789.", min_size=1),
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
ANSWERS = st.builds(
    Answers,
    st.dictionaries(st.integers(1, 300), VALUES),
    st.dictionaries(st.tuples(st.integers(1, 300), st.integers(0, 99)), WORDS),
)


@given(ANSWERS)
def test_what_a_draft_keeps_comes_back_equal(kept):
    assert answers.decode(json.loads(json.dumps(answers.encode(kept)))) == kept


def questionnaire(*questions):
    return Questionnaire(1, "en", (Section(Text("One"), items=questions),))


def test_what_is_sent_has_every_question_asked_and_no_other():
    asked = questionnaire(Question(1, "short_text"), Question(2, "short_text"))
    kept = Answers({1: True, 7: True}, {(1, 0): "yes", (7, 0): "retired"})

    assert kept.asked_by(asked) == Answers({1: True, 2: None}, {(1, 0): "yes"})


def test_a_newer_section_replaces_only_its_own_questions():
    before = Answers({1: True, 2: 3}, {(1, 0): "old", (2, 3): "beside"})
    newer = Answers({1: None})

    assert before.replacing([Question(1, "short_text")], newer) == Answers({1: None, 2: 3}, {(2, 3): "beside"})


def test_a_required_question_left_blank_is_refused_in_words():
    reading = answers.read([Question(1, "short_text", required=True, label=Text("Your town?"))], {"q1": [" "]})

    assert "Your town?" in reading.errors[1]
