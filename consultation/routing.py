"""Routing: which sections and questions somebody with these answers is asked. Nothing else decides it.

A condition looks back at earlier sections only, so that a page of the form is one decision of the server. What was not
asked has no answer, whatever a draft still holds: no condition on it is met, and so conditions nest by themselves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from consultation.questionnaire import Condition, Questionnaire, Section, questions

Values = Mapping[int, Any]  # answers by question number
Meets = Callable[[Condition], bool]


def reached(questionnaire: Questionnaire, values: Values) -> Questionnaire:
    """The part of a questionnaire that these answers lead to. Its sections keep their numbers."""
    return _part(questionnaire, lambda condition: condition.met_by(values.get(condition.question)))


def steered(questionnaire: Questionnaire) -> set[int]:
    """The questions that are asked only of some, by their own condition or their section's."""
    return {q.number for s in questionnaire.sections for q in s.questions if s.condition or q.condition}


def routes(questionnaire: Questionnaire) -> dict[int, frozenset[Condition]]:
    """The conditions of each question, but those that whoever was led to it had met already."""
    every: dict[int, frozenset[Condition]] = {}
    found: dict[int, frozenset[Condition]] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            own = frozenset(condition for condition in (section.condition, question.condition) if condition)
            before = frozenset[Condition]().union(*(every[condition.question] for condition in own))
            every[question.number], found[question.number] = own | before, own - before
    return found


@dataclass(frozen=True)
class Progress:
    """The place of a section among those that somebody is asked, and how many those are."""

    place: int
    total: int
    certain: bool  # else they can be fewer, as later answers decide


def progress(questionnaire: Questionnaire, values: Values, number: int) -> Progress:
    """How far along the section of that number is, for somebody with these answers to the sections before it."""
    ahead = {question.number for section in questionnaire.sections[number - 1 :] for question in section.questions}
    longest = _part(questionnaire, lambda c: c.question in ahead or c.met_by(values.get(c.question))).sections
    shortest = _part(questionnaire, lambda c: c.question not in ahead and c.met_by(values.get(c.question))).sections
    place = sum(section.number <= number for section in longest)
    return Progress(place, len(longest), len(longest) == len(shortest))


def _part(questionnaire: Questionnaire, meets: Meets) -> Questionnaire:
    if not questionnaire.is_routed:
        return questionnaire
    return Questionnaire(questionnaire.version, questionnaire.language, tuple(_sections(questionnaire, meets)))


def _sections(questionnaire: Questionnaire, meets: Meets) -> Iterator[Section]:
    asked: set[int] = set()

    def holds(condition: Condition | None) -> bool:
        return condition is None or (condition.question in asked and meets(condition))

    for section in questionnaire.sections:
        if not holds(section.condition):
            continue
        items = tuple(item for item in section.items if all(holds(question.condition) for question in questions(item)))
        part = replace(section, items=items)
        if section.questions and not part.questions:
            continue  # its words are about questions that are not asked
        yield part
        asked |= {question.number for question in part.questions}
