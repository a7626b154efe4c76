"""Routing: who is asked what, from the page that an editor publishes to the row in the ledger."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation import routing
from consultation.answers import Answers, look_again
from consultation.compile import compile_leading
from consultation.questionnaire import Condition, Option, Question, Questionnaire, Section, Text, assemble
from consultation.source import SourceCondition, SourceItem, SourceOption, SourceSection, sections
from tests.factories import make_source


def question(number, condition=None, kind="single", required=False):
    options = [{"options": [[1, ""], [2, ""], [3, ""]]}, {}][kind == "number"]
    return {"q": number, "kind": kind, "required": required} | options | ({"if": condition} if condition else {})


def form(*parts):
    """A questionnaire of sections, each (condition, items)."""
    made = [{"id": str(n), "items": list(items)} | ({"if": c} if c else {}) for n, (c, items) in enumerate(parts)]
    return assemble({"sections": made}, {})


def when(number, *options):
    return {"q": number, "any": list(options)}


def numbers(questionnaire):
    return [[question.number for question in section.questions] for section in questionnaire.sections]


INFORMATION = {"info": "x"}


def test_a_question_is_asked_of_those_who_chose_one_of_its_options():
    asked = form((None, [question(1)]), (None, [question(2), question(3, when(1, 1, 2))]))

    assert [numbers(routing.reached(asked, {1: chosen})) for chosen in (1, 2, 3, None)] == [
        [[1], [2, 3]],
        [[1], [2, 3]],
        [[1], [2]],
        [[1], [2]],
    ]


def test_any_option_ticked_is_enough():
    asked = form((None, [question(1, kind="multiple")]), (None, [question(2, when(1, 2))]))

    assert numbers(routing.reached(asked, {1: [1, 2]})) == [[1], [2]]
    assert numbers(routing.reached(asked, {1: [1, 3]})) == [[1]]


def test_an_answer_that_was_not_asked_for_opens_nothing():
    """Somebody answered 2, went back, and closed 2 again: 3 depends on 2."""
    asked = form((None, [question(1)]), (None, [question(2, when(1, 1))]), (when(2, 1), [question(3)]))

    assert numbers(routing.reached(asked, {1: 1, 2: 1})) == [[1], [2], [3]]
    assert numbers(routing.reached(asked, {1: 2, 2: 1})) == [[1]]


def test_a_section_of_words_alone_is_shown_and_one_whose_questions_are_not_asked_is_not():
    asked = form((None, [question(1)]), (None, [INFORMATION]), (None, [INFORMATION, question(2, when(1, 1))]))

    assert [section.number for section in routing.reached(asked, {1: 2}).sections] == [1, 2]


def test_progress_does_not_promise_what_later_answers_decide():
    asked = form((None, [question(1)]), (when(1, 1), [question(2)]), (None, [question(3)]))

    assert routing.progress(asked, {}, 1) == routing.Progress(1, 3, certain=False)
    assert routing.progress(asked, {1: 1}, 2) == routing.Progress(2, 3, certain=True)
    assert routing.progress(asked, {1: 2}, 3) == routing.Progress(2, 2, certain=True)


def test_what_is_sent_is_what_was_asked_and_the_draft_keeps_the_rest():
    asked = form((None, [question(1)]), (None, [question(2, when(1, 1), "number", required=True)]))
    draft = Answers({1: 2, 2: 41}, {(2, 0): "41"})

    assert look_again(asked, draft).errors == {}
    assert draft.asked_by(asked) == Answers({1: 2})


# Whatever the questionnaire, whatever the answers


@st.composite
def questionnaires(draw):
    """Sections of up to three questions; conditions on any question of an earlier section."""
    made, earlier, number = [], [], 0
    for place in range(1, draw(st.integers(1, 5)) + 1):
        here = []
        for _ in range(draw(st.integers(0, 3))):
            number += 1
            kind = draw(st.sampled_from(["single", "multiple"]))
            here.append(replace(plain(number, kind), required=draw(st.booleans()), condition=draw(conditions(earlier))))
        made.append(Section(Text(), items=tuple(here), number=place, condition=draw(conditions(earlier))))
        earlier = earlier + [item.number for item in here]
    return Questionnaire(1, "en", tuple(made))


def plain(number, kind):
    return Question(number, kind, options=tuple(Option(n) for n in (1, 2, 3)))


def conditions(earlier):
    if not earlier:
        return st.none()
    options = st.sets(st.integers(1, 3), min_size=1).map(lambda found: tuple(sorted(found)))
    return st.none() | st.builds(Condition, st.sampled_from(earlier), options)


@st.composite
def answered(draw):
    """A questionnaire with a draft of any past: answers to questions that are asked, were asked, or never were."""
    asked = draw(questionnaires())
    option = st.integers(1, 3)
    values = {}
    for item in asked.questions:
        chosen = option if item.kind == "single" else st.sets(option, min_size=1).map(sorted)
        if draw(st.booleans()):
            values[item.number] = draw(st.none() | chosen)
    return asked, Answers(values)


def asked_by_hand(questionnaire, values):
    """The questions asked, told apart from the code: each by looking up its conditions, and theirs."""
    place = {q.number: (section, q) for section in questionnaire.sections for q in section.questions}

    def is_asked(number):
        section, item = place[number]
        return all(is_met(condition) for condition in (section.condition, item.condition) if condition)

    def is_met(condition):
        value = values.get(condition.question)
        chosen = set(value) if isinstance(value, list) else {value}
        return is_asked(condition.question) and bool(chosen & set(condition.options))

    return {number for number in place if is_asked(number)}


@given(answered())
def test_what_is_stored_is_what_is_reached_and_leads_there_again(case):
    questionnaire, draft = case
    by_hand = asked_by_hand(questionnaire, draft.values)

    stored = draft.asked_by(questionnaire)

    assert stored.values.keys() == by_hand
    assert stored.values == {number: draft.values.get(number) for number in by_hand}
    assert stored.asked_by(questionnaire) == stored
    assert {q.number for q in routing.reached(questionnaire, stored.values).questions} == by_hand


@given(answered())
def test_only_a_question_that_is_asked_can_be_missing(case):
    questionnaire, draft = case
    by_hand = asked_by_hand(questionnaire, draft.values)
    missing = {q.number for q in questionnaire.questions if q.required and draft.values.get(q.number) is None}

    assert look_again(questionnaire, draft).errors.keys() == missing & by_hand


@given(answered(), st.data())
def test_progress_is_kept_whatever_is_answered_from_here_on(case, data):
    questionnaire, draft = case
    for section in routing.reached(questionnaire, draft.values).sections:
        said = routing.progress(questionnaire, draft.values, section.number)
        ahead = {q.number for later in questionnaire.sections[section.number - 1 :] for q in later.questions}
        changed = {n: v for n, v in draft.values.items() if n not in ahead} | {
            n: data.draw(st.none() | st.integers(1, 3)) for n in ahead
        }
        total = len(routing.reached(questionnaire, changed).sections)
        assert total == said.total if said.certain else total <= said.total


# From the editor's page


def choice(block, show_if=None):
    options = tuple(SourceOption(f"{block}{n}", f"{block} {n}") for n in "xyz")
    return SourceItem(block, "single", block, options=options, show_if=show_if)


def published(key, *parts):
    """Publish sections of (id, items) or (id, items, condition) and return the structure's conditions by item."""
    made = tuple(SourceSection(part[0], part[0], "", tuple(part[1]), *part[2:]) for part in parts)
    structure = compile_leading(make_source(key=key, sections=made)).published.structure
    found = {}
    for section in structure["sections"]:
        found |= {f"s{section['id']}": section["if"]} if "if" in section else {}
        found |= {f"q{item['q']}": item["if"] for item in section["items"] if "if" in item}
    return found


