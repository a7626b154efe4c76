"""One question by another says what counting by hand says, for every kind, and shows what its shares are of."""

import csv
import io
import tracemalloc
import uuid
from collections import Counter
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from consultation import crosstab, instrument, ledger, summary
from consultation.answers import Answers
from consultation.kinds import ANSWERED, ASKED, FIRST_BIN, KINDS, Shape
from consultation.models import Channel, Consultation, Download, Response
from consultation.recount import Cell, Counted
from tests.consultation.test_comparison import answer
from tests.consultation.test_every_kind import every_kind  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db

KEEP = [HealthCheck.function_scoped_fixture]


def values_of(question):
    """Whatever a question's answer can be in the ledger."""
    options = [option.number for option in question.options]
    found = {
        Shape.WORDS: st.just(True),
        Shape.NUMBER: st.integers(0, 120) | st.sampled_from(["1.5", "0.25"]),
        Shape.OPTION: st.sampled_from(options or [1]),
        Shape.OPTIONS: st.lists(st.sampled_from(options or [1]), min_size=1, unique=True).map(sorted),
        Shape.PLACES: st.lists(st.sampled_from(options or [1]), min_size=1, max_size=3, unique=True),
        Shape.DAY: st.sampled_from(["2026-01-31", "2026-02-01", "2025-02-28"]),
    }
    return st.none() | found[KINDS[question.kind].shape]


def by_hand(rows, question, across):
    """How many said what to a question, of all and of those who chose each option of another; from the rows alone."""
    found = Counter()
    for answers in rows:
        chosen = answers.get(across)
        for part in ["", *([str(chosen)] if chosen is not None else [])]:
            found[part, "responses"] += 1
            if question in answers:
                found[part, "asked"] += 1
            if answers.get(question) is not None:
                found[part, "answered"] += 1
                value = answers[question]
                for one in value if isinstance(value, list) else [value]:
                    found[part, one] += 1
    return {cell: n for cell, n in found.items() if n}


def as_by_hand(cells, question, across):
    """Cells in the same form, of the kinds that count options."""
    names = {ASKED: "asked", ANSWERED: "answered"}
    found = {}
    for cell, counted in cells.items():
        assert cell.segment in ("", f"q{across}")
        name = "responses" if cell.question == 0 else names.get(cell.option, cell.option)
        found[cell.value, name] = counted.n
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=KEEP)
@given(st.data())
def test_every_question_by_every_question_of_one_choice_is_what_counting_by_hand_says(every_kind, data):  # noqa: F811
    Response.objects.all().delete()
    questions = instrument.rows(every_kind)
    given_to = st.fixed_dictionaries({}, optional={number: values_of(q) for number, q in questions.items()})
    rows = data.draw(st.lists(given_to, max_size=12))
    for values in rows:
        ledger.submit(every_kind, uuid.uuid4(), every_kind.version, "en", Channel.WEB, Answers(values))
    whole = summary.live_counts(every_kind)

    for question in filter(crosstab.can_be_rows, questions.values()):
        for across in filter(crosstab.can_be_columns, questions.values()):
            if question == across:
                continue
            cells, _last = crosstab.cells(every_kind, question.number, across.number)
            expected = by_hand(rows, question.number, across.number)
            counted = as_by_hand(cells, question.number, across.number)
            if KINDS[question.kind].shape in (Shape.OPTION, Shape.OPTIONS):
                assert counted == expected
            for name in ("responses", "asked", "answered"):
                assert {c: n for c, n in counted.items() if c[1] == name} == {
                    c: n for c, n in expected.items() if c[1] == name
                }
            # Everybody's column is the summary's, whatever the kind.
            assert {c: n for c, n in cells.items() if not c.segment and c.question} == {
                c: n for c, n in whole.items() if not c.segment and c.question == question.number
            }


