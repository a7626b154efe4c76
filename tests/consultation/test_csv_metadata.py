"""The metadata of a package is valid CSV on the Web, and so are its files by it: a validator of others' says so."""

import csv
import json
import shutil
import uuid
import warnings
from io import StringIO

import pytest
from csvw import CSVW
from django.core.management import call_command

from consultation import coding, ledger
from consultation.answers import Answers
from consultation.compile import compile_wordings
from consultation.models import Channel, Response
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.coding import codes_of, make_frame, place, write
from tests.consultation.test_csv_long import answered  # noqa: F401 (a fixture)
from tests.factories import make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(answered, tmp_path):  # noqa: F811
    return export(answered, tmp_path)


def export(consultation, folder):
    call_command("export_package", str(consultation.pk), str(folder / "package"), stdout=StringIO())
    return folder / "package"


def faults(package):
    """What the validator finds, read without and with the checks between files.

    With those checks it looks for a column by its name or by a title in no language, so one whose name is not its
    header, for the sake of a hyphen in it, is "unspecified" to it. Without them it reads every cell of that column.
    """
    try:
        with warnings.catch_warnings():
            judge = CSVW(str(package / "csv-metadata.json"), validate=True)
            found = [] if judge.is_valid else [str(warning.message) for warning in judge.warnings]
    except ValueError as error:
        return [str(error)]
    known = {
        f'Unspecified column "{title}" in table {table["url"]}'
        for table in described(package)["tables"]
        for title in columns(package, table["url"])
    }
    return sorted({*found} - known)


def described(package):
    return json.loads((package / "csv-metadata.json").read_text())


def columns(package, table):
    (found,) = [found for found in described(package)["tables"] if found["url"] == table]
    return {column["titles"]["und"]: column for column in found["tableSchema"]["columns"]}


def test_a_package_is_valid(package):
    assert faults(package) == []
    assert {table["url"] for table in described(package)["tables"]} == {file.name for file in package.glob("*.csv")}


def test_every_column_of_every_file_is_described_in_its_order(package):
    for file in package.glob("*.csv"):
        with file.open(newline="") as lines:
            assert next(csv.reader(lines)) == list(columns(package, file.name)), file.name


def rewrite(package, name, change):
    with (package / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with (package / name).open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


FAULTS = {
    "an option that nobody offered": ("responses.csv", lambda rows: rows[0].update(q3="99")),
    "no number": ("codebook.csv", lambda rows: rows[0].update(n="many")),
    "no instant": ("responses.csv", lambda rows: rows[0].update(received_at="yesterday")),
    "a channel that is none": ("responses.csv", lambda rows: rows[0].update(channel="pigeon")),
    "a tick that is none": ("responses.csv", lambda rows: rows[0].update({"q4.1": "maybe"})),
    "a reference twice": ("responses.csv", lambda rows: rows[0].update(reference=rows[1]["reference"])),
    "an answer of nobody": ("answers.csv", lambda rows: rows[0].update(reference="NOBODY")),
    "an answer that no line explains": ("answers.csv", lambda rows: rows[0].update(question="q99")),
    "an answer twice": ("answers.csv", lambda rows: rows.append(rows[0])),
    "a line that is missing": (
        "codebook.csv",
        lambda rows: rows.remove(next(r for r in rows if r["question"] == "q1")),
    ),
    "a wording of nothing": ("wordings.csv", lambda rows: rows[0].update(option="99")),
}


def test_every_fault_in_a_file_is_seen(package, tmp_path):
    seen = {}
    for name, (file, change) in FAULTS.items():
        copy = shutil.copytree(package, tmp_path / name)
        rewrite(copy, file, change)
        seen[name] = bool(faults(copy))

    assert seen == dict.fromkeys(FAULTS, True)


def test_titles_are_the_headers_in_every_language(consultation, tmp_path):
    source = make_source(key=consultation.key, language="ga")
    first = source.sections[0].items[0]
    irish = SourceItem(first.id, first.kind, "Conas a thaistealaíonn tú?", options=first.options)
    section = SourceSection(source.sections[0].id, "Taisteal", "", (irish,))
    compile_wordings(make_source(key=consultation.key, language="ga", sections=(section,)), {})

    package = export(consultation, tmp_path)

    assert columns(package, "responses.csv")["q1"]["titles"] == {
        "und": "q1",
        "en": "1. How do you mostly travel?",
        "ga": "1. Conas a thaistealaíonn tú?",
    }
    assert faults(package) == []


def test_a_number_that_somebody_wrote_in_words_makes_its_column_text(answered, consultation, tmp_path):  # noqa: F811
    (tmp_path / "plain").mkdir()

    own = columns(export(answered, tmp_path), "responses.csv")
    plain = columns(export(consultation, tmp_path / "plain"), "responses.csv")

    number = answered.questions.get(kind="number").key
    assert own[number]["datatype"] == "string"
    assert plain["q3"]["datatype"] == "decimal"


def test_responses_without_a_reference_leave_a_package_valid(answered, tmp_path):  # noqa: F811
    Response.objects.filter(pk__in=answered.responses.values_list("pk")[:2]).update(reference=None)

    package = export(answered, tmp_path)

    assert faults(package) == []
    assert "primaryKey" not in described(package)["tables"][0]["tableSchema"]


def test_keys_and_words_that_need_guarding_leave_a_package_valid(make_consultation, tmp_path):
    options = (SourceOption("a", "=1+1", "other"), SourceOption("b", "'b"))
    question = SourceItem("x", "single", "@SUM(A1)", options=options)
    section = SourceSection("s", "S", "", (question,))
    consultation = make_consultation(sections=(section,))
    consultation.questions.update(key="-x y")
    consultation.questions.get().options.filter(number=1).update(key="-a")
    answers = Answers({1: 1}, {(1, 1): "=1+1"})
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers)

    package = export(consultation, tmp_path)

    assert faults(package) == []
    assert columns(package, "responses.csv")["'-x y"]["name"] == "%2Dx%20y"


def test_codes_leave_a_package_valid(consultation, officer, tmp_path):
    frame = make_frame(consultation, 5, 2)
    beside = write(consultation, "=1+1", q2_4="A tram")
    coding.read(frame, place(beside), [code.pk for code in codes_of(frame)], officer)
    coding.read(frame, place(beside, 2, 4), [], officer)
    write(consultation)

    package = export(consultation, tmp_path)

    assert faults(package) == []
    assert columns(package, "responses.csv")["q5.text.codes"]["null"] == [""]
    with (package / "answers.csv").open(newline="") as lines:
        assert {"code:trees", ":codes"} <= {row["option"] for row in csv.DictReader(lines)}
