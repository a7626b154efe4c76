"""Two questionnaires as councils ask them, with matrices, rankings and routing, imported with what people answered.

Every question is worded anew, after what such surveys ask about:
- area-survey, in English and Irish, after the residents' surveys that English councils compare (“Are you being
  served?”, Local Government Association) and what the Office for National Statistics asks about personal well-being;
- town-centre, after the public satisfaction survey of the National Highways and Transport Network and the health checks
  of town centres that planning authorities in Northern Ireland carry out.

The responses are invented: tests/make_responses.py.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from consultation import instrument, routing, summary
from consultation.models import Consultation, Option, Question, Tally, Theme
from consultation.recount import check
from tests.conftest import ROOT
from tests.figures import in_file, in_ledger, on_page, rows_of
from tests.make_responses import blueprint, responses

DATA = ROOT / "tests" / "data"
SEEDS = {"area-survey": 7, "town-centre": 11}
PEOPLE = 150

pytestmark = pytest.mark.django_db


@pytest.fixture(params=SEEDS)
def name(request):
    return request.param


@pytest.fixture
def imported(name):
    """Imported by the rules that hold for new answers."""
    return bring(name)


def bring(name):
    call_command("import_package", str(DATA / name), "--create-themes", stdout=StringIO())
    return Consultation.objects.latest("pk")


def test_the_responses_are_what_the_seed_makes(name):
    stored = (DATA / name / "responses.csv").read_bytes().decode()

    assert responses(DATA / name, SEEDS[name], PEOPLE) == stored


def test_page_file_and_recount_say_the_same_of_every_question(imported, officer_client):
    page, file, ledger = on_page(officer_client, imported), in_file(imported), in_ledger(imported)

    assert check(imported) == []
    assert len(page) == imported.questions.count() > 20
    for number, figures in ledger.items():
        assert page[number] == file[number] == figures, number
    assert sum(figures.answered > 0 and bool(figures.lines) for figures in page.values()) > 18


@pytest.mark.parametrize("option", [{"option": 1}, {"option__gt": 1000}, {"option": -1}, {"option": 0}])
def test_a_figure_that_is_wrong_by_one_is_found(option, officer_client):
    imported = bring("town-centre")
    cell = Tally.objects.filter(consultation=imported, question__gt=0, segment="", **option).first()

    Tally.objects.filter(pk=cell.pk).update(n=F("n") + 1)

    assert on_page(officer_client, imported) != in_ledger(imported)
    assert on_page(officer_client, imported).keys() == in_ledger(imported).keys()


def test_only_those_were_asked_whom_the_answers_lead_there(imported):
    asked = instrument.current(imported, "en")
    steered = routing.steered(asked)
    keys = dict(imported.questions.values_list("number", "key"))
    rows = list(imported.responses.order_by("pk"))

    assert len(steered) >= 4
    for response, line in zip(rows, rows_of(imported), strict=True):
        values = {int(number): value for number, value in response.answers.items()}
        reached = {question.number for question in routing.reached(asked, values).questions}
        assert reached == values.keys()
        empty = {n for n, key in keys.items() if all(c == "" for k, c in line.items() if k.split(".")[0] == key)}
        assert empty == keys.keys() - reached
    bases = [figures.asked for number, figures in in_ledger(imported).items() if number in steered]
    assert 0 < min(bases) < max(bases) < PEOPLE


def test_the_rows_of_a_matrix_are_in_the_summaries_of_themes_of_their_own(imported, name):
    matrix, rows = {"area-survey": ("parks", "library"), "town-centre": ("r-bus", "r-night")}[name], []
    for key in matrix:
        question = Question.objects.get(consultation=imported, key=key)
        rows.append((question.theme.name, question.number))

    assert len({theme for theme, _number in rows}) == 2
    for theme, number in rows:
        found = summary.of_theme(Theme.objects.get(name=theme))[0]
        assert number in {question.number for question in found.questions}


def test_every_word_of_the_irish_questionnaire_is_offered_in_irish():
    imported = bring("area-survey")
    plan = blueprint(DATA / "area-survey")
    irish = {question.number: question for question in instrument.current(imported, "ga").questions}

    for number, item in enumerate(plan.questions, 1):
        assert str(irish[number].label) == item.label["ga"]
        labels = [option.label["ga"] for option in item.options]
        assert [str(option.label) for option in irish[number].options] == labels
    assert Option.objects.filter(question__consultation=imported).count() > 100
