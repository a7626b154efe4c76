"""The rows of a file, each under the number that a spreadsheet program shows beside it."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from consultation.spreadsheets import book
from consultation.spreadsheets.sniffing import Unreadable

MOST_ROWS = 250_000
MOST_COLUMNS = 400
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (LE)",
    "utf-16-be": "UTF-16 (BE)",
    "cp1252": "Windows-1252",
}
WAIT = 180  # seconds for a file to be read


class Row(NamedTuple):
    """One row: its number, counted from 1 with the header, and its cells."""

    number: int
    cells: list[str]


def rows(file: IO[bytes], encoding: str, separator: str) -> Iterator[Row]:
    """The rows of a CSV, empty ones too. Raises Unreadable where it stops being one: the rest can't be trusted."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace" if encoding == "cp1252" else "strict", newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if number > MOST_ROWS:
                raise Unreadable(_too_many_rows())
            yield Row(number, cells)
    except UnicodeError:
        said = {"encoding": ENCODINGS[encoding], "row": number + 1}
        raise Unreadable(_("Row %(row)d is not written in %(encoding)s. Choose another encoding.") % said) from None
    except csv.Error as error:
        raise Unreadable(_not_csv(number + 1, str(error))) from None
    finally:
        text.detach()


def _not_csv(row: int, error: str) -> str:
    if "field larger" in error:
        message = _(
            "Row %(row)d has a cell of more than %(most)s characters. Shorten it: an answer has 20,000 at most."
        )
        return message % {"row": row, "most": f"{csv.field_size_limit():,}"}
    return _("From row %(row)d on this is no CSV any more. Look for a quotation mark that is not closed.") % {
        "row": row
    }


def _too_many_rows() -> str:
    most = {"most": f"{MOST_ROWS:,}"}
    return _("The file has more than %(most)s rows. Cut it into several files.") % most


def headers(file: IO[bytes], encoding: str, separator: str, at: int) -> list[str]:
    """The cells of the row that has the headers, without empty ones at its end. Raises Unreadable."""
    found = next(islice(rows(file, encoding, separator), at - 1, at), None)
    cells = [cell.strip() for cell in found.cells] if found else []
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise Unreadable(_("Row %(row)d is empty. Choose the row that says what the columns are.") % {"row": at})
    if len(cells) > MOST_COLUMNS:
        said = {"found": f"{len(cells):,}", "most": MOST_COLUMNS}
        raise Unreadable(
            _("The file has %(found)s columns, and %(most)d is the most. Delete those that hold no answers.") % said
        )
    return cells


def sheets(path: Path) -> list[str]:
    """The names of the sheets of an Excel or OpenDocument file. Raises Unreadable."""
    done = _book([path], subprocess.PIPE)
    found: list[str] = json.loads(done.stdout)
    if not found:
        raise Unreadable(_("There is no sheet in the file."))
    return found


def to_csv(path: Path, sheet: str, into: IO[bytes]) -> None:
    """Write the rows of a sheet as CSV, in UTF-8 and with commas. Raises Unreadable."""
    _book([path, sheet, str(MOST_ROWS)], into)


def _book(arguments: list[Path | str], into: IO[bytes] | int) -> "subprocess.CompletedProcess[bytes]":
    """Let the program beside this one read the file: see there why."""
    command = [sys.executable, "-I", book.__file__, *map(str, arguments)]
    try:
        done = subprocess.run(  # noqa: S603  our own program, and the name of a file of ours  # nosec B603
            command, stdout=into, stderr=subprocess.DEVNULL, timeout=WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(_too_large()) from None
    if done.returncode == book.PASSWORD:
        raise Unreadable(_("The file is locked with a password. Save it without one, and delete that copy afterwards."))
    if done.returncode == book.TOO_MANY_ROWS:
        raise Unreadable(_too_many_rows())
    if done.returncode < 0:
        raise Unreadable(_too_large())
    if done.returncode:
        raise Unreadable(
            _("The file is damaged and can’t be read. Open it in your spreadsheet program and save it again.")
        )
    return done


def _too_large() -> str:
    return _(
        "The sheet is too large to be read. Maybe a single cell stands far away from the others. Save it as a CSV."
    )
