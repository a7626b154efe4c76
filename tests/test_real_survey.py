"""A real survey of 15,653 people, imported, says of every option what its answer key says.

The survey is no part of the project (docs/examples/new-coder-survey), so these tests skip where the data is absent.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from consultation import csv_files, instrument, pin, routing, summary
from consultation.columns import SKIPPED, Form, unguard
from consultation.kinds import ANSWERED, ASKED, encode_number, parse_number
from consultation.models import Consultation, Option, Question, Response, Theme
from consultation.package.historic import OFF_ROUTE, PASSED_OVER
from consultation.recount import Cell, Counted, check, recount
from tests.conftest import ABSENT, ROOT, SHARED_DATA
from tests.test_attack_published import Watch

CONVERT = ROOT / "docs" / "examples" / "new-coder-survey" / "convert.py"
SURVEY = SHARED_DATA / "fcc-new-coder-2016"
RAW = SURVEY / "2016-new-coders-survey-part-1.csv"
# How many were asked: everybody but where the survey's routing leads elsewhere. Questions 3 to 7 were asked of the
# 6,698 who would work for a company, and of those who answered them all the same.
BASES = {"q3": 6762, "q4": 6771, "q5": 6751, "q6": 6771, "q7": 6741}
BASES |= {"q14": 955, "q15": 955, "q19": 955, "q20": 955, "q16": 645, "q17": 645, "q18": 371}

COMPANY = ("q3", "q4", "q5", "q6", "q7")

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db, pytest.mark.xdist_group("survey")]


@dataclass
class Survey:
    """What was imported, what was said about it, its file read back, and the answer key by question."""

    package: Path
    converted: str
    said: str
    consultation: Consultation
    file: list[dict[str, str | None]]
    key: dict[str, dict[str, Any]]

    @property
    def questions(self) -> list[Question]:
        return list(self.consultation.questions.prefetch_related("options"))


@pytest.fixture(scope="module")
def survey(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Survey]:
    """The survey, imported once for all tests of this file and rolled back after them."""
    if not SURVEY.exists():
        pytest.skip(ABSENT)
    package = tmp_path_factory.mktemp("survey") / "package"
    command = [sys.executable, CONVERT, RAW, package]
    converted = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    with django_db_blocker.unblock(), transaction.atomic():
        said = imported(package)
        consultation = Consultation.objects.get(title="The 2016 New Coder Survey")
        key = {question["id"]: question for question in json.loads((SURVEY / "expected.json").read_text())["questions"]}
        yield Survey(package, converted, said, consultation, exported(consultation), key)
        transaction.set_rollback(True)


def imported(package: Path) -> str:
    """Import as old data, print how long it took, and return what was said."""
    said = StringIO()
    begun = time.monotonic()
    call_command("import_package", str(package), "--historic", "--create-themes", stdout=said)
    print(f"imported in {time.monotonic() - begun:.1f} s")  # noqa: T201  # for whoever runs it with -s
    return said.getvalue()


def exported(consultation: Consultation) -> list[dict[str, str | None]]:
    """The file of responses read back: "" not asked, None skipped, else what was answered."""
    header, *rows = csv.reader(csv_files.lines(consultation, "en", Form.KEYS), strict=True)
    return [
        {name: None if cell == SKIPPED else unguard(cell) for name, cell in zip(header, row, strict=True)}
        for row in rows
    ]


def test_every_response_is_there_and_the_tally_is_the_ledgers(survey):
    assert survey.consultation.responses.count() == len(survey.file) == 15_653
    assert len(survey.questions) == len(survey.key) == 21
    assert check(survey.consultation) == []


def test_a_spoiled_copy_is_refused_with_each_line_named_and_nothing_is_stored(survey, tmp_path):
    spoiled = tmp_path / "package"
    shutil.copytree(survey.package, spoiled)
    questionnaire = json.loads((spoiled / "questionnaire.json").read_text())
    questionnaire["name"] = "spoiled"
    (spoiled / "questionnaire.json").write_text(json.dumps(questionnaire))
    lines = (spoiled / "responses.csv").read_bytes().splitlines(keepends=True)
    lines[11] = lines[10]
    lines[101] = lines[101].rstrip(b"\r\n") + b",one cell too many\r\n"
    lines[1001] = lines[1001].replace(b"-", b"\xff", 1)
    lines[10_001] = lines[10_001].replace(b",0,", b",never,", 1)
    (spoiled / "responses.csv").write_bytes(b"".join(lines))
    before = Consultation.objects.count(), Response.objects.count()

    with pytest.raises(CommandError) as refused:
        imported(spoiled)

    said = str(refused.value)
    assert [line for line in (12, 102, 1002, 10_002) if not re.search(rf"\b{line:,}\b|\b{line}\b", said)] == [], said
    assert (Consultation.objects.count(), Response.objects.count()) == before


def test_every_option_has_the_count_of_the_key_in_summary_recount_and_file(survey):
    counted = recount(survey.consultation)
    summed = {question.number: question for question in summary.of_consultation(survey.consultation).questions}
    compared = 0
    for question in survey.questions:
        bars = {bar.number: bar.n for bar in summed[question.number].bars}
        for option, n in options(survey, question):
            assert bars[option.number] == n, (question.key, option.key)
            assert counted.get(Cell(question.number, option.number), Counted(0)).n == n, (question.key, option.key)
            assert chosen(survey, question, option) == n, (question.key, option.key)
            compared += 1

    # The key's options, and "other" beside four questions.
    assert compared == sum(len(question.get("options", ())) for question in survey.key.values()) + 4


def options(survey: Survey, question: Question) -> Iterator[tuple[Option, int]]:
    """Each option with its count by the key, found by its label."""
    key = survey.key[question.key]
    counts = {label.strip(): n for label, n in key.get("options", {}).items()} | {"Other": key.get("other_answered")}
    words = dict(survey.consultation.wordings.values_list("item", "text"))
    for option in question.options.all():
        label = words[f"q{question.number}/{option.number}"]
        yield option, counts[{"No": "0", "Yes": "1"}.get(label, label)]


def chosen(survey: Survey, question: Question, option: Option) -> int:
    """How many chose an option, by the file."""
    if question.kind == "multiple":
        return sum(row[f"{question.key}.{option.key}"] == "1" for row in survey.file)
    return sum(row[question.key] == option.key for row in survey.file)


def test_every_question_has_its_base_in_summary_recount_and_file(survey):
    counted = recount(survey.consultation)
    summed = {question.number: question for question in summary.of_consultation(survey.consultation).questions}
    for question in survey.questions:
        key = survey.key[question.key]
        # Whoever only wrote beside "other" answered, which the key does not say of question 3.
        answered = key["answered"] + (key["other_answered"] if question.key == "q3" else 0)
        base = (BASES.get(question.key, 15_653), answered)
        column = next(name for name in survey.file[0] if name.split(".")[0] == question.key)
        cells = [row[column] for row in survey.file]

        assert (summed[question.number].asked, summed[question.number].answered) == base, question.key
        assert tuple(counted[Cell(question.number, option)].n for option in (ASKED, ANSWERED)) == base, question.key
        assert (sum(c != "" for c in cells), sum(c not in ("", None) for c in cells)) == base, question.key


def test_the_routing_leads_as_many_people_to_each_question_as_the_survey_says(survey):
    asked = instrument.current(survey.consultation, "en")
    numbers = {question.key: question.number for question in survey.questions}
    reached = Counter()
    for answers in survey.consultation.responses.values_list("answers", flat=True):
        values = {int(number): value for number, value in answers.items()}
        reached.update(question.number for question in routing.reached(asked, values).questions)

    led = {key: reached[number] for key, number in numbers.items()}
    assert led == dict.fromkeys(numbers, 15_653) | BASES | dict.fromkeys(COMPANY, 6698)


def test_what_breaks_a_rule_is_counted_and_listed(survey):
    assert "{'q3': 64, 'q4': 73, 'q5': 53, 'q6': 73, 'q7': 43}" in survey.converted  # answered off their route
    assert f"({OFF_ROUTE}): {64 + 73 + 53 + 73 + 43}" in survey.said
    assert PASSED_OVER not in survey.said
    assert "(an option that excludes others, with others): 170" in survey.said
    assert "(not a number, kept as text): 68" in survey.said
    for name, breaches in (("q8", 103), ("q10", 43)):  # beside the options of the list, "other" not among them
        listed = [c for c in survey.file[0] if c.startswith(f"{name}.") and c.split(".")[1] not in ("none", "other")]
        assert sum(row[f"{name}.none"] == "1" and any(row[c] == "1" for c in listed) for row in survey.file) == breaches


def test_texts_and_numbers_come_back_as_they_were_written(survey):
    with RAW.open(encoding="utf-8", newline="") as file:
        _header, *raw = csv.reader(file)
    written = {name: key["columns"][0] for name, key in survey.key.items() if "distinct" in key}
    beside = {f"{name}.other.text": key["other_column"] for name, key in survey.key.items() if key["other_column"]}

    assert (len(written), len(beside)) == (7, 4)
    for name, column in written.items():
        assert len({row[column] for row in raw if row[column]}) == survey.key[name]["distinct"]
        form = plain if survey.key[name]["type"] == "number" else str.strip
        assert [row[name] or "" for row in survey.file] == [form(row[column]) for row in raw], name
    for name, column in beside.items():
        assert [row[name] for row in survey.file] == [row[column].strip() for row in raw], name


def plain(text: str) -> str:
    """A number in its one form, and what is none without the blanks around it."""
    try:
        return str(encode_number(parse_number(text)))
    except ValueError:
        return text.strip()


def test_its_questions_are_in_the_summaries_of_six_themes(survey):
    questions = [summary.of_theme(theme)[0].questions for theme in Theme.objects.all()]

    assert len(questions) == 6
    assert sum(map(len, questions)) == 21


def test_what_would_be_published_of_it_gives_no_small_number_away(survey):
    pinned = pin.following(survey.consultation, None)
    watch = Watch(survey.consultation)
    watch.write(pinned, pinned.figures["questions"], pinned.figures["channels"])

    assert watch.recovered(knows_totals=False) == []
    assert watch.recovered(knows_totals=True) == []
