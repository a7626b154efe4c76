"""The codebook explains every column of the files, every value in them, and how many there are."""

import csv
import re
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from consultation import codebook, csv_files
from consultation.columns import SKIPPED, Form, unguard
from consultation.compile import compile_wordings
from consultation.kinds import KINDS, Shape
from consultation.models import Response
from consultation.source import SourceCondition, SourceItem, SourceOption, SourceRow, SourceSection
from tests.consultation.test_csv_long import answered, long, wide  # noqa: F401 (a fixture)
from tests.factories import make_source

pytestmark = pytest.mark.django_db


def read(table):
    return list(csv.DictReader(StringIO("".join(csv_files.write(table)), newline="")))


def book(consultation):
    return read(codebook.rows(consultation, "en"))


def line(consultation, question, option=""):
    (found,) = [row for row in book(consultation) if (row["question"], row["option"]) == (question, option)]
    return found


WRITTEN = {
    Shape.NUMBER: r"-?\d+(\.\d+)?",
    Shape.DAY: r"\d{4}-\d\d-\d\d",
    Shape.WORDS: r"(?s).*",
    Shape.OPTIONS: r"0|1|Yes|No",
    Shape.PLACES: r"\d+|not ranked",
}
FIXED = {"reference": r"[0-9A-Z-]+", "received_at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"}


def unexplained(lines, table, place):
    """The columns and the values of a file that no line explains. place: what a line calls its column."""
    found = set()
    for row in table:
        for column, cell in row.items():
            own = [line for line in lines if line[place] == column]
            if not own:
                found.add(column)
            elif not any(explains(line, cell) for line in own):
                found.add((column, cell))
    return found


def explains(line, cell):
    shape = KINDS[line["kind"]].shape if line["kind"] else None
    if cell in ("", SKIPPED):
        return cell in line["cells"] and "empty" in line["cells"]
    if line["level"] == "words":
        return True
    if line["level"] == "response":
        return re.fullmatch(FIXED.get(line["question"], "nothing"), cell)
    if shape in (None, Shape.OPTION):
        return line["level"] == "option" and cell in (line["cells"], line["wording_en"])
    return re.fullmatch(WRITTEN[shape], cell) or "a text" in line["cells"]


@pytest.mark.parametrize(("form", "place"), [(Form.KEYS, "column"), (Form.LABELS, "header")])
def test_every_column_and_every_value_is_explained(answered, form, place):  # noqa: F811
    table = wide(answered, form)

    assert len(table) == 60
    assert unexplained(book(answered), table, place) == set()


@pytest.mark.parametrize("gone", [("reference", ""), ("channel", "web"), ("q3", "2"), ("q3", "4.text"), ("q4", "1")])
def test_a_line_that_is_missing_is_seen(answered, gone):  # noqa: F811
    lines = [row for row in book(answered) if (row["question"], row["option"]) != gone]

    assert unexplained(lines, wide(answered), "column")


def test_its_figures_are_those_of_the_long_file(answered):  # noqa: F811
    rows = long(answered)
    chosen = Counter((row["question"], row["option"]) for row in rows)
    asked = Counter(question for question, _person in {(row["question"], row["row"]) for row in rows})
    skipped = Counter(row["question"] for row in rows if row["value"] == SKIPPED)

    for found in book(answered):
        question, option = found["question"], found["option"]
        if found["kind"] and found["level"] == "option":
            assert found["n"] == str(chosen[question, option])
        elif found["kind"] and found["level"] == "question":
            assert (found["asked"], found["answered"]) == (
                str(asked[question]),
                str(asked[question] - skipped[question]),
            )
        elif found["level"] == "words":
            written = [row for row in rows if row["words"] and row["question"] == question]
            assert found["n"] == str(sum(option in (row["option"], f"{row['option']}.text") for row in written))


def test_who_declined_stands_beside_those_who_answered(answered):  # noqa: F811
    single = line(answered, "q3")

    (declined,) = [row for row in book(answered) if row["question"] == "q3" and row["role"] == "declined"]
    assert single["declined"] == declined["n"] != "0"


def test_what_was_removed_stays_with_the_versions_and_the_time_in_which_it_was_asked(make_consultation):
    first = make_consultation()
    source = make_source(key=first.key)
    travel, green = source.sections
    single, multiple, number = travel.items
    fewer = replace(single, options=(*single.options[:1], SourceOption("tram", "By tram"), *single.options[2:]))
    make_consultation(key=first.key, sections=(replace(travel, items=(fewer, multiple)), green))

    assert line(first, "q3")["versions"] == "1"
    assert line(first, "q3")["asked_to"] >= line(first, "q3")["asked_from"] != ""
    assert (line(first, "q1", "2")["versions"], line(first, "q1", "4")["versions"]) == ("1", "2")
    assert line(first, "q1", "2")["asked_to"] and not line(first, "q1", "4")["asked_to"]
    assert line(first, "q1")["versions"] == "1 2"


