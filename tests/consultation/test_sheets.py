"""Spreadsheets: the cells of the CSV, whatever stands in them, for every program that reads them."""

import io
import os
import random
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from consultation.models import Format
from consultation.package.archive import zipped
from consultation.sheets import WRITERS, Table, cells, escape, table, unescape, xlsx
from tests.test_libreoffice import soffice  # noqa: F401 (a fixture)

FORMATS = [Format.XLSX, Format.ODS]
HOSTILE = [
    "=1+1",
    "'=HYPERLINK(1)",
    "+44 28",
    "-1",
    "@SUM(A1)",
    "#N/A",
    "#REF!",
    "TRUE",
    "1/2",
    "2027-03-31",
    "007",
    "1e5",
    "12345678901234567890",
    "  two  blanks  ",
    " ",
    "a\tb",
    "one\ntwo\n\nfour",
    "\n",
    "say \"x\" & 'y' <b>]]>",
    "&amp;",
    "😀 👩‍👩‍👧",
    "עברית \u200fabc\u202e",
    "zażółć",
    "\u00a0",
    "\u2028",
]
ILLEGAL = [
    "\x01=1",
    "a\x00b",
    "bell\x07",
    "\x0b\x0c",
    "one\rtwo",
    "x\r\ny",
    "_x0001_",
    "_x005F_",
    "_x000",
]


def made(format, *tables, **options):
    return b"".join(zipped(WRITERS[format](tables), as_it_is=["mimetype"], large=False, **options))


