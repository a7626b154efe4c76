"""Tables, and the sheets that they take: as many as their rows need, and one for what is too long for a cell."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice
from tempfile import SpooledTemporaryFile
from typing import IO

from django.utils.translation import gettext as _

from consultation.sheets.cells import MORE, escape, is_plain, may_be_long, pieces

MOST_ROWS = 1_048_576  # of a sheet, its header included
KEPT = 1_000_000  # characters that are kept in memory rather than in a temporary file

Row = Sequence[str]


@dataclass(frozen=True)
class Table:
    """Rows, the header first, read once. numbers: the columns in which what looks like a number is one."""

    name: str
    rows: Iterable[Row]
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is written. A writer that stops before the last row finds the next ones in another sheet."""

    name: str
    rows: Iterator[Row]  # the header first, escaped, none of them too long
    is_number: Sequence[bool]  # by column


def sheets(tables: Iterable[Table]) -> Iterator[Sheet]:
    """Each is to be written before the next one is asked for."""
    with SpooledTemporaryFile(KEPT, "w+", encoding="utf-8") as rest:
        for table in tables:
            yield from _of_table(table, rest)
        if rest.tell():
            rest.seek(0)
            header = (_("sheet"), _("row"), _("column"), _("part"), _("text"))
            more = map(json.loads, rest)
            yield from _of_table(Table(_("Continued"), chain([header], more), frozenset({_("row"), _("part")})))


def _of_table(table: Table, rest: IO[str] | None = None) -> Iterator[Sheet]:
    """rest: where what is too long is noted; without it, the rows are fit to be written."""
    rows = iter(table.rows)
    header = next(rows, ())
    is_number = [name in table.numbers for name in header]
    first = next(rows, None)
    for number in count(1):
        name = table.name if number == 1 else f"{table.name} {number}"
        body = chain([first] if first is not None else [], islice(rows, MOST_ROWS - 2))
        whole: Iterator[Row] = chain([header], body)
        yield Sheet(name, _fitting(whole, header, name, rest) if rest else whole, is_number)
        first = next(rows, None)
        if first is None:
            return


def _fitting(rows: Iterable[Row], header: Row, sheet: str, rest: IO[str]) -> Iterator[Row]:
    """The rows escaped. What is too long for a cell is noted under where it began."""
    for place, row in enumerate(rows, 1):
        together = "".join(row)
        if not is_plain(together):
            row = [escape(cell) for cell in row]
            together = "".join(row)
        if may_be_long(together) and any(map(may_be_long, row)):
            row = [_fitted(cell, (sheet, place, escape(name)), rest) for cell, name in zip(row, header, strict=True)]
        yield row


def _fitted(cell: str, where: tuple[str, int, str], rest: IO[str]) -> str:
    first, *more = pieces(cell)
    for part, text in enumerate(more, 2):
        sheet, row, column = where
        rest.write(json.dumps([sheet, str(row), column, str(part), text]) + "\n")
    return first + MORE if more else first
