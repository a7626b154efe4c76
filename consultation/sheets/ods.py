"""OpenDocument's format: one file of XML with all sheets."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from xml.sax.saxutils import escape as in_xml  # it reads nothing  # nosec B406
from xml.sax.saxutils import quoteattr  # nor does this  # nosec B406

from consultation.sheets.cells import is_number
from consultation.sheets.table import Row, Table, sheets

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ROWS = 200  # written together
SHORT = 100  # characters of a text that many may have

_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_BEGIN = _DECLARED + (
    f'<office:document-content xmlns:office="{_NAMES}:office:1.0" xmlns:table="{_NAMES}:table:1.0"'
    f' xmlns:text="{_NAMES}:text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
)
_END = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = _DECLARED + (
    f'<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_EMPTY = "<table:table-cell/>"
_blanks = re.compile(r"^ +| +$| {2,}").sub  # that a reader would drop
_TAB = "_x0009_"  # for OpenDocument's own, LibreOffice and others read nothing


def files(tables: Iterable[Table]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of the .zip, the first one stored as it is."""
    yield "mimetype", iter([MEDIA_TYPE.encode()])
    yield "content.xml", _content(tables)
    yield "META-INF/manifest.xml", iter([_MANIFEST.encode()])


def _content(tables: Iterable[Table]) -> Iterator[bytes]:
    yield _BEGIN.encode()
    for sheet in sheets(tables):
        yield f"<table:table table:name={quoteattr(sheet.name)}>".encode()
        while rows := list(islice(sheet.rows, ROWS)):
            yield "".join(_row(row, sheet.is_number) for row in rows).encode()
        yield b"</table:table>"
    yield _END.encode()


def _row(row: Row, is_number: Iterable[bool]) -> str:
    cells = [
        _short(text, numeric) if len(text) <= SHORT else _cell(text, numeric)
        for text, numeric in zip(row, is_number, strict=True)
    ]
    return f"<table:table-row>{''.join(cells) or _EMPTY}</table:table-row>"


def _cell(text: str, numeric: bool) -> str:
    if not text:
        return _EMPTY
    if numeric and is_number(text):
        cell = f'<table:table-cell office:value-type="float" office:value="{text}">'
        return f"{cell}<text:p>{text}</text:p></table:table-cell>"
    lines = "".join(f"<text:p>{_line(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _line(text: str) -> str:
    return _blanks(_blank, in_xml(text).replace("\t", _TAB))


def _blank(found: re.Match[str]) -> str:
    return f'<text:s text:c="{len(found[0])}"/>'


_short = lru_cache(4_096)(_cell)
