"""The long CSV says what the wide one says, and what the ledger counts."""

import csv
import random
import uuid
from io import StringIO

import pytest
from django.core.management import call_command

from consultation import csv_copy, csv_long, fold, instrument, ledger, summary
from consultation.answers import Answers
from consultation.columns import SKIPPED, Form, unguard
from consultation.kinds import KINDS, ORGANISATIONS, OTHER, Shape, encode_number, parse_number
from consultation.models import Channel, Level, Response
from consultation.recount import DAY, Cell, Group, count, recount, segments
from consultation.source import SourceSection
from tests.consultation.test_every_kind import items

pytestmark = pytest.mark.django_db

POISON = ["=1+1", "'tis", "(skipped)", "a,b", 'say "x"', "1\n2", "😀", "", "007", " ", "-1", "עברית"]


@pytest.fixture
def answered(make_consultation):
    """Every kind of question, answered in every way by sixty people, a few of whom were not asked some."""
    everything = SourceSection(id="all", title="All", introduction="", items=tuple(items()))
    consultation = make_consultation(sections=(everything,))
    chance = random.Random(7)
    for n in range(60):
        answers = answer(list(instrument.current(consultation, "en").questions), chance)
        language, channel = chance.choice(["en", "ga"]), chance.choice(list(Channel))
        ledger.submit(consultation, uuid.uuid4(), consultation.published, language, channel, answers)
        if n == 40:
            fold.fold(consultation)
    return consultation


def answer(questions, chance):
    values, words = {}, {}
    for question in questions:
        value = chance.choice(possible(question, chance))
        if value == "not asked":
            continue
        values[question.number] = value
        if value is True:
            words[question.number, 0] = chance.choice(POISON)
        if any(option.number == value and option.role in ORGANISATIONS for option in question.options):
            words |= {(question.number, text.number): chance.choice(POISON) for text in KINDS[question.kind].texts}
        other = next((option.number for option in question.options if option.role == OTHER), None)
        if other and (value == other or isinstance(value, list) and other in value):
            words[question.number, other] = chance.choice(POISON)
    return Answers(values, {place: text for place, text in words.items() if text})


def possible(question, chance):
    """A value in every way that its kind has; a number and a day that somebody wrote in words, too."""
    numbers = [option.number for option in question.options]
    picked = chance.sample(numbers, chance.randint(1, len(numbers))) if numbers else []
    by_shape = {
        Shape.OPTION: numbers,
        Shape.OPTIONS: [sorted(picked)],
        Shape.PLACES: [picked],
        Shape.NUMBER: [True, 0, -7, 120, "1.5", "-0.25"],
        Shape.DAY: [True, "2024-02-29", "2030-12-31"],
        Shape.WORDS: [True, True],
    }
    return [None, "not asked", *by_shape[KINDS[question.kind].shape]]


def read(parts):
    return list(csv.DictReader(StringIO(b"".join(parts).decode(), newline="")))


def wide(consultation, form=Form.KEYS):
    return read(csv_copy.responses(consultation, "en", form, Level.FULL))


def long(consultation, form=Form.KEYS):
    return read(csv_long.responses(consultation, "en", form, Level.FULL))


def recounted(consultation, rows):
    """Count the rows alone, as the ledger is counted; the wide file says who answered in what language and how."""
    questions = instrument.rows(consultation)
    numbers = {row.key: row for row in consultation.questions.prefetch_related("options")}
    given = {}
    for row in rows:
        options = {option.key: option.number for option in numbers[row["question"]].options.all()}
        entry = options.get(unguard(row["option"])), row["place"], row["value"]
        given.setdefault((row["row"], numbers[row["question"]].number), []).append(entry)
    values = {(n, q): value(KINDS[questions[q].kind].shape, found) for (n, q), found in given.items()}
    people = {
        str(n): segments(row["language"], row["channel"], {q: values.get((str(n), q)) for q in consultation.segments})
        for n, row in enumerate(wide(consultation), 1)
    }
    groups = [Group(person, 0, None, 1) for person in people.values()]
    groups += [Group(people[n], q, found, 1) for (n, q), found in values.items()]
    return count(questions, groups).cells()


def value(shape, found):
    """A value of the ledger, from the entries of one answer."""
    (option, _place, text), *_others = found
    if text == SKIPPED:
        return None
    if shape == Shape.OPTION:
        return option
    if shape == Shape.OPTIONS:
        return sorted(option for option, _place, _text in found)
    if shape == Shape.PLACES:
        return [option for option, _place, _text in sorted(found, key=lambda entry: int(entry[1]))]
    if not text:
        return True
    return encode_number(parse_number(text)) if shape == Shape.NUMBER else text


