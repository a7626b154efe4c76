"""Excel's format. Texts stand in the cells themselves, so nothing has to be known before the first row is written."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count, islice
from xml.sax.saxutils import escape as in_xml  # it reads nothing  # nosec B406
from xml.sax.saxutils import quoteattr  # nor does this  # nosec B406

from consultation.sheets.cells import is_number
from consultation.sheets.table import Row, Sheet, Table, sheets

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A .zip that is handed on while it is made has to know beforehand whether a file in it passes 2 GB, and Excel doesn't
# read one that says so without need. So a sheet ends before, as if it had all the rows that it can have.
MOST_BYTES = 1_800_000_000
ROWS = 200  # written together
SHORT = 100  # characters of a text that many may have

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The header stays where it is while the rest is scrolled.
_BEGIN = (
    f'{_DECLARED}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
    ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_END = "</sheetData></worksheet>"


def files(tables: Iterable[Table]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of the .zip, each to be read before the next one is asked for; which sheets there were is said last."""
    names = []
    for sheet in sheets(tables):
        names.append(sheet.name)
        yield f"xl/worksheets/sheet{len(names)}.xml", _sheet(sheet)
    named = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
    yield "xl/workbook.xml", _said(f"{book}<sheets>{named}</sheets></workbook>")
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _name in enumerate(names, 1)
    )
    yield "xl/_rels/workbook.xml.rels", _relationships(related)
    document = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", _relationships(document)
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n, _name in enumerate(names, 1)
    )
    yield (
        "[Content_Types].xml",
        _said(
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{typed}</Types>'
        ),
    )


def _relationships(listed: str) -> Iterator[bytes]:
    return _said(f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>')


def _said(xml: str) -> Iterator[bytes]:
    yield (_DECLARED + xml).encode()


def _sheet(sheet: Sheet) -> Iterator[bytes]:
    yield _BEGIN.encode()
    letters, numbers, size = _letters(len(sheet.is_number)), count(1), 0
    columns = list(zip(letters, sheet.is_number, strict=True))
    while size < MOST_BYTES and (rows := list(islice(sheet.rows, ROWS))):
        part = "".join(_row(number, row, columns) for row, number in zip(rows, numbers, strict=False)).encode()
        size += len(part)
        yield part
    yield _END.encode()


def _row(number: int, row: Row, columns: list[tuple[str, bool]]) -> str:
    cells = [
        f'<c r="{letter}{number}"{_short(text, numeric) if len(text) <= SHORT else _cell(text, numeric)}'
        for text, (letter, numeric) in zip(row, columns, strict=True)
        if text
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(text: str, numeric: bool) -> str:
    if numeric and is_number(text):
        return f"><v>{text}</v></c>"
    return f' t="inlineStr"><is><t xml:space="preserve">{in_xml(text)}</t></is></c>'


_short = lru_cache(4_096)(_cell)


def _letters(n: int) -> list[str]:
    """The names of the first columns: A to Z, AA, and so on."""
    names = [""]
    for name in names:
        names += [name + chr(letter) for letter in range(ord("A"), ord("Z") + 1)]
        if len(names) > n:
            break
    return names[1 : n + 1]