def test_numbers_and_rankings_are_counted_in_their_lines(every_kind):  # noqa: F811
    numbers = {question.kind: number for number, question in instrument.rows(every_kind).items()}
    single, number, ranking = (numbers[kind] for kind in ("single", "number", "ranking"))
    for chosen, age, order in ((1, 10, [2, 1]), (1, 30, [2]), (2, "1.5", [1])):
        values = {single: chosen, number: age, ranking: order}
        ledger.submit(every_kind, uuid.uuid4(), every_kind.version, "en", Channel.WEB, Answers(values))

    ages, _last = crosstab.cells(every_kind, number, single)
    places, _last = crosstab.cells(every_kind, ranking, single)

    assert ages[Cell(number, ANSWERED, f"q{single}", "1")] == Counted(2, 40_000)
    assert sum(n.n for c, n in ages.items() if c.value == "2" and c.option >= FIRST_BIN) == 1
    laid = crosstab.lay_out(summary.kept(every_kind, ages), number, single).questions[number]
    assert [part.mean for part in laid.parts] == [20, Decimal("1.5")]
    first = crosstab.lay_out(summary.kept(every_kind, places), ranking, single).questions[ranking]
    assert [[bar.n for bar in row.parts] for row in first.rows][:2] == [[0, 1], [2, 0]]


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_the_size_of_a_batch_changes_nothing(consultation, monkeypatch, batch):
    answer(consultation, *[{1: n % 3 + 1, 2: [n % 4 + 1]} for n in range(6)])
    at_once, last = crosstab.cells(consultation, 2, 1)
    steps = []
    monkeypatch.setattr(crosstab, "BATCH", batch)

    assert crosstab.cells(consultation, 2, 1, progress=steps.append) == (at_once, last)
    assert last == consultation.responses.last().pk
    assert sum(steps) >= 6


def test_what_does_not_count_and_what_does_not_fit_is_left_out(consultation):
    answer(consultation, {1: 1, 2: [1]}, {1: 2, 2: [1]}, {1: 1, 2: [2]})
    Response.objects.filter(pk=consultation.responses.first().pk).update(state=Response.State.HELD)
    answer(consultation, {1: 1, 2: [1]}, channel=Channel.PAPER)

    online, _last = crosstab.cells(consultation, 2, 1, where=Q(channel=Channel.WEB))

    assert online[Cell(0, 0)].n == 2
    assert {c.value: n.n for c, n in online.items() if c.question == 0 and c.segment} == {"1": 1, "2": 1}


def test_all_questions_with_a_filter_are_what_the_page_counts(consultation, monkeypatch):
    answer(consultation, *[{1: n % 3 + 1, 2: [n % 4 + 1], 3: n} for n in range(7)])
    answer(consultation, {1: 1}, channel=Channel.PAPER)
    online = Q(channel=Channel.WEB)
    monkeypatch.setattr(crosstab, "BATCH", 2)

    cells, _last = crosstab.cells(consultation, where=online)

    assert cells == summary.read(consultation, where=online).cells


def test_memory_does_not_grow_with_the_responses(consultation):
    def peak(n):
        rows = [
            Response(
                consultation=consultation,
                key=uuid.uuid4(),
                reference=None,
                version=consultation.version,
                language="en",
                channel=Channel.WEB,
                answers={"1": i % 3 + 1, "2": [i % 5 + 1]},
            )
            for i in range(n)
        ]
        Response.objects.bulk_create(rows, batch_size=5_000)
        del rows
        tracemalloc.start()
        crosstab.cells(consultation, 2, 1)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak(1_000), peak(100_000)

    assert many < few + 1_000_000


# The page and the file


def address(consultation, name="crosstab/", query="?question=2&across=1"):
    return f"/admin/consultations/{consultation.pk}/{name}{query}"