def of_answers(cells):
    """Without the days of receipt, which the long file does not have."""
    return {cell: counted for cell, counted in cells.items() if cell.segment != DAY}


def test_counting_the_long_file_gives_what_the_ledger_and_the_summary_count(answered):
    rows = long(answered)

    counted = recounted(answered, rows)

    assert counted == of_answers(recount(answered))
    assert counted == of_answers(summary.live_counts(answered))
    assert counted[Cell(0, 0)].n == 60


@pytest.mark.parametrize("fault", ["a row is lost", "a row is there twice", "an option is another", "it was skipped"])
def test_a_fault_in_the_long_file_is_seen(answered, fault):
    rows = long(answered)
    chose = {row["row"]: place for place, row in enumerate(rows) if row["question"] == "q3" and row["option"]}
    asked = {row["row"] for row in rows if row["question"] == "q3"}
    place = next(place for number, place in chose.items() if str(int(number) + 1) not in asked)
    row = rows[place]

    if fault == "a row is lost":
        del rows[place]
    elif fault == "a row is there twice":
        rows.append(row | {"row": str(int(row["row"]) + 1)})
    elif fault == "an option is another":
        row["option"] = "2" if row["option"] == "1" else "1"
    else:
        row |= {"value": SKIPPED, "option": ""}

    assert recounted(answered, rows) != recount(answered)


def widened(consultation, rows):
    """The cells of the wide file, put together from the long one: by response and column."""
    asked = {row.key: row for row in consultation.questions.prefetch_related("options")}
    cells = {}
    for row in rows:
        person = cells.setdefault(row["row"], {})
        key, option = row["question"], row["option"]
        kind = KINDS[asked[key].kind]
        if option in [text.name for text in kind.texts]:
            person[f"{key}.{option}"] = row["words"]
            continue
        shape = kind.shape
        if shape in (Shape.OPTIONS, Shape.PLACES):
            left_out = SKIPPED if row["value"] == SKIPPED else "0"
            for other in asked[key].options.all():
                person.setdefault(f"{key}.{other.key}", left_out)
            person |= {f"{key}.{option}": row["place"] or "1"} if option else {}
        elif shape == Shape.OPTION:
            person[key] = option or row["value"]
        else:
            person[key] = row["value"] or row["words"]
        person |= {f"{key}.{option}.text": row["words"]} if option and row["words"] else {}
    return cells


def test_the_long_file_holds_every_cell_of_the_wide_one(answered):
    cells = widened(answered, long(answered))

    for number, row in enumerate(wide(answered), 1):
        own = {key: cell for key, cell in row.items() if key.startswith("q") and cell}
        assert {key: cell for key, cell in cells[str(number)].items() if cell} == own


def test_skipped_has_a_row_and_not_asked_has_none(consultation):
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: None, 3: 5}))

    rows = long(consultation)

    assert [(row["question"], row["value"]) for row in rows] == [("q1", SKIPPED), ("q3", "5")]


def test_a_point_of_a_scale_says_what_it_counts_as(answered):
    (key,) = answered.questions.filter(kind="scale").values_list("key", flat=True)

    values = {(row["option"], row["value"]) for row in long(answered) if row["question"] == key and row["option"]}

    assert {("1", "0"), ("2", "1"), ("3", "2")} <= values


def test_labels_stand_beside_keys_which_stay(answered):
    labelled = long(answered, Form.LABELS)

    assert [{key: row[key] for key in csv_long.KEYS} for row in labelled] == long(answered)
    assert {row["option_label"] for row in labelled if row["option"] == "2"} == {"b"}


def test_responses_without_a_reference_are_told_apart_by_their_row(answered):
    Response.objects.update(reference=None)

    assert recounted(answered, long(answered)) == of_answers(recount(answered))


def test_a_response_that_does_not_count_is_left_out(answered):
    before = {row["reference"] for row in long(answered)}
    held = answered.responses.order_by("pk")[3]
    Response.objects.filter(pk=held.pk).update(state=Response.State.HELD)

    assert before - {row["reference"] for row in long(answered)} == {held.reference}


def test_officers_and_the_command_get_the_same_file(answered, officer_client, capsys):
    page = officer_client.get(f"/admin/consultations/{answered.pk}/responses.csv?rows=answers&form=keys")
    downloaded = b"".join(page.streaming_content).decode()

    call_command("export_responses", str(answered.pk), "--rows", "answers", "--form", "keys", "--level", "analysis")

    assert capsys.readouterr().out == downloaded
    assert downloaded.startswith("reference,row,question,option,place,value,words\r\n")
    assert f"consultation-{answered.pk}-answers-" in page["Content-Disposition"]
