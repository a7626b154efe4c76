"""Questions whose answers may name somebody: the editor says which, and only files with personal data have them."""

import csv
import uuid
from dataclasses import replace
from itertools import product

import pytest

from consultation import codebook, csv_copy, csv_files, csv_long, instrument, ledger, source
from consultation.answers import Answers
from consultation.blocks import QuestionnaireBlock
from consultation.columns import FIXED, Form
from consultation.models import Channel, Level
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.consultation.test_respondent import NAME, ROLE, who
from tests.factories import make_consultation, make_source, raw_block, raw_question

pytestmark = pytest.mark.django_db

NAMED = "My neighbour at number nine"
WRITTEN = "Plant more trees"
CANARIES = (NAMED, "Demo Choir", "Secretary of it", "beside-other", "1931")


def choice(name, *labels, **more):
    options = tuple(SourceOption(label, label) for label in labels)
    return SourceItem(name, "single", name, options=(*options, SourceOption("other", "Other", "other")), **more)


QUESTIONS = (
    SourceItem("neighbour", "long_text", "Who helps you?", personal=True),
    SourceItem("wish", "long_text", "What would help?"),
    choice("street", "High Street", personal=True),
    SourceItem("born", "number", "Born in", personal=True),
    who(),
)


@pytest.fixture
def answered(make_consultation):
    made = make_consultation(sections=(SourceSection("s", "S", "", QUESTIONS),))
    words = {(1, 0): NAMED, (2, 0): WRITTEN, (3, 2): "beside-other"}
    words |= {(5, NAME): "Demo Choir", (5, ROLE): "Secretary of it"}
    answers = Answers({1: True, 2: True, 3: 2, 4: 1931, 5: 2}, words)
    ledger.submit(made, uuid.uuid4(), made.published, "en", Channel.WEB, answers)
    return made


def files(consultation, level):
    for form in Form:
        yield "".join(csv_files.lines(consultation, "en", form, level))
        yield b"".join(csv_copy.responses(consultation, "en", form, level)).decode()
        yield b"".join(csv_long.responses(consultation, "en", form, level)).decode()


def test_a_file_for_analysis_has_nothing_that_may_name_somebody(answered):
    for file, canary in product(files(answered, Level.ANALYSIS), CANARIES):
        assert WRITTEN in file
        assert canary not in file


def test_the_file_with_personal_data_has_all_of_it(answered):
    for file, canary in product(files(answered, Level.FULL), (*CANARIES, WRITTEN)):
        assert canary in file


def test_a_file_whose_level_nobody_said_is_the_careful_one(answered):
    assert columns(answered) == ["q2", "q5"]


def publish(consultation, *items):
    make_consultation(key=consultation.key, sections=(SourceSection("s", "S", "", items),))
    consultation.refresh_from_db()


def columns(consultation):
    header = next(csv.reader(csv_files.lines(consultation, "en", Form.KEYS)))
    return header[len(FIXED) :]


def test_a_flag_set_later_holds_for_answers_given_before(answered):
    publish(answered, *(replace(item, personal=True) for item in QUESTIONS))

    assert columns(answered) == []
    assert WRITTEN not in "".join(files(answered, Level.ANALYSIS))


def test_a_flag_set_by_mistake_can_be_taken_off(answered):
    publish(answered, *(replace(item, personal=False) for item in QUESTIONS))

    assert "q1" in columns(answered)


def test_a_question_that_is_no_longer_asked_keeps_its_flag(answered):
    publish(answered, QUESTIONS[1])

    assert columns(answered) == ["q2", "q5"]


def test_a_restored_questionnaire_brings_its_flags_back(answered):
    publish(answered, *(replace(item, personal=False) for item in QUESTIONS))
    publish(answered, *QUESTIONS)

    assert columns(answered) == ["q2", "q5"]


def test_the_rows_of_a_matrix_share_its_flag(make_consultation):
    rows = tuple(source.SourceRow(row, row) for row in ("a", "b"))
    options = (SourceOption("x", "x"), SourceOption("y", "y"))
    matrix = SourceItem("m", "matrix", "m", options=options, rows=rows, personal=True)
    made = make_consultation(sections=(SourceSection("s", "S", "", (matrix, QUESTIONS[1])),))

    assert instrument.personal(made) == {1, 2}
    assert columns(made) == ["q3"]


def test_the_codebook_marks_every_line_of_such_a_question(answered):
    marked = {(line.question, line.option) for line in codebook.lines(answered, "en") if line.identifying}

    assert marked == {
        ("q1", ""),
        ("q3", ""),
        ("q3", "1"),
        ("q3", "2"),
        ("q3", "2.text"),
        ("q4", ""),
        ("q5", "name"),
        ("q5", "role"),
    }


def test_an_editor_sets_the_flag_of_any_question_and_it_is_off_at_first():
    raw = [raw_question("short_text", "Your road?", personal=True), raw_question("short_text", "Your wish?")]
    section = raw_block("section", {"title": "T", "introduction": "", "questions": raw}, "s")

    stored = QuestionnaireBlock().get_prep_value(QuestionnaireBlock().to_python([section]))
    (read,) = source.sections(stored)

    assert [item.personal for item in read.items] == [True, False]


def test_a_flag_alone_makes_another_version(consultation):
    first = make_source(key=consultation.key).sections[0]
    flagged = replace(first, items=(*first.items[:2], replace(first.items[2], personal=True)))
    before = consultation.published.number

    after = make_consultation(key=consultation.key, sections=(flagged, make_source().sections[1])).published
    assert after.number == before + 1
    assert after.structure["sections"][0]["items"][2]["personal"] is True
    assert "personal" not in after.structure["sections"][0]["items"][0]