def read(file):
    """Every sheet as texts, as an independent program reads it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def as_table(rows, **options):
    return Table("Sheet", [["key", "text"], *rows], **options)


@pytest.mark.parametrize("format", FORMATS)
def test_every_text_comes_back_as_it_was_and_as_text(format):
    rows = [[str(n), text] for n, text in enumerate([*HOSTILE, *ILLEGAL])]

    (sheet,) = read(made(format, as_table(rows))).values()

    # Of Excel's format the reader knows what _x0001_ stands for, as Excel does.
    found = [text if format == Format.XLSX else unescape(text) for _key, text in sheet[1:]]
    assert found == [text for _key, text in rows]
    assert all(isinstance(cell, str) for row in sheet for cell in row)


def test_a_second_reader_finds_the_same_and_no_formula():
    rows = [[str(n), text] for n, text in enumerate([*HOSTILE, *ILLEGAL])]

    sheet = load_workbook(io.BytesIO(made(Format.XLSX, as_table(rows)))).active

    found = list(sheet.iter_rows(min_row=2))
    assert [unescape(row[1].value) for row in found] == [text for _key, text in rows]
    assert {cell.data_type for row in found for cell in row} == {"s"}
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("format", FORMATS)
def test_numbers_are_numbers_where_the_column_has_them_and_the_digits_come_back(format):
    given = ["12", "-1.5", "0", "0.125", "999999999.999", "007", "-0", "1.50", "1e5", "", "(skipped)", "'-7", "many"]

    (sheet,) = read(made(format, as_table([[n, n] for n in given], numbers=frozenset({"key"})))).values()

    numbers = [key for key, _text in sheet[1:]]
    assert numbers == [12, -1.5, 0, 0.125, 999999999.999, "007", "-0", "1.50", "1e5", "", "(skipped)", "'-7", "many"]
    assert [text for _key, text in sheet[1:]] == given


@given(st.text(st.characters(exclude_categories=[]), max_size=30) | st.text("_x0015Ff\x01\r", max_size=30))
def test_escaping_is_undone_whatever_the_text(text):
    cell = escape(text)

    assert unescape(cell) == text
    assert not any(ord(c) < 32 and c not in "\t\n" or c in "\ufffe\uffff" or "\ud800" <= c <= "\udfff" for c in cell)
    assert cells.is_plain(text) == (cell == text)


@given(st.text("a😀_x0F\x01", min_size=1, max_size=60), st.integers(12, 20))
def test_pieces_fit_and_put_together_are_the_text(text, longest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "LONGEST", longest)
        parts = list(cells.pieces(escape(text)))

    # Undone part by part, as a reader does who knows what was escaped, or all together.
    assert "".join(map(unescape, parts)) == unescape("".join(parts)) == text
    room = longest - len(cells.MORE) if len(parts) > 1 else longest
    assert max(len(part.encode("utf-16-le")) // 2 for part in parts) <= room


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_too_long_for_a_cell_goes_on_in_a_sheet_of_its_own(format):
    texts = ["short", "😀" * 20_000, "x" * 80_000, "y" * 32_767, "_x0001_" * 5_000]

    sheets = read(made(format, as_table([[str(n), text] for n, text in enumerate(texts)])))

    assert list(sheets) == ["Sheet", "Continued"]
    header, *more = sheets["Continued"]
    assert header == ["sheet", "row", "column", "part", "text"]
    assert {tuple(line[:3]) for line in more} == {("Sheet", row, "text") for row in (3, 4, 6)}
    undone = str if format == Format.XLSX else unescape
    for row, text in enumerate(texts, 2):
        cell = sheets["Sheet"][row - 1][1]
        assert len(cell.encode("utf-16-le")) // 2 <= cells.LONGEST
        parts = [line[4] for line in more if line[1] == row]
        assert cell.endswith(cells.MORE) == bool(parts)
        assert "".join(map(undone, [cell.removesuffix(cells.MORE), *parts])) == text


@pytest.mark.parametrize("format", FORMATS)
def test_more_rows_than_a_sheet_takes_go_on_in_the_next(format, monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 4)
    rows = [[str(n), "text"] for n in range(7)]

    sheets = read(made(format, as_table(rows), Table("Codebook", [["a"], ["b"]])))

    assert list(sheets) == ["Sheet", "Sheet 2", "Sheet 3", "Codebook"]
    assert [len(sheet) for sheet in sheets.values()] == [4, 4, 2, 2]
    assert {tuple(sheet[0]) for name, sheet in sheets.items() if name != "Codebook"} == {("key", "text")}
    assert [row[0] for name, sheet in sheets.items() if name != "Codebook" for row in sheet[1:]] == list("0123456")


@pytest.mark.parametrize("format", FORMATS)
def test_rows_that_fill_a_sheet_exactly_make_no_empty_one(format, monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 4)

    assert list(read(made(format, as_table([[str(n), "t"] for n in range(3)])))) == ["Sheet"]
    assert list(read(made(format, as_table([])))) == ["Sheet"]


def test_a_sheet_ends_before_a_file_of_the_zip_would_be_too_large(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_BYTES", 1_000)
    monkeypatch.setattr(xlsx, "ROWS", 10)

    sheets = read(made(Format.XLSX, as_table([[str(n), "text"] for n in range(100)])))

    assert len(sheets) > 2
    assert [row[0] for sheet in sheets.values() for row in sheet[1:]] == [str(n) for n in range(100)]


@pytest.mark.parametrize("format", FORMATS)
def test_no_sheet_is_hidden_and_the_archive_is_sound(format):
    file = made(format, as_table([["1", "a"]]), Table("Codebook", [["a"], ["b"]]))

    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    assert {str(sheet.visible) for sheet in book.sheets_metadata} == {"SheetVisibleEnum.Visible"}
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        if format == Format.ODS:
            assert file[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("large", [False, True])
def test_libreoffice_opens_it_and_runs_nothing(format, large, soffice, tmp_path):  # noqa: F811
    if large and format == Format.XLSX:
        pytest.skip("is never said to pass 2 GB: its sheets end before")
    rows = [[str(n), text] for n, text in enumerate(HOSTILE)]
    parts = zipped(WRITERS[format]([as_table(rows, numbers=frozenset({"key"}))]), as_it_is=["mimetype"], large=large)
    (tmp_path / f"book.{format}").write_bytes(b"".join(parts))

    out = tmp_path / "out"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, "--headless", profile, "--convert-to", "xlsx", "--outdir", out, tmp_path / f"book.{format}"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    found = list(load_workbook(out / "book.xlsx").active.iter_rows(min_row=2))
    assert [cell.data_type for row in found for cell in row if cell.data_type == "f"] == []
    assert [row[0].value for row in found] == list(range(len(rows)))
    assert [unescape(row[1].value) for row in found] == HOSTILE


def test_a_text_written_as_a_formula_would_be_found(monkeypatch):
    monkeypatch.setattr(xlsx, "_short", lambda text, numeric: f"><f>{text.removeprefix('=')}</f></c>")

    sheet = load_workbook(io.BytesIO(made(Format.XLSX, as_table([["1", "=1+1"]])))).active

    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"f"}


def test_a_text_that_is_not_escaped_would_be_found(monkeypatch):
    monkeypatch.setattr(table, "escape", lambda text: text)

    with pytest.raises(Exception, match="not well-formed|invalid|Xml|xml"):
        load_workbook(io.BytesIO(made(Format.XLSX, as_table([["1", "\x01"]]))))


GROWTH = """
import random, sys
import django
django.setup()
from pathlib import Path
from consultation.package.archive import zipped
from consultation.sheets import WRITERS, Table
from tests.bench.downloads import peak

def rows(n):
    yield [f"h{i}" for i in range(20)]
    for k in range(n):
        yield [f"{random.random()} of {k}" for _ in range(20)]

before = peak()
for part in zipped(WRITERS[sys.argv[1]]([Table("T", rows(int(sys.argv[2])))]), as_it_is=["mimetype"]):
    pass
print(peak() - before)
"""


@pytest.mark.parametrize("format", FORMATS)
def test_ten_times_as_many_rows_take_no_more_memory(format):
    def grown(n):
        command = [sys.executable, "-c", GROWTH, format, str(n)]
        paths = os.pathsep.join(sys.path)
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": paths}
        )
        return float(done.stdout)

    assert grown(50_000) - grown(5_000) < 5


@pytest.mark.parametrize("format", FORMATS)
def test_the_first_bytes_go_out_before_the_last_row_is_read(format):
    def rows():
        yield ["key"]
        yield from ([str(random.random())] for _ in range(2_000))
        raise AssertionError("it was read to its end")

    parts = zipped(WRITERS[format]([Table("T", rows())]))

    assert next(parts).startswith(b"PK")