def text(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def answered(consultation):
    """Two on foot, forty by bus, one who did not say."""
    answer(consultation, {1: 1, 2: [1]}, {1: 1, 2: [1, 2]}, *[{1: 2, 2: [2]}] * 40, {1: None, 2: [5]})
    return consultation


def test_the_page_shows_shares_with_their_bases_and_flags_few_people(answered, officer_client):
    page = text(officer_client.get(address(answered)))

    assert 'On foot <span class="figure-low">few people</span>' in page
    assert "By bus </th>" in page
    assert "100.0 %" in page and "50.0 %" in page
    bases = page.split("Percentages are of</th>")[1].split("</tr>")[0]
    assert bases.replace("</td>", "").split('<td class="number">')[1:] == ["43 ", "2 ", "40 "]
    assert "1 response is in no column" in page


def test_the_filter_is_on_the_page_in_the_file_and_in_the_log(answered, officer_client):
    answer(answered, {1: 1, 2: [1]}, channel=Channel.PAPER)
    query = "?question=2&across=1&channel=paper"

    page = text(officer_client.get(address(answered, query=query)))
    file = officer_client.get(address(answered, "crosstab.csv", query)).getvalue().decode()

    assert "<strong>On paper</strong>" in page
    rows = list(csv.reader(io.StringIO(file)))
    assert rows[0] == ["Answer", "Everybody", "Everybody, per cent", "On foot", "On foot, per cent"]
    assert rows[1] == ["Wider paths", "1", "100.0", "1", "100.0"]
    assert ["Filter", "On paper", "", "", ""] in rows
    assert {len(row) for row in rows} == {5}
    logged = Download.objects.get()
    assert (logged.holds, logged.level, logged.filtered) == (
        "crosstab",
        "analysis",
        "Question 2 by question 1; On paper",
    )
    assert logged.end.complete and logged.end.rows == len(rows) - 1


def test_the_spreadsheet_has_the_cells_of_the_csv(answered, officer_client):
    file = officer_client.get(address(answered, "crosstab.xlsx")).getvalue()
    csv_rows = list(csv.reader(io.StringIO(officer_client.get(address(answered, "crosstab.csv")).getvalue().decode())))

    sheet = load_workbook(io.BytesIO(file)).worksheets[0]

    found = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert found[1][1] == 2 and isinstance(found[1][1], int)
    assert [row[0] for row in found] == [row[0] for row in csv_rows]


def test_a_table_that_cannot_be_read_or_chosen_shows_none(answered, officer_client):
    for query in ("", "?question=2", "?question=2&across=2", "?question=5&across=1", "?question=1&across=2"):
        page = officer_client.get(address(answered, query=query))
        assert page.status_code == 200 and "figures--compared" not in page.content.decode()
        assert officer_client.get(address(answered, "crosstab.csv", query)).status_code == 404
    wrong = officer_client.get(address(answered, query="?question=2&across=1&since=soon"))
    assert "nothing is shown" in text(wrong) and "figures--compared" not in text(wrong)
    for odd in ("²", "9" * 400, "-1", "%00"):
        assert officer_client.get(address(answered, query=f"?question={odd}&across=1")).status_code == 200


def test_figures_without_the_right_to_take_them_away_are_for_the_screen(answered, officer, officer_client):
    officer.groups.clear()
    wagtail = Permission.objects.get(codename="access_admin")
    officer.user_permissions.set([Permission.objects.get(codename="view_summary"), wagtail])

    assert "Download CSV" not in text(officer_client.get(address(answered)))
    assert officer_client.get(address(answered, "crosstab.csv")).status_code in (302, 403)
    assert not Download.objects.exists()


def test_equality_questions_are_in_no_list_and_the_page_says_why(make_consultation, officer_client):
    consultation = make_consultation(ask_equality=True)
    answer(consultation, {1: 1, 2: [1]})

    page = text(officer_client.get(address(consultation)))

    assert "They can’t be set against other questions, not even rounded." in page
    assert Consultation.objects.get(pk=consultation.pk).equality_questions
    choices = page.split('id="crosstab-across"')[1].split("</select>")[0]
    assert not any(str(question.label) in choices for question in consultation.equality_questions)


def test_the_page_asks_the_same_however_many_answered(answered, officer_client, django_assert_max_num_queries):
    officer_client.get(address(answered))
    with django_assert_max_num_queries(30) as first:
        officer_client.get(address(answered))
    answer(answered, *[{1: 1, 2: [1]}] * 50)
    with django_assert_max_num_queries(30) as second:
        officer_client.get(address(answered))

    assert len(first.captured_queries) == len(second.captured_queries)