def test_routing_is_said_in_words_and_in_keys(make_consultation):
    source = make_source()
    travel, green = source.sections
    park = replace(green.items[1], show_if=SourceCondition("wishes", ("lights",)))
    green = replace(green, items=(park,), show_if=SourceCondition("main-way", ("walk", "bus")))
    consultation = make_consultation(sections=(travel, green))

    asked = line(consultation, "q4")

    assert asked["asked_if"] == "q1.1|q1.2 & q2.3"
    assert asked["asked_of"] == (
        "Asked of those who chose “On foot” or “By bus” in “How do you mostly travel?”"
        " and “Better lighting” in “What would help?”"
    )
    assert line(consultation, "q1")["asked_of"] == ""


def test_bounds_roles_themes_and_points_are_there(answered, consultation):  # noqa: F811
    by_kind = {row["kind"]: row for row in book(answered) if row["level"] == "question"}

    assert (by_kind["date"]["minimum"], by_kind["date"]["maximum"]) == ("2020-01-01", "2030-12-31")
    assert (by_kind["number"]["minimum"], by_kind["number"]["decimals"]) == ("0", "1")
    assert (by_kind["multiple"]["limit"], by_kind["multiple"]["column"]) == ("3", "")
    assert [row["counts_as"] for row in book(answered) if row["kind"] == "scale"][1:4] == ["0", "1", "2"]
    travel = line(consultation, "q1")
    assert (travel["theme"], travel["required"]) == ("Getting about", "1")
    assert travel["theme_key"] == "11111111-1111-4111-8111-111111111111"
    assert line(consultation, "q2", "5")["role"] == "exclusive"


def reworded(source, label):
    first, *others = source.sections[0].items
    return replace(source, sections=(replace(source.sections[0], items=(replace(first, label=label), *others)),))


def test_every_wording_stands_with_its_language_and_the_time_in_which_it_held(consultation, make_consultation):
    source = make_source(key=consultation.key)
    compile_wordings(reworded(replace(source, language="ga"), "Conas a thaistealaíonn tú?"), {})
    make_consultation(key=consultation.key, sections=reworded(source, "How do you travel?").sections)

    rows = [row for row in read(codebook.wordings(consultation)) if (row["question"], row["option"]) == ("q1", "")]

    first, second, irish = rows
    assert (first["text"], second["text"]) == ("How do you mostly travel?", "How do you travel?")
    assert first["until"] == second["since"] > first["since"] and not second["until"]
    assert (irish["language"], irish["text"]) == ("ga", "Conas a thaistealaíonn tú?")
    assert line(consultation, "q1")["wording_ga"] == "Conas a thaistealaíonn tú?"
    assert line(consultation, "q5")["wording_ga"] == ""


def test_a_row_of_a_matrix_has_the_wordings_that_all_rows_share(make_consultation):
    rows = (SourceRow("parks", "Parks"), SourceRow("paths", "Paths"))
    matrix = SourceItem("m", "matrix", "How good are they?", options=(SourceOption("a", "Good"),), rows=rows)
    consultation = make_consultation(sections=(SourceSection("s", "S", "", (matrix,)),))

    found = [
        (row["question"], row["option"], row["part"], row["text"]) for row in read(codebook.wordings(consultation))
    ]

    assert {("q2", "", "stem", "How good are they?"), ("q2", "", "label", "Paths")} <= set(found)
    assert {("q1", "1", "label", "Good"), ("q2", "1", "label", "Good")} <= set(found)
    assert line(consultation, "q2")["wording_en"] == "How good are they? – Paths"


def test_cells_are_guarded_like_those_of_the_other_files(make_consultation):
    formula = SourceItem("x", "single", "=1+1", options=(SourceOption("a", "@SUM(A1)"), SourceOption("b", "'b")))
    consultation = make_consultation(sections=(SourceSection("s", "S", "", (formula,)),))

    found = [line(consultation, "q1", option)["wording_en"] for option in ("", "1", "2")]
    texts = [row["text"] for row in read(codebook.wordings(consultation))]

    assert found == texts == ["'=1+1", "'@SUM(A1)", "''b"]
    assert [unguard(cell) for cell in found] == ["=1+1", "@SUM(A1)", "'b"]


def test_references_that_were_removed_are_counted_out(answered):  # noqa: F811
    Response.objects.filter(pk=answered.responses.first().pk).update(reference=None)

    assert (line(answered, "reference")["n"], line(answered, "received_at")["n"]) == ("59", "60")


def test_a_package_holds_the_files_that_explain_it(answered, tmp_path):  # noqa: F811
    call_command("export_package", str(answered.pk), str(tmp_path / "package"), stdout=StringIO())

    files = {file.name: file.read_bytes().decode() for file in (tmp_path / "package").iterdir()}
    assert list(csv.DictReader(StringIO(files["codebook.csv"], newline=""))) == book(answered)
    assert list(csv.DictReader(StringIO(files["answers.csv"], newline=""))) == long(answered)
    assert files["wordings.csv"].startswith("question,option,part,language,since,until,text\r\n")
