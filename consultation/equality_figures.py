"""What officers see of equality answers: one table a question, rounded, frozen, and moved by ten who answered it.

The rules are the public's (disclosure.py), for officers know who answered when: a table that moved with each response
would tell them what that person said. So nobody sees an exact count, nor a table that is set against anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from consultation import equality
from consultation.disclosure import Figure, Table, rounded, rounded_percent
from consultation.equality import DECLINED
from consultation.models import Consultation, EqualityAnswers, EqualityFigures, Response
from consultation.pin import question_figures
from consultation.steps import may_move


def pin(consultation: Consultation) -> bool:
    """Bring the figures up to date where the step allows it."""
    last = EqualityFigures.objects.filter(consultation=consultation).first()
    if last is None and not consultation.ask_equality:
        return False
    counted, closed = _counted(consultation), consultation.has_closed()
    answered = counted.count()
    if not may_move(answered, last.answered if last else None, at_the_end=closed and answered > 0):
        return False
    EqualityFigures.objects.update_or_create(
        consultation=consultation,
        defaults={"answered": answered, "cut_off": timezone.now(), **_figures(answered, counted, last, closed)},
    )
    return True


def _counted(consultation: Consultation) -> QuerySet[EqualityAnswers]:
    """Those of counted responses, and those whose link was cut, which were of counted ones."""
    loose, counts = Q(link=None), Q(link__response__state=Response.State.COUNTED)
    return EqualityAnswers.objects.filter(loose | counts, consultation=consultation)


def _figures(
    answered: int, counted: QuerySet[EqualityAnswers], last: EqualityFigures | None, closed: bool
) -> dict[str, Any]:
    """figures: {"answered", "questions": {key: {"answered", "options": {key: figure}, "withheld"}}}, all rounded.

    Of those who did not decline; how many did is not said, so that it can't be worked out either.
    bases: how many people stand behind each question's figures.
    """
    tables = {question: _table(question, counted) for question in equality.QUESTIONS}
    before, bases = (last.figures["questions"], last.bases) if last else ({}, {})
    moved = {
        question: table
        for question, table in tables.items()
        if (table.base or table.declined) and may_move(table.base, bases.get(question.key), at_the_end=closed)
    }
    return {
        "figures": {
            "answered": rounded(answered),
            "questions": before | {question.key: _rounded(question, table) for question, table in moved.items()},
        },
        "bases": bases | {question.key: table.base for question, table in moved.items()},
    }


def _table(question: equality.Question, counted: QuerySet[EqualityAnswers]) -> Table:
    """Exact counts by the place of an option."""
    chosen = counted.order_by().values(option=KT(f"answers__{question.key}")).annotate(n=Count("*"))
    n: Mapping[str, int] = dict(chosen.values_list("option", "n"))
    counts = {place: n.get(key, 0) for place, key in enumerate(question.alone)}
    return Table(sum(counts.values()), counts, frozenset(counts), n.get(DECLINED, 0))


def _rounded(question: equality.Question, table: Table) -> dict[str, Any]:
    figures = question_figures(table)
    return figures | {"options": {question.alone[int(n)]: figure for n, figure in figures["options"].items()}}


@dataclass(frozen=True)
class Bar:
    """One option."""

    label: str
    figure: Figure
    percent: int | None


@dataclass(frozen=True)
class QuestionFigures:
    """One question. Without bars, they are withheld: they would tell what somebody said."""

    label: str
    answered: Figure
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Shown:
    """What there is to see."""

    pinned: EqualityFigures
    answered: Figure
    questions: tuple[QuestionFigures, ...]


def of_consultation(consultation: Consultation) -> Shown | None:
    """The figures that were made last; None as long as there are none."""
    return shown(EqualityFigures.objects.filter(consultation=consultation).first())


def shown(pinned: EqualityFigures | None) -> Shown | None:
    """Figures as they were made, in words."""
    if pinned is None:
        return None
    found: Mapping[str, Any] = pinned.figures["questions"]
    questions = (_shown(question, found[question.key]) for question in equality.QUESTIONS if question.key in found)
    return Shown(pinned, pinned.figures["answered"], tuple(questions))


def _shown(question: equality.Question, figures: Mapping[str, Any]) -> QuestionFigures:
    answered, options = figures["answered"], figures["options"]
    return QuestionFigures(
        str(question.label),
        answered,
        tuple(
            Bar(str(question.options[key]), options[key], rounded_percent(options[key], answered))
            for key in question.alone
            if key in options
        ),
    )
