"""A cross-table as the rows of a file: people and per cent by column, bases below, what it is of at the end."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from consultation.columns import guard
from consultation.comparison import Compared
from consultation.summary import Bar, QuestionSummary

Row = Sequence[str]


def header(compared: Compared) -> Row:
    """A column for the people and one for the per cent of each part, everybody first."""
    names = [_("Everybody"), *compared.columns]
    return [_("Answer"), *(name for n in names for name in (n, _("%(column)s, per cent") % {"column": n}))]


def rows(compared: Compared, whole: QuestionSummary, notes: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """The header first. What people and editors wrote is guarded; numbers are plain."""
    parts = [whole, *compared.parts]
    yield header(compared)
    for row in compared.rows:
        yield [guard(row.whole.label), *(cell for bar in (row.whole, *row.parts) for cell in _cells(bar))]
    if whole.declined is not None:
        yield [_("Preferred not to say"), *_alone(str(part.declined or 0) for part in parts)]
    if whole.mean is not None:
        yield [_("Mean"), *_alone(_mean(part) for part in parts)]
    yield [_("Asked"), *_alone(str(part.asked) for part in parts)]
    yield [_("Answered"), *_alone(str(part.answered) for part in parts)]
    yield [_("Percentages are of"), *_alone(str(part.base) for part in parts)]
    width = 2 * len(parts) - 1
    for name, said in notes:
        yield [guard(name), guard(said), *[""] * (width)]


def _cells(bar: Bar) -> tuple[str, str]:
    return str(bar.n), "" if bar.percent is None else f"{bar.percent:.1f}"


def _mean(part: QuestionSummary) -> str:
    return "" if part.mean is None else f"{part.mean:.2f}"


def _alone(values: Iterable[str]) -> Iterator[str]:
    """Each with an empty cell where the per cent stands."""
    for value in values:
        yield value
        yield ""
