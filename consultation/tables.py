"""What stands in a spreadsheet of responses: the very cells of the CSV, read out of it again, and the codebook.

Reading the lines of the CSV costs little, and whatever writes them, PostgreSQL or Python, writes the spreadsheet too.
"""

import csv
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from io import StringIO

from django.utils import translation
from django.utils.translation import gettext as _

from consultation import codebook, csv_copy, csv_long
from consultation.columns import FIXED, Form, guard, header, plan
from consultation.csv_files import Among
from consultation.models import Consultation, Level
from consultation.sheets import Table

ROWS = {"responses": csv_copy.responses, "answers": csv_long.responses}
NUMBERS_OF_ANSWERS = frozenset({"row", "place", "value"})
NUMBERS_OF_CODEBOOK = frozenset(
    {"n", "asked", "answered", "declined", "limit", "minimum", "maximum", "counts_as"}
    | {"required", "decimals", "identifying"}
)


def of_responses(
    consultation: Consultation, language: str, form: Form, level: Level, *, rows: str, among: Among = None
) -> Iterator[Table]:
    """A table with a row for each response, or for each answer, and one that explains its columns."""
    parts = ROWS[rows](consultation, language, form, level, among=among)
    if rows == "answers":
        yield Table(_("Answers"), cells(parts), NUMBERS_OF_ANSWERS)
    else:
        yield Table(_("Responses"), cells(parts), _numbers(consultation, language, form, level))
    yield Table(_("Codebook"), codebook.rows(consultation, language, level), NUMBERS_OF_CODEBOOK)


def cells(parts: Generator[bytes, None, None]) -> Iterator[Sequence[str]]:
    """The rows of a CSV, each part of which ends with one."""
    with closing(parts):
        yield from csv.reader(_lines(parts), strict=True)


def _lines(parts: Iterable[bytes]) -> Iterator[str]:
    for part in parts:
        yield from StringIO(part.decode(), newline="")


def _numbers(consultation: Consultation, language: str, form: Form, level: Level) -> frozenset[str]:
    """The headers of the columns of numbers."""
    with translation.override(language):
        columns = plan(consultation, language, form, level)
        names = header(columns, form)[len(FIXED) :]
    found = (guard(name) for name, column in zip(names, columns, strict=True) if column.is_number)
    return frozenset({"version", *found})
