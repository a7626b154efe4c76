"""LibreOffice opens the files of a package: no cell runs, and not a character is lost."""

import csv
import shutil
import subprocess
import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from consultation import ledger
from consultation.answers import Answers
from consultation.columns import unguard
from consultation.models import Channel
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.conftest import MISSING

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.xdist_group("libreoffice")]

FORMULAS = [
    "=1+1",
    "@SUM(A1:A9)",
    "+1+1",
    "-1+1",
    "=HYPERLINK(1)",
    " =1+1",
    "\t=1+1",
    "\n=1+1",
    "\u200b=1+1",
    "=cmd|'/C'!A0",
]
TEXTS = [
    "'tis",
    "''",
    "(skipped)",
    "a,b",
    'say "x"',
    "one\ntwo",
    "a\tb",
    "a;=1+1",
    "😀 👩‍👩‍👧",
    "עברית \u200fabc",
    "café",
    "x" * 20_000,
]
# Read as they are by whoever says that the columns are text; a spreadsheet that guesses makes numbers and days of them.
NUMBERS = ["007", "12345678901234567890123", "+44 28 9024 0000", "1e5", "2024-03-01", "1/2", "TRUE", "10:30", "50 %"]
POISON = [*FORMULAS, *TEXTS, *NUMBERS]
AS_TEXT = "/".join(f"{column}/2" for column in range(1, 101))


@pytest.fixture(scope="module")
def soffice():
    executable = shutil.which("soffice")
    if executable is None:
        pytest.skip(f"{MISSING}LibreOffice as soffice; on Debian, the package libreoffice-calc-nogui")
    return executable


@pytest.fixture
def package(make_consultation, tmp_path):
    """Answers that are poison, to a question with poison for options."""
    options = tuple(SourceOption(f"o{n}", text.strip()) for n, text in enumerate(FORMULAS[:5]))
    questions = (
        SourceItem("words", "long_text", "=1+1"),
        SourceItem("choice", "multiple", "@SUM(A1)", options=(*options, SourceOption("other", "'Other", "other"))),
    )
    consultation = make_consultation(sections=(SourceSection("s", "S", "", questions),))
    for text in POISON:
        answers = Answers({1: True, 2: [1, 6]}, {(1, 0): text, (2, 6): text})
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers)
    call_command("export_package", str(consultation.pk), str(tmp_path / "package"), stdout=StringIO())
    call_command("export_responses", str(consultation.pk), "--output", str(tmp_path / "package" / "labels.csv"))
    return tmp_path / "package"


@pytest.fixture
def opened(soffice, tmp_path):
    """Open CSV files as LibreOffice does and return the cells of each; as_text: every column is said to be text."""

    def open_files(folder, *, as_text):
        options = f"CSV:44,34,76,1,{AS_TEXT if as_text else ''}"
        profile, out = (tmp_path / "profile").as_uri(), folder / f"out-{as_text}"
        command = [soffice, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xlsx"]
        files = sorted(folder.glob("*.csv"))
        subprocess.run(
            [*command, f"--infilter={options}", "--outdir", out, *files], check=True, capture_output=True, timeout=120
        )
        return {file.name: list(load_workbook(out / f"{file.stem}.xlsx").active.iter_rows()) for file in files}

    return open_files


def formulas(sheets):
    return [cell.value for rows in sheets.values() for row in rows for cell in row if cell.data_type == "f"]


def read(file):
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.reader(lines))


def test_no_cell_of_any_file_runs(package, opened):
    for as_text in (False, True):
        sheets = opened(package, as_text=as_text)

        assert set(sheets) == {f"{name}.csv" for name in ("responses", "answers", "codebook", "wordings", "labels")}
        assert formulas(sheets) == []


def test_not_a_character_is_lost_where_columns_are_read_as_text(package, opened):
    sheets = opened(package, as_text=True)

    for name, rows in sheets.items():
        assert [[cell.value or "" for cell in row] for row in rows] == read(package / name), name
    header, *rows = [[unguard(cell.value or "") for cell in row] for row in sheets["responses.csv"]]
    for column in ("q1", "q2.6.text"):
        assert [row[header.index(column)] for row in rows] == POISON


def test_words_survive_a_spreadsheet_that_guesses(package, opened):
    header, *rows = opened(package, as_text=False)["responses.csv"]
    place = [cell.value for cell in header].index("q1")

    found = [unguard(str(row[place].value)) for row in rows]

    assert found[: len(FORMULAS + TEXTS)] == FORMULAS + TEXTS


def test_a_file_without_the_guard_would_run(package, opened):
    for file in package.glob("*.csv"):
        rows = [[unguard(cell) for cell in row] for row in read(file)]
        with file.open("w", newline="") as lines:
            csv.writer(lines).writerows(rows)

    assert "=1+1" in formulas(opened(package, as_text=False))
