"""A package with every kind of question: what is imported is what its download says again."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import pytest

from consultation import csv_files, source
from consultation.columns.plan import Form
from consultation.package.blocks import Blocks
from consultation.package.findings import Unusable
from consultation.package.historic import BOUNDS_OF_DAY, NO_DAY
from consultation.package.importing import Choices, check, store
from tests.factories import make_source, make_themes

pytestmark = pytest.mark.django_db


def option(key, role=""):
    return {"key": key, "label": {"en": key.title()}, "role": role}


def item(key, kind, **more):
    return {"key": key, "kind": kind, "label": {"en": key.title()}} | more


ITEMS = [
    item("ease", "scale", minimum=0, options=[option("hard"), option("easy"), option("no", "declined")]),
    item(
        "state",
        "matrix",
        theme="Getting about",
        options=[option("poor"), option("good")],
        rows=[
            {"key": "paths", "label": {"en": "Paths"}},
            {"key": "parks", "label": {"en": "Parks"}, "theme": "Green places"},
        ],
    ),
    item("first", "ranking", limit=2, options=[option("paths"), option("buses"), option("trees")]),
    item("day", "date", earliest="2020-01-01"),
]
HEADER = "id,ease,paths,parks,first.paths,first.buses,first.trees,day"
ROWS = [
    "1,easy,poor,good,2,1,0,2026-03-27",
    "2,no,(skipped),poor,0,0,1,(skipped)",
    "3,,,,,,,",
    "4,(skipped),good,(skipped),(skipped),(skipped),(skipped),2020-01-01",
]


def package(tmp_path, *rows, items=ITEMS, header=HEADER):
    sections = [{"title": {"en": "All"}, "items": items}]
    made = {"format": "connected-package/1", "language": "en", "title": {"en": "All kinds"}, "sections": sections}
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("questionnaire.json", json.dumps(made))
        archive.writestr("responses.csv", "\r\n".join([header, *rows]) + "\r\n")
    make_themes()
    return path


def stored(path, choices=None):
    checked = check(path, choices or Choices())
    plain = make_source()
    blocks = Blocks(plain.key, checked.blueprint, checked.themes)
    return store(replace(plain, sections=source.sections(blocks.raw())), blocks, checked)


def test_the_download_of_an_imported_package_is_the_file_that_was_imported(tmp_path):
    consultation = stored(package(tmp_path, *ROWS))

    table = list(csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.KEYS)))))

    assert [row[5:] for row in table] == [row.split(",")[1:] for row in [HEADER, *ROWS]]
    themes = dict(consultation.questions.exclude(theme=None).values_list("key", "theme__name"))
    assert themes == {"paths": "Getting about", "parks": "Green places"}
    assert consultation.questions.get(key="ease").bins == [0]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,easy,poor,good,1,1,0,", "place 1 is given to two options"),
        ("1,easy,poor,good,first,0,0,", "is no place"),
        ("1,easy,poor,good,1,2,3,", "no more than 2"),
        ("1,easy,poor,bad,1,2,0,", "is no option"),
        ("1,easy,poor,good,1,2,0,2019-12-31", "1 January 2020 or later"),
        ("1,easy,poor,good,1,2,0,27.3.2026", "enter a real date"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_named(tmp_path, row, message):
    with pytest.raises(Unusable) as refused:
        check(package(tmp_path, row), Choices())

    assert [message in str(problem) for problem in refused.value.findings.problems] == [True]


def test_old_answers_are_kept_as_they_are_and_listed(tmp_path):
    rows = ["1,easy,poor,good,1,3,2,1999-12-31", "2,easy,poor,good,1,2,0,last spring"]

    findings = check(package(tmp_path, *rows), Choices(historic=True)).findings
    consultation = stored(package(tmp_path, *rows), Choices(historic=True))

    table = csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.KEYS))))
    assert [row[8:] for row in table][1:] == [["1", "3", "2", "1999-12-31"], ["1", "2", "0", "last spring"]]
    assert findings.breach_counts == {"more than the limit": 1, BOUNDS_OF_DAY: 1, NO_DAY: 1}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (item("x", "matrix", options=[option("a"), option("b")], rows=[]), "1 to 30 rows"),
        (item("x", "date", earliest="soon"), "a date like"),
        (item("x", "date", earliest="2027-01-02", latest="2027-01-01"), "below the minimum"),
        (item("x", "scale", minimum=2, options=[option("a"), option("b")]), "from 0 to 1"),
        (item("x", "ranking", options=[option("a", "other"), option("b")]), "one of these belongs here"),
        (item("x", "single", options=[option("a", "declined"), option("b", "declined")]), "the role “declined”"),
    ],
)
def test_what_is_wrong_with_a_question_is_said(tmp_path, broken, message):
    with pytest.raises(Unusable) as refused:
        check(package(tmp_path, items=[*ITEMS, broken]), Choices())

    assert message in str(refused.value.findings.problems[0])
