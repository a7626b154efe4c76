"""A matrix: one question a row, with columns that all rows share."""

import csv
import io
import re
from dataclasses import replace

import pytest

from consultation import csv_files, instrument, pin, summary
from consultation.columns.plan import Form
from consultation.fold import fold
from consultation.models import Consultation, PinnedResult, Theme
from consultation.source import SourceItem, SourceOption, SourceRow, SourceSection
from tests.consultation.test_summary import answer, question
from tests.factories import THEMES, make_consultation

pytestmark = pytest.mark.django_db

TRAVEL, GREEN = THEMES
COLUMNS = tuple(SourceOption(name, name) for name in ("poor", "fair", "good"))
ROWS = (SourceRow("buses", "Buses"), SourceRow("parks", "Parks", GREEN))
MATRIX = SourceItem(id="m", kind="matrix", label="How are they?", options=COLUMNS, rows=ROWS, theme=TRAVEL)


def publish(key=None, results=Consultation.Results.AFTER, **changes):
    section = SourceSection("s", "Section", "", (replace(MATRIX, **changes),))
    return make_consultation(sections=(section,), results=results, **({"key": key} if key else {}))


def options(consultation):
    rows = instrument.rows(consultation, instrument.words(consultation, "en"))
    return {n: [(o.number, o.label.text) for o in q.options if not o.retired] for n, q in rows.items()}


def test_every_row_is_a_question_with_its_own_theme():
    consultation = publish()
    answer(consultation, {1: 3, 2: 1}, {1: 3, 2: None})

    found = {
        theme.name: [q.label for s in summary.of_theme(theme) for q in s.questions] for theme in Theme.objects.all()
    }

    assert found == {"Getting about": ["How are they? – Buses"], "Green places": ["How are they? – Parks"]}
    assert [bar.n for bar in question(consultation, 1).bars] == [0, 0, 2]
    assert question(consultation, 2).skipped == 1


def test_a_column_has_the_same_number_in_every_row_also_in_one_added_later():
    consultation = publish()
    publish(consultation.key, options=(COLUMNS[0], COLUMNS[2]))
    trains = SourceRow("trains", "Trains")

    publish(consultation.key, options=(*COLUMNS, SourceOption("best", "best")), rows=(*ROWS, trains))

    assert list(options(consultation).values()) == [[(1, "poor"), (2, "fair"), (3, "good"), (4, "best")]] * 3


def test_a_block_that_was_a_matrix_for_a_while_is_the_question_that_it_was_before():
    poor, fair, good = COLUMNS
    key = publish(kind="single", rows=(), options=(poor, fair)).key
    publish(key, options=(fair, good))

    consultation = publish(key, kind="single", rows=(), options=(poor, good))

    assert options(consultation)[1] == [(1, "poor"), (3, "good")]


def test_a_row_that_is_taken_out_keeps_its_answers_and_comes_back_under_its_number():
    consultation = publish()
    answer(consultation, {1: 3, 2: 1})

    publish(consultation.key, rows=ROWS[1:])
    assert [q.number for q in instrument.current(Consultation.objects.get(), "en").questions] == [2]
    assert question(consultation, 1).retired and question(consultation, 1).answered == 1

    publish(consultation.key, rows=(ROWS[1], replace(ROWS[0], label="Coaches")))
    assert [q.number for q in instrument.current(Consultation.objects.get(), "en").questions] == [2, 1]


def test_the_file_has_a_column_for_each_row():
    consultation = publish()
    answer(consultation, {1: 3, 2: None})

    table = csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.LABELS))))

    assert [row[5:] for row in table] == [
        ["1. How are they? – Buses", "2. How are they? – Parks"],
        ["good", "(skipped)"],
    ]


def test_officers_see_the_rows_side_by_side():
    consultation = publish()
    answer(consultation, {1: 3, 2: 1}, {1: 1, 2: 1})

    grid = question(consultation, 1).grid

    assert (grid.stem, grid.columns) == ("How are they?", ("poor", "fair", "good"))
    assert [(row.label, [bar.percent for bar in row.bars]) for row in grid.rows] == [
        ("Buses", [50, 0, 50]),
        ("Parks", [100, 0, 0]),
    ]
    assert question(consultation, 2).grid is None


def test_the_public_sees_each_row_rounded_or_withheld():
    consultation = publish(results=Consultation.Results.WHILE_OPEN)
    answer(consultation, *[{1: 1}] * 30, *[{1: 2, 2: 1}] * 7, {1: 3})
    fold(consultation)
    pin.pin(consultation)

    figures = PinnedResult.objects.get().figures["questions"]

    assert figures["1"] == {"answered": 40, "options": {"1": 30, "2": "*", "3": "*"}, "withheld": False}
    assert figures["2"] == pin.FEW


def test_an_unanswered_row_is_named_beside_it_and_what_was_chosen_stays(client):
    from tests.factories import make_consultation_page, raw_block, raw_question

    matrix = raw_question("matrix", "How are they?", options=["poor", "good"], required=True)
    matrix["value"]["rows"] = [raw_block("item", {"label": label, "theme": ""}, label) for label in ("Buses", "Parks")]
    section = raw_block("section", {"title": "All", "introduction": "", "questions": [matrix]}, "s")
    consultation = make_consultation_page(questionnaire=[section]).consultation
    address = f"/answer/{consultation.pk}/en/1/"
    token = re.search(r'name="token" value="([^"]+)"', client.get(address).content.decode())[1]

    page = client.post(address, {"token": token, "asked": "1 2", "q1": "2"}).content.decode()

    assert 'href="#q2"' in page and 'href="#q1"' not in page
    assert "Choose an answer to “How are they? – Parks”." in page
    assert page.count("checked") == 1
