"""Dates: a real day, asked for as day, month and year, stored as ISO writes it, and counted by month.

The earliest and the latest day of a question are its minimum and maximum, as numbers like 20270331.
"""

import datetime as dt
from collections.abc import Collection, Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consultation.kinds.answer import (
    ANSWERED,
    SKIPPED,
    Accepted,
    Count,
    Given,
    Kind,
    Refused,
    Shape,
    Slot,
    Value,
    Words,
)
from consultation.questionnaire import Question, Text

FIRST_YEAR, LAST_YEAR = 1900, 2099
EXAMPLE = 2026_03_27
DAY_PARTS = ("", "month", "year")  # what the inputs of a form are called, behind the question's own name


def as_number(day: dt.date) -> int:
    """A day as a number whose order is that of the days: 20270331."""
    return day.year * 10_000 + day.month * 100 + day.day


def as_day(number: int) -> dt.date:
    """Undo `as_number`. Raises ValueError where that is no day."""
    return dt.date(number // 10_000, number // 100 % 100, number % 100)


def _accept(question: Question, given: Given) -> Accepted:
    """A day in three parts, as a form has it, or in one, as a file has it."""
    parts = [part.strip() for part in given.chosen]
    if not any(parts):
        return SKIPPED
    day = _read_iso(question, parts[0]) if len(parts) == 1 else _read_parts(question, parts)
    for bound, message, beyond in (
        (question.minimum, _("enter a date that is %(date)s or later."), -1),
        (question.maximum, _("enter a date that is %(date)s or earlier."), 1),
    ):
        if bound is not None and beyond * (as_number(day) - bound) > 0:
            raise Refused(message % {"date": _in_words(bound)})
    return Accepted(day.isoformat(), {})


def _read_iso(question: Question, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(_not_real(question)) from None
    return _in_range(day)


def _read_parts(question: Question, parts: list[str]) -> dt.date:
    if len(parts) != 3:
        raise Refused(_not_real(question))
    blank = tuple(not part for part in parts)
    if any(blank):
        raise Refused(_missing()[blank], DAY_PARTS[blank.index(True)])
    for place, part in zip(DAY_PARTS, parts, strict=True):
        if not (part.isascii() and part.isdigit() and len(part) <= 4):
            example = {"example": _example(question)}
            raise Refused(_("write the date in numbers, for example %(example)s.") % example, place)
    day, month, year = map(int, parts)
    try:
        return _in_range(dt.date(year, month, day))
    except ValueError:
        raise Refused(_not_real(question), "" if 1 <= month <= 12 else "month") from None


def _not_real(question: Question) -> str:
    return _("enter a real date, for example %(example)s.") % {"example": _example(question)}


def _example(question: Question) -> str:
    """A day that the question takes, as it is written in three parts."""
    bounds = (question.minimum or EXAMPLE, question.maximum or EXAMPLE)
    day = as_day(min(max(EXAMPLE, bounds[0]), bounds[1]))
    return f"{day.day} {day.month} {day.year}"


def _missing() -> dict[tuple[bool, ...], str]:
    """What to say, by which of the three parts are blank."""
    return {
        (True, False, False): _("enter the day, too."),
        (False, True, False): _("enter the month, too."),
        (False, False, True): _("enter the year, too."),
        (True, True, False): _("enter the day and the month, too."),
        (True, False, True): _("enter the day and the year, too."),
        (False, True, True): _("enter the month and the year, too."),
    }


def _in_range(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        bounds = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Refused(_("enter a year from %(first)d to %(last)d, in four digits.") % bounds, "year")
    return day


def _limits(question: Question) -> str:
    said = [_("For example, %(example)s.") % {"example": _example(question)}]
    if question.minimum is not None:
        said.append(_("Not before %(date)s.") % {"date": _in_words(question.minimum)})
    if question.maximum is not None:
        said.append(_("Not after %(date)s.") % {"date": _in_words(question.maximum)})
    return " ".join(said)


def _in_words(number: int) -> str:
    return date_format(as_day(number), "DATE_FORMAT")


def _stored(value: Value) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _counts(question: Question, value: Value) -> Iterator[Count]:
    yield Count(ANSWERED)
    day = _stored(value)
    if day is not None:
        yield Count((day.year - FIRST_YEAR) * 12 + day.month)


def _slots(question: Question, found: Collection[int]) -> list[Slot]:
    """The months in which somebody's day was."""
    months = sorted(number for number in found if number > 0)
    firsts = [(number, dt.date(FIRST_YEAR + (number - 1) // 12, (number - 1) % 12 + 1, 1)) for number in months]
    return [Slot(number, date_format(first, "YEAR_MONTH_FORMAT")) for number, first in firsts]


def _spoken(question: Question, value: Value, words: Words) -> Iterator[Text]:
    day = _stored(value)
    yield Text(date_format(day, "DATE_FORMAT") if day else str(value))


def _inputs(value: Value) -> list[str]:
    day = _stored(value)
    return [str(day.day), str(day.month), str(day.year)] if day else [str(value)]


DATE = Kind("date", Shape.DAY, _accept, _counts, slots=_slots, spoken=_spoken, inputs=_inputs, limits=_limits)
