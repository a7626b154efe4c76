"""All rows of a file, once: what is wrong with them is listed, and those that are good are kept to be stored.

Reading takes long and locks nothing; storing follows, in one transaction, so that a row is in the ledger with all the
others or not at all. Neither needs more memory for more rows.
"""

import csv
import datetime as dt
import io
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from consultation.answers import decode, encode
from consultation.columns import guard
from consultation.ledger import Imported
from consultation.models import Channel, Response
from consultation.spreadsheets.reading import Row
from consultation.spreadsheets.rows import Problem, RowReader

LOOKED_UP = 500  # references at a time
NOTED = 2_000  # rows after which it is noted how far it is

Outcome = tuple[Imported | None, list[Problem]]


@dataclass
class Counts:
    """How many rows were read, would be responses, have an error; and how many answers are kept against a rule."""

    rows: int = 0
    good: int = 0
    wrong: int = 0
    kept: int = 0


def go_through(
    reader: RowReader,
    rows: Iterable[Row],
    problems: IO[bytes],
    good: IO[bytes],
    note: Callable[[int], object] = lambda rows: None,
) -> Counts:
    """Read the rows, write what is wrong with them as CSV, and the good ones as lines that `stored` reads again."""
    counts = Counts()
    with _text(problems) as told, _text(good) as kept:
        listed = csv.writer(told, lineterminator="\r\n")
        listed.writerow([_("Row"), _("Column"), _("Value"), _("What is wrong"), _("What becomes of it")])
        for imported, found in _with_references(reader, map(reader.read, filter(_says_something, rows))):
            counts.rows += 1
            counts.good += imported is not None
            counts.wrong += imported is None
            counts.kept += sum(problem.kept for problem in found)
            for problem in found:
                become = _("kept") if problem.kept else _("the row is left out")
                listed.writerow([problem.row, *map(guard, (problem.column, problem.value, problem.message)), become])
            if imported is not None:
                kept.write(_line(imported))
            if counts.rows % NOTED == 0:
                note(counts.rows)
    return counts


@contextmanager
def _text(file: IO[bytes]) -> Iterator[io.TextIOWrapper]:
    """A text over a file of bytes, which stays open afterwards."""
    text = io.TextIOWrapper(file, "utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


def _says_something(row: Row) -> bool:
    return any(cell.strip() for cell in row.cells)


def _with_references(reader: RowReader, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """The same, without those whose reference is in the ledger: it would name two responses."""
    while batch := list(islice(outcomes, LOOKED_UP)):
        wanted = [imported.reference for imported, _found in batch if imported and imported.reference]
        taken = set(Response.objects.filter(reference__in=wanted).values_list("reference", flat=True)) if wanted else ()
        for imported, found in batch:
            if imported is not None and imported.reference and imported.reference in taken:
                yield None, [*found, _taken(reader, imported)]
            else:
                yield imported, found


def _taken(reader: RowReader, imported: Imported) -> Problem:
    header = reader.headers[reader.told.places["reference"]]
    message = _(
        "A response with this reference is here already. Leave out the row; or the column, and it gets a new one."
    )
    return Problem(imported.row, header, imported.reference or "", message)


def listed(problems: IO[bytes], most: int) -> Sequence[Sequence[str]]:
    """The first of what was listed, without its header."""
    with _text(problems) as told:
        return list(islice(csv.reader(told), 1, 1 + most))


def _line(imported: Imported) -> str:
    told = (imported.key.hex, imported.reference, imported.language, imported.channel.value)
    parts = (*told, imported.received_at.isoformat(), encode(imported.answers), imported.version, imported.row)
    return json.dumps(parts) + "\n"


def stored(good: IO[bytes]) -> Iterator[Imported]:
    """The good rows, read again."""
    good.seek(0)
    for line in good:
        key, reference, language, channel, received_at, answers, version, row = json.loads(line)
        yield Imported(
            uuid.UUID(key),
            reference,
            language,
            Channel(channel),
            dt.datetime.fromisoformat(received_at),
            decode(answers),
            version,
            row=row,
        )
