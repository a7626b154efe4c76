"""The records of a CSV file from anywhere, each with the line it begins on. Whatever is wrong is found, line by line.

Nothing is repaired: a byte that is not UTF-8 or a control character stops the import, since to guess would change what
somebody wrote.
"""

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from consultation.package.files import RESPONSES
from consultation.package.findings import Findings
from consultation.text import UNSTORABLE

LONGEST_LINE = 4_000_000  # bytes


class Record(NamedTuple):
    """One record: the number of its first physical line, and its cells."""

    line: int
    cells: list[str]


def records(file: IO[bytes], findings: Findings) -> Iterator[Record]:
    """Read the file's records, the header first; blank lines are passed over.

    Reading stops where the file stops being CSV, for nothing after it can be trusted.
    """
    reader = csv.reader(_lines(file, findings), strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            findings.problem(RESPONSES, f"this is no longer CSV: {error}. Is a quotation mark not closed?", first)
            return
        if cells is None:
            return
        if cells:
            yield Record(first, cells)


def _lines(file: IO[bytes], findings: Findings) -> Iterator[str]:
    """Decode line by line, so that what can't be decoded is found on its line."""
    number = 0
    try:
        while raw := file.readline(LONGEST_LINE):
            number += 1
            if number == 1 and raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                findings.problem(RESPONSES, "the file is UTF-16. Save it as UTF-8.", number)
                return
            if len(raw) == LONGEST_LINE:
                findings.problem(RESPONSES, f"the line is longer than {LONGEST_LINE:,} bytes.", number)
                return
            yield _decoded(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw, number, findings)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        findings.problem(RESPONSES, f"can't be read to its end ({error}).", number + 1)


def _decoded(raw: bytes, number: int, findings: Findings) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        byte = f"byte {raw[error.start]:#04x} at place {error.start + 1} of the line"
        findings.problem(RESPONSES, f"{byte} is not UTF-8. Save the file as UTF-8.", number)
        text = raw.decode(errors="replace")
    if found := UNSTORABLE.search(text):
        character = f"U+{ord(found[0]):04X} at place {found.start() + 1} of the line"
        findings.problem(RESPONSES, f"the control character {character} can't be stored. Remove it.", number)
        text = UNSTORABLE.sub("", text)
    return text