@pytest.mark.django_db
def test_a_condition_goes_by_ids_through_rewording_and_reordering():
    key = uuid.uuid4()
    show_if = SourceCondition("a", ("az", "ax"))
    first = choice("a")
    turned = replace(first, label="Reworded", options=first.options[::-1])

    before = published(key, ("one", [first]), ("two", [choice("b", show_if)], show_if))
    after = published(key, ("one", [choice("c"), turned]), ("two", [choice("b", show_if)], show_if))

    assert before == after == {"stwo": {"q": 1, "any": [1, 3]}, "q2": {"q": 1, "any": [1, 3]}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "show_if",
    [
        SourceCondition("gone", ("ax",)),
        SourceCondition("a", ()),
        SourceCondition("a", ("gone",)),
        SourceCondition("b", ("bx",)),
        SourceCondition("beside", ("besidex",)),
        SourceCondition("later", ("laterx",)),
        SourceCondition("number", ("x",)),
    ],
)
def test_a_condition_that_nobody_could_meet_asks_everybody(show_if):
    number = SourceItem("number", "number", "How many?")
    two = ("two", [choice("b", show_if), choice("beside")])

    assert published(uuid.uuid4(), ("one", [choice("a"), number]), two, ("three", [choice("later")])) == {}


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ({"question": "a", "any": ["x", "y"]}, SourceCondition("a", ("x", "y"))),
        ({"question": "a", "any": ["x", None, 3, ""]}, SourceCondition("a", ("x",))),
        ({"question": None, "any": []}, SourceCondition("", ())),
        ({"question": "a"}, None),
        ("a", None),
        ([], None),
        (None, None),
    ],
)
def test_whatever_the_editor_stores_as_a_condition_can_be_read(stored, read):
    questions = [{"type": "number", "id": "n", "value": {"label": "How many?", "show_if": stored}}]

    (found,) = sections([{"type": "section", "id": "s", "value": {"questions": questions, "show_if": stored}}])

    assert (found.show_if, found.items[0].show_if) == (read, read)
