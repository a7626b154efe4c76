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
    day = _read_iso(parts[0]) if len(parts) == 1 else _read_parts(parts)
    for bound, message, beyond in (
        (question.minimum, _("Enter a date that is %(date)s or later."), -1),
        (question.maximum, _("Enter a date that is %(date)s or earlier."), 1),
    ):
        if bound is not None and beyond * (as_number(day) - bound) > 0:
            raise Refused(message % {"date": date_format(as_day(bound), "DATE_FORMAT")})
    return Accepted(day.isoformat(), {})


def _read_iso(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Enter a real date.")) from None
    return _in_range(day)


def _read_parts(parts: list[str]) -> dt.date:
    if len(parts) != 3:
        raise Refused(_("Enter a real date."))
    missing = [message for part, message in zip(parts, _missing(), strict=True) if not part]
    if missing:
        raise Refused(" ".join(missing))
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise Refused(_("Write the date in numbers, like 27 3 2027."))
    day, month, year = map(int, parts)
    try:
        return _in_range(dt.date(year, month, day))
    except ValueError:
        raise Refused(_("Enter a real date.")) from None


def _missing() -> tuple[str, str, str]:
    return _("Enter the day, too."), _("Enter the month, too."), _("Enter the year, too.")


def _in_range(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        bounds = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Refused(_("Enter a year from %(first)d to %(last)d, in four digits.") % bounds)
    return day


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


DATE = Kind("date", Shape.DAY, _accept, _counts, slots=_slots, spoken=_spoken, inputs=_inputs)
