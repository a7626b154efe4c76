"""What a file is, told by what stands in it and never by its name; and whether it can be read at all."""

import codecs
import csv
import zipfile
import zlib
from collections import Counter
from io import StringIO
from typing import IO

from django.utils.translation import gettext as _

from consultation.models import Format

LARGEST = 50_000_000  # bytes of a file
UNPACKED = 500_000_000  # bytes of what is packed in it
ENTRIES = 10_000
LOOKED_AT = 200_000  # characters from which the separator is told
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SEPARATORS = ",;\t|"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and whatever Excel locks with a password
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


class Unreadable(Exception):
    """The file can't be read; the message says to an officer what to do."""


def format_of(file: IO[bytes]) -> Format:
    """Which of the formats a file has. Raises Unreadable, for a broken or locked one, too."""
    file.seek(0)
    begins = file.read(8)
    if not begins:
        raise Unreadable(_("The file is empty."))
    if begins.startswith(OLD_OFFICE):
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in file.read():
            raise Unreadable(_locked())
        raise Unreadable(_("This is a file of an old Excel (.xls). Save it as .xlsx or .csv."))
    if begins.startswith(b"PK"):
        return _packed(file)
    if begins.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise Unreadable(_none_of_these())
    return Format.CSV


def _none_of_these() -> str:
    return _("This is no spreadsheet. Choose a CSV, an Excel (.xlsx) or an OpenDocument (.ods) file.")


def _locked() -> str:
    return _("The file is locked with a password. Save it without one, and delete that copy afterwards.")


def _broken() -> str:
    return _("The file is damaged and can’t be read. Open it in your spreadsheet program and save it again.")


def _packed(file: IO[bytes]) -> Format:
    """Look into a .zip: what it is, and how large it really is, whatever it says of itself."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = {entry.filename for entry in archive.infolist()}
            if "xl/workbook.xml" in names:
                found = Format.XLSX
            elif "mimetype" in names and archive.read("mimetype")[:100].startswith(OPEN_DOCUMENT):
                found = Format.ODS
            else:
                raise Unreadable(_none_of_these())
            _measure(archive)
            if found == Format.ODS and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Unreadable(_locked())
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unreadable(_broken()) from None
    return found


def _measure(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    left = UNPACKED
    for entry in entries if len(entries) <= ENTRIES else ():
        entry.file_size = 2**62  # else zipfile would stop where the entry says that it ends
        with archive.open(entry) as unpacked:
            while left >= 0 and (part := unpacked.read(1_000_000)):
                left -= len(part)
        if left < 0:
            break
    if left < 0 or len(entries) > ENTRIES:
        raise Unreadable(
            _("The file holds far more than its size says, so it was not opened. Save the sheet of responses as a CSV.")
        )


def encoding_of(file: IO[bytes]) -> str:
    """How the characters of a CSV are written: what can be read as UTF-8 is UTF-8."""
    file.seek(0)
    begins = file.read(4_000)
    for mark, name in UTF_16.items():
        if begins.startswith(mark):
            return name
    if begins[1::2].count(0) > len(begins) // 4:
        return "utf-16-le"
    if begins[0::2].count(0) > len(begins) // 4:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while part := file.read(1_000_000):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def separator_of(file: IO[bytes], encoding: str) -> str:
    """What stands between the cells: what cuts most of the first rows into as many, and into the most.

    In a table of one column nothing does, so it is what cuts none of them.
    """
    file.seek(0)
    begins = file.read(LOOKED_AT).decode(encoding, errors="replace")
    widths = {separator: _widths(begins, separator) for separator in SEPARATORS}
    fits = {separator: _fit(found) for separator, found in widths.items()}
    best = max(SEPARATORS, key=lambda separator: fits[separator])
    uncut = (separator for separator in SEPARATORS if set(widths[separator]) <= {1})
    return best if fits[best][0] else next(uncut, best)


def _widths(begins: str, separator: str) -> Counter[int]:
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(StringIO(begins, newline=""), delimiter=separator):
            if row:
                widths[len(row)] += 1
    except csv.Error:
        pass
    return widths


def _fit(widths: Counter[int]) -> tuple[float, int]:
    width, times = max(widths.items(), key=lambda found: found[1], default=(0, 0))
    return (times / widths.total(), width) if width > 1 and times * 2 > widths.total() else (0, 0)
