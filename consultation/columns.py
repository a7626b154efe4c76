"""The columns of a file of responses: one plan, made from every question ever asked, that only grows.

Two kinds of header and of cell: `labels` (number and wording, values in words) and `keys` (column and option keys).
Missing is threefold: an empty cell was not asked, "(skipped)" was asked and left blank, and "prefer not to say" is an
option like others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from consultation import instrument
from consultation.kinds import KINDS, OTHER, Shape, Value
from consultation.models import Consultation, Question
from consultation.questionnaire import Option
from consultation.questionnaire import Question as Asked

SKIPPED = "(skipped)"
NOT_ASKED = ""

Words = Mapping[tuple[int, int], str]
# A cell and whether it is one of our codes: everything else is somebody's words and is guarded.
Cell = tuple[str, bool]


class Form(StrEnum):
    """How headers and values are written."""

    LABELS = "labels"
    KEYS = "keys"


@dataclass(frozen=True)
class Column:
    """One column of answers: its stable key, its header in words, and how a response's cell is found."""

    key: str
    label: str
    cell: Callable[[Mapping[str, Value], Words], Cell]


def plan(consultation: Consultation, language: str, form: Form) -> list[Column]:
    """The columns of a consultation's answers, by question number, so that a new question's come last."""
    words = instrument.words(consultation, language)
    asked = instrument.rows(consultation, words)
    rows = Question.objects.filter(consultation=consultation).prefetch_related("options").order_by("number")
    columns: list[Column] = []
    for row in rows:
        keys = {option.number: option.key for option in row.options.all()}
        columns += _columns(row.key, asked[row.number], keys, form)
    return columns


def _columns(key: str, question: Asked, keys: Mapping[int, str], form: Form) -> list[Column]:
    title = f"{question.number}. {question.label.text}"
    options = sorted(question.options, key=lambda option: option.number)
    beside = [
        Column(f"{key}.{keys[o.number]}.text", f"{title} – {o.label.text} ({_('in words')})", _words_cell(question, o))
        for o in options
        if o.role == OTHER
    ]
    shape = KINDS[question.kind].shape
    if shape == Shape.OPTIONS:
        return [
            Column(f"{key}.{keys[o.number]}", f"{title} – {o.label.text}", _tick_cell(question, o, form))
            for o in options
        ] + beside
    if shape == Shape.OPTION:
        values = {o.number: keys[o.number] if form == Form.KEYS else o.label.text for o in options}
        return [Column(key, title, _choice_cell(question, values)), *beside]
    if shape == Shape.NUMBER:
        return [Column(key, title, _number_cell(question))]
    return [Column(key, title, _text_cell(question))]


def _state(question: Asked, answers: Mapping[str, Value]) -> str | None:
    """The code of a question without an answer; None where it has one."""
    name = str(question.number)
    if name not in answers:
        return NOT_ASKED
    return SKIPPED if answers[name] is None else None


def _choice_cell(question: Asked, values: Mapping[int, str]) -> Callable[[Mapping[str, Value], Words], Cell]:
    def cell(answers: Mapping[str, Value], words: Words) -> Cell:
        code = _state(question, answers)
        if code is not None:
            return code, True
        return values.get(_number(answers[str(question.number)]), ""), False

    return cell


def _tick_cell(question: Asked, option: Option, form: Form) -> Callable[[Mapping[str, Value], Words], Cell]:
    yes, no = ("1", "0") if form == Form.KEYS else (_("Yes"), _("No"))

    def cell(answers: Mapping[str, Value], words: Words) -> Cell:
        code = _state(question, answers)
        if code is not None:
            return code, True
        ticked = answers[str(question.number)]
        return (yes if isinstance(ticked, list) and option.number in ticked else no), False

    return cell


def _words_cell(question: Asked, option: Option) -> Callable[[Mapping[str, Value], Words], Cell]:
    def cell(answers: Mapping[str, Value], words: Words) -> Cell:
        return words.get((question.number, option.number), ""), False

    return cell


def _number_cell(question: Asked) -> Callable[[Mapping[str, Value], Words], Cell]:
    def cell(answers: Mapping[str, Value], words: Words) -> Cell:
        code = _state(question, answers)
        if code is not None:
            return code, True
        value = answers[str(question.number)]
        return (words.get((question.number, 0), "") if value is True else str(value)), False

    return cell


def _text_cell(question: Asked) -> Callable[[Mapping[str, Value], Words], Cell]:
    def cell(answers: Mapping[str, Value], words: Words) -> Cell:
        code = _state(question, answers)
        return (code, True) if code is not None else (words.get((question.number, 0), ""), False)

    return cell


def _number(value: Any) -> int:
    return value if isinstance(value, int) and value is not True else 0
