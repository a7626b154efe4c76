"""How a consultation is going: what came in by day, how much of it was read, and how long it stays open."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from consultation.models import Consultation, Response
from consultation.recount import DAY, Cell
from consultation.summary import NONE, Reading, percent

MOST_BARS = 100  # days are shown as weeks, and weeks as months, where there would be more


@dataclass(frozen=True)
class Span:
    """A day, a week or a month, from its first day to its last, and the responses that were received on them.

    x, y, height: of its bar, in a picture that is 100 high and as wide as there are spans.
    """

    first: dt.date
    last: dt.date
    n: int
    x: int = 0
    height: float = 0

    @property
    def y(self) -> float:
        """Where the bar begins, from above."""
        return 100 - self.height


@dataclass(frozen=True)
class Timeline:
    """What was received, without gaps. missing: responses whose day is not counted yet, see fold.count_days."""

    spans: tuple[Span, ...]
    unit: str  # "day", "week" or "month"
    most: Span | None
    missing: int

    @property
    def width(self) -> int:
        """Of the picture."""
        return len(self.spans)


def timeline(reading: Reading) -> Timeline:
    """Lay the responses of a reading out by time. No query."""
    by_day = {dt.date.fromisoformat(c.value): n.n for c, n in reading.cells.items() if c.segment == DAY and n.n > 0}
    missing = reading.cells.get(Cell(0, 0), NONE).n - sum(by_day.values())
    tried = ((unit, _spans(by_day, begin, end)) for unit, begin, end in UNITS)
    unit, spans = next(((unit, found) for unit, found in tried if len(found) <= MOST_BARS or unit == "month"))
    most = max(spans, key=lambda span: span.n, default=None)
    laid = (Span(s.first, s.last, s.n, x, 100 * s.n / most.n) for x, s in enumerate(spans) if most and most.n)
    return Timeline(tuple(laid), unit, most, missing)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(day.weekday())


def _end_of_month(first: dt.date) -> dt.date:
    return (first.replace(day=28) + dt.timedelta(4)).replace(day=1) - dt.timedelta(1)


# How a span is called, when that of a day begins, and when the span that begins on a day ends.
UNITS: tuple[tuple[str, Callable[[dt.date], dt.date], Callable[[dt.date], dt.date]], ...] = (
    ("day", lambda day: day, lambda first: first),
    ("week", _monday, lambda first: first + dt.timedelta(6)),
    ("month", lambda day: day.replace(day=1), _end_of_month),
)


def _spans(
    by_day: Mapping[dt.date, int], begin: Callable[[dt.date], dt.date], end: Callable[[dt.date], dt.date]
) -> list[Span]:
    """From the first day on which something was received to the last one, those with nothing between them included."""
    if not by_day:
        return []
    n: Counter[dt.date] = Counter()
    for day, received in by_day.items():
        n[begin(day)] += received
    found, first = [], begin(min(by_day))
    while first <= max(by_day):
        found.append(Span(first, end(first), n[first]))
        first = end(first) + dt.timedelta(1)
    return found


@dataclass(frozen=True)
class Read:
    """How many of the responses that count somebody has marked as read."""

    n: int
    percent: float | None


def read(consultation: Consultation, received: int) -> Read:
    """One query, by the marks: there are as many as people set."""
    counted = consultation.responses.filter(state=Response.State.COUNTED, read_mark__isnull=False)
    n = counted.count()
    return Read(n, percent(n, received))


def days_left(consultation: Consultation) -> int | None:
    """Whole days until the day on which it closes, 0 on that day; None where it is not open or has no end."""
    if consultation.closes_at is None or consultation.has_closed() or timezone.now() < consultation.opens_at:
        return None
    return (timezone.localdate(consultation.closes_at) - timezone.localdate()).days
