"""Reads an Excel or OpenDocument file, in a process of its own: book.py FILE, or book.py FILE SHEET ROWS.

The first writes the names of the sheets as JSON, the second the rows of one as CSV, a formula as the value that was
last shown. A file can ask for any amount of memory, be it by one cell far away from the others. So this process has a
limit, beyond which it ends alone, and whoever started it has a plain CSV to read. It knows nothing of the site.
"""

import csv
import datetime as dt
import json
import resource
import sys
from decimal import Decimal
from typing import Any

MEMORY = 1_500_000_000  # bytes, of which the program itself has about 100 million
SECONDS = 120  # of the processor
PASSWORD, BROKEN, TOO_MANY_ROWS = 3, 4, 5  # how it ends where it can't be read


def text(value: Any) -> str:
    """A cell as somebody would type it: 3 for 3.0, a day as ISO writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def main(path: str, sheet: str = "", most: str = "0") -> int:
    """Write what was asked for."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with open(path, "rb") as file:  # noqa: PTH123  the quickest start
            book = CalamineWorkbook.from_filelike(file)
            if not most or most == "0":
                json.dump(book.sheet_names, sys.stdout)
                return 0
            found = book.get_sheet_by_name(sheet)
            if found.total_height > int(most):
                return TOO_MANY_ROWS
            writer = csv.writer(sys.stdout, lineterminator="\n")
            before = [""] * (found.start[1] if found.start else 0)
            for row in found.iter_rows():
                writer.writerow([*before, *map(text, row)])
    except PasswordError:
        return PASSWORD
    except (CalamineError, OSError, ValueError, MemoryError):
        return BROKEN
    return 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]
    sys.exit(main(*sys.argv[1:]))
