"""Spreadsheets of one or more tables, written as they are read: first byte at once, and the memory of a few rows.

The cells are those of the CSV files, the apostrophe included, so that one rule undoes them all. A text is a text, never
a formula; a number is one where its digits come back the same. docs/decisions/0026 says why no library writes them.

Adding a format: a module that yields the files of its .zip, and an entry in WRITERS.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from consultation.models import Format
from consultation.sheets import ods, xlsx
from consultation.sheets.cells import escape, unescape
from consultation.sheets.table import Table

__all__ = ["MEDIA_TYPES", "WRITERS", "Table", "escape", "unescape"]

Files = Iterator[tuple[str, Iterator[bytes]]]

WRITERS: Mapping[str, Callable[[Iterable[Table]], Files]] = {Format.XLSX: xlsx.files, Format.ODS: ods.files}
MEDIA_TYPES: Mapping[str, str] = {Format.XLSX: xlsx.MEDIA_TYPE, Format.ODS: ods.MEDIA_TYPE}
