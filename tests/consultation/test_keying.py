"""What is typed for a sheet of paper is read as the form that people fill in would be."""

from dataclasses import replace

import pytest

from consultation import equality, keying
from consultation.answers import Answers
from consultation.kinds import KINDS
from consultation.questionnaire import Condition, Matrix, Option, Question, Questionnaire, Section, Text

ROLES = ["", "", "other"]


def options(n, roles=()):
    """Whose numbers are not their places: 11, 12 and so on."""
    known = dict(enumerate(roles))
    return tuple(Option(11 + place, known.get(place, ""), Text(f"Option {place + 1}")) for place in range(n))


def asked(*questions, conditions=None):
    """Each in a section of its own."""
    found = [
        Section(Text("Section"), items=(question,), number=number, condition=(conditions or {}).get(number))
        for number, question in enumerate(questions, 1)
    ]
    return Questionnaire(1, "en", tuple(found))


def ask(kind, n=3, **more):
    chosen = options(n, more.pop("roles", ())) if n else ()
    return Question(1, kind, options=chosen, label=Text("Which?"), **more)


def read(question, typed, **beside):
    form = {"q1": [typed], **{f"q1_{name}": [text] for name, text in beside.items()}}
    return keying.read(asked(question), (), form)


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (ask("single"), "3", 13),
        (ask("single"), " 3 ", 13),
        (ask("single"), "", None),
        (ask("single", 12), "12", 22),
        (ask("multiple"), "1,3", [11, 13]),
        (ask("multiple"), "3 1", [11, 13]),
        (ask("multiple"), "31", [11, 13]),
        (ask("multiple", 12), "12", [22]),
        (ask("multiple", 12), "1.2", [11, 12]),
        (ask("ranking"), "31", [13, 11]),
        (ask("ranking", 12), "12,1", [22, 11]),
        (ask("matrix"), "2", 12),
        (ask("area"), "2", 12),
        (ask("theme_choice"), "2", 12),
        (ask("scale", 5), "4", 14),
        (ask("scale", 5, bins=(0,)), "0", 11),
        (ask("scale", 5, bins=(-2,)), "-2", 11),
        (ask("number", 0), "1,500", 1500),
        (ask("date", 0), "27 3 2026", "2026-03-27"),
        (ask("date", 0), "27/3/2026", "2026-03-27"),
        (ask("date", 0), "27032026", "2026-03-27"),
        (ask("date", 0), "2026-03-27", "2026-03-27"),
        (ask("short_text", 0), "North Park", True),
        (ask("long_text", 0), "More\ntrees", True),
    ],
)
def test_what_is_typed_is_what_is_stored(question, typed, value):
    keyed = read(question, typed)

    assert keyed.errors == {}
    assert keyed.answers.asked_by(asked(question)).values == {1: value}


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        (ask("single"), "4", "“4” is the number of no option here. Type 1 to 3."),
        (ask("single"), "bus", "“bus” is the number of no option here. Type 1 to 3."),
        (ask("single"), "1,2", "it takes one answer. If the sheet has more than one ticked"),
        (ask("single"), "12", "“12” is the number of no option here."),
        (ask("scale", 5, bins=(0,)), "5", "Type 0 to 4."),
        (ask("multiple", limit=2), "123", "choose no more than 2 options."),
        (ask("multiple", roles=("", "", "exclusive")), "13", "choose “Option 3” alone"),
        (ask("ranking"), "11", "choose “Option 1” once only."),
        (ask("date", 0), "31 2 2026", "enter a real date"),
        (ask("date", 0), "March", "enter a real date"),
        (ask("number", 0, maximum=120), "412", "enter a number that is 120 or less."),
    ],
)
def test_what_can_not_be_meant_is_refused_with_what_to_do(question, typed, said):
    keyed = read(question, typed)

    assert said in keyed.errors[1]
    assert keyed.errors[1].startswith("“Which?”: ")
    assert not keyed.is_clean


def test_words_beside_another_way_belong_to_its_number():
    question = ask("single", roles=ROLES)

    assert read(question, "3", other="by boat").answers == Answers({1: 13}, {(1, 13): "by boat"})
    assert "since you wrote something beside it" in read(question, "1", other="by boat").errors[1]


def test_an_organisation_has_its_name_where_the_sheet_has_one():
    question = ask("respondent", roles=("", "named", "unnamed"))

    assert read(question, "2", name="Friends of the Park").answers.words == {(1, 1001): "Friends of the Park"}
    assert read(question, "2").errors == {}
    assert "goes with 2, 3 alone" in read(question, "1", name="Friends").errors[1]


def test_a_required_question_can_be_blank_on_paper_and_is_noted():
    question = ask("single", required=True)
    keyed = read(question, "")

    assert keyed.is_clean
    assert keying.blank(asked(question), keyed.answers) == [question]
    assert keying.blank(asked(question), read(question, "1").answers) == []


def test_an_answer_that_nobody_with_the_other_answers_is_asked_for_is_told():
    first = ask("single")
    second = replace(first, number=2)
    both = asked(first, second, conditions={2: Condition(1, (12,))})

    keyed = keying.read(both, (), {"q1": ["1"], "q2": ["3"]})

    assert keyed.is_clean
    assert keying.unasked(both, keyed.answers) == [second]
    assert keyed.answers.asked_by(both).values == {1: 11}
    assert keying.unasked(both, keying.read(both, (), {"q1": ["2"], "q2": ["3"]}).answers) == []


def test_a_condition_is_said_by_what_is_typed():
    both = asked(ask("single"), replace(ask("single"), number=2), conditions={2: Condition(1, (12, 13))})

    assert keying.show(both, (), {}).parts[1].only == "Asked only where question 1 is 2, 3."


def test_equality_questions_are_typed_by_number_and_read_by_key():
    apart = equality.asked(True, "")

    keyed = keying.read(asked(ask("single")), apart, {"about_age": ["3"], "about_trans": ["7"]})

    assert keyed.equality == {"age": "from25"}
    assert "Type 1 to 3." in keyed.equality_errors["trans"]


def test_the_rows_of_a_matrix_share_their_options_on_the_page():
    rows = tuple(replace(ask("matrix"), number=number, matrix="m") for number in (1, 2))
    section = Section(Text("Section"), items=(Matrix("m", rows, Text("How are they?")),), number=1)

    (part,) = keying.show(Questionnaire(1, "en", (section,)), (), {}).parts

    (group,) = part.groups
    assert [line.name for line in group.lines] == ["q1", "q2"]
    assert [code for code, _label in group.options] == ["1", "2", "3"]
    assert group.heading.text == "How are they?"


def test_an_error_leads_to_the_input_at_which_it_is_put_right():
    question = ask("ranking")
    form = {"q1": ["1,1"]}

    shown = keying.show(asked(question), (), form, keying.read(asked(question), (), form))

    assert [place for place, _message in shown.errors] == ["q1"]
    assert shown.parts[0].groups[0].lines[0].typed == "1,1"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_comes_back_as_it_would_be_typed(kind):
    own = {"number": "41", "date": "27 3 2026", "short_text": "North", "long_text": "A\nb"}
    n, typed = (0, own[kind]) if kind in own else (3, "2")
    question = ask(kind, n)
    given = read(question, typed).answers

    assert given.values[1] is not None
    assert keying.read(asked(question), (), keying.as_typed(question, given)).answers == given


def test_several_options_come_back_in_their_order():
    question = ask("ranking", 12)
    given = read(question, "12,3").answers

    assert keying.as_typed(question, given)["q1"] == ["12,3"]
