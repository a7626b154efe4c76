"""Whatever is handed in as a spreadsheet is read, or refused with a word about what to do."""

import io
import struct
import zipfile
import zlib

import pytest
from openpyxl import Workbook

from consultation.models import Format
from consultation.spreadsheets import book, reading, sniffing
from consultation.spreadsheets.sniffing import Unreadable, encoding_of, format_of, separator_of
from tests.spreadsheets import as_csv, as_ods, as_xlsx

FIRST = [["a", "b"], ["1", "2"]]


def rows(content):
    file = io.BytesIO(content)
    encoding = encoding_of(file)
    return [row.cells for row in reading.rows(file, encoding, separator_of(file, encoding))]


def read(content, tmp_path):
    """The rows of the first sheet of an Excel or OpenDocument file, as officers' files are read."""
    format_of(io.BytesIO(content))
    path = tmp_path / "file"
    path.write_bytes(content)
    with (tmp_path / "rows").open("w+b") as into:
        reading.to_csv(path, reading.sheets(path)[0], into)
        return [row.cells for row in reading.rows(into, "utf-8", ",")]


def refused(content, tmp_path):
    with pytest.raises(Unreadable) as fault:
        if format_of(io.BytesIO(content)) == Format.CSV:
            rows(content)
        else:
            read(content, tmp_path)
    return str(fault.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_told_from_what_is_there(encoding, separator):
    table = [["name", "what"], ["Café", "a, b; c"], ["naïve – “quoted”", "two\nlines"]]

    assert rows(as_csv(*table, encoding=encoding, separator=separator)) == table


def test_a_table_of_one_column_is_one():
    assert rows(b"What?\r\nMore trees\r\nFewer cars\r\n") == [["What?"], ["More trees"], ["Fewer cars"]]


def test_nuls_formulas_and_quotes_in_a_csv_are_text():
    table = [["a", "b"], ["nul\x00", "=cmd|' /C calc'!A0"], ['say "x"', "@SUM(1)"]]

    assert rows(as_csv(*table)) == table


def test_numbers_days_and_truth_are_as_somebody_would_type_them(tmp_path):
    file = Workbook()
    for place, value in {"A1": 3.0, "B1": 0.1, "C1": True, "D1": 1e-7, "E1": -2, "F1": 12345678901234}.items():
        file.active[place] = value
    saved = io.BytesIO()
    file.save(saved)

    assert read(saved.getvalue(), tmp_path) == [["3", "0.1", "TRUE", "0.0000001", "-2", "12345678901234"]]


def test_merged_cells_have_their_value_once_and_a_formula_what_was_last_shown(tmp_path):
    file = Workbook()
    for row in (["a", "b", "c"], ["both", None, "=1+1"]):
        file.active.append(row)
    file.active.merge_cells("A2:B2")
    saved = io.BytesIO()
    file.save(saved)  # by no spreadsheet program, so that nothing was ever shown

    assert read(saved.getvalue(), tmp_path) == [["a", "b", "c"], ["both", "", ""]]


def test_rows_keep_the_numbers_that_a_spreadsheet_program_shows(tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(as_xlsx([], ["a"], [], ["1"]))
    with (tmp_path / "rows").open("w+b") as into:
        reading.to_csv(path, "Sheet", into)

        assert [row.number for row in reading.rows(into, "utf-8", ",") if any(row.cells)] == [2, 4]


def test_each_sheet_can_be_chosen(tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(as_xlsx(["first"], Other=[["second"]]))

    assert reading.sheets(path) == ["Sheet", "Other"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "no spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "no spreadsheet"),
        (sniffing.OLD_OFFICE + bytes(600), "old Excel"),
        (sniffing.OLD_OFFICE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (as_xlsx(*FIRST)[:-200], "damaged"),
        (as_xlsx(*FIRST)[:900] + b"\xff" * 40 + as_xlsx(*FIRST)[940:], "damaged"),
        (b'a,b\r\n1,"not closed\r\n2,3\r\n', "From row 2 on"),
        (b"a,b\r\n1," + b"x" * 1_000_000 + b"\r\n", "Row 2 has a cell of more than"),
    ],
    ids=["empty", "pdf", "picture", "xls", "locked", "cut", "spoiled", "open quote", "a cell of 1 MB"],
)
def test_what_cannot_be_read_is_said_with_what_to_do(content, said, tmp_path):
    assert said in refused(content, tmp_path)


def test_a_zip_that_is_no_spreadsheet_is_refused(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")

    assert "no spreadsheet" in refused(file.getvalue(), tmp_path)


def test_an_open_document_locked_with_a_password_says_so(tmp_path):
    file, locked = io.BytesIO(as_ods(["a"])), io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(locked, "w") as new:
        for name in old.namelist():
            mark = b"<!-- manifest:encryption-data -->" if name == "META-INF/manifest.xml" else b""
            new.writestr(name, old.read(name) + mark)

    assert "password" in refused(locked.getvalue(), tmp_path)


def bomb(lies):
    """A file that is a thousand times larger than it looks; or that says that it isn't."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    content = file.getvalue()
    if lies:
        true, said = struct.pack("<L", 3_000_000), struct.pack("<L", 100)
        crc = struct.pack("<L", zlib.crc32(b"0" * 3_000_000))
        content = content.replace(true, said).replace(crc, struct.pack("<L", zlib.crc32(b"0" * 100)))
    return content


@pytest.mark.parametrize("lies", [False, True])
def test_a_bomb_is_not_opened(lies, tmp_path, monkeypatch):
    monkeypatch.setattr(sniffing, "UNPACKED", 1_000_000)

    assert "far more than its size says" in refused(bomb(lies), tmp_path)


def test_a_single_cell_far_away_ends_the_reader_and_not_the_site(tmp_path, monkeypatch):
    file = Workbook()
    file.active["A1"], file.active["XFD240000"] = "a", "far away"
    saved = io.BytesIO()
    file.save(saved)

    assert "too large" in refused(saved.getvalue(), tmp_path)


def test_a_file_that_is_too_long_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)

    assert "more than 3 rows" in refused(as_xlsx(*[["a"]] * 4), tmp_path)
    assert "more than 3 rows" in refused(as_csv(*[["a", "b"]] * 4), tmp_path)


def test_ten_thousand_columns_are_too_many():
    file = io.BytesIO(as_csv([f"column {n}" for n in range(10_000)], ["x"] * 10_000))

    with pytest.raises(Unreadable, match="10,000 columns"):
        reading.headers(file, "utf-8", ",", 1)


def test_the_reader_of_books_has_a_limit_of_its_own():
    assert book.MEMORY < 2_000_000_000 and book.SECONDS < reading.WAIT
