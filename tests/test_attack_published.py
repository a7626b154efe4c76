"""The attack of tests/attack.py on what the site itself publishes: the demonstration, councils' questionnaires.

What is read is what everybody can read: the pages' figures day by day, and the JSON of every version. All of it side by
side gives no count of 1 to 7 away; equality figures, which officers see, give none away either.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone

from consultation import equality, equality_figures, instrument, pin, results, routing, summary
from consultation.disclosure import Figure, Table, rounded
from consultation.kinds import DECLINED
from consultation.models import Consultation, EqualityFigures, PinnedResult, Response, ResultEdition
from consultation.questionnaire import assemble
from tests.attack import Asked, Day, system
from tests.test_instruments import SEEDS, bring

pytestmark = pytest.mark.django_db


def form(consultation: Consultation, exact: summary.ConsultationSummary) -> list[Asked]:
    """The form as everybody sees it, and what was asked before."""
    now = assemble(consultation.published.structure, {})
    routes, rows = routing.routes(now), instrument.rows(consultation)
    return [_asked(q, now.question(q.number), rows[q.number], routes, exact.received) for q in exact.questions]


def _asked(counted: summary.QuestionSummary, asked: Any, row: Any, routes: Any, received: int) -> Asked:
    conditions, table = list(routes.get(counted.number, ())), pin._table(counted)
    led = (conditions[0].question, conditions[0].options) if len(conditions) == 1 else None
    # Who was brought in on paper need not have answered what the form requires.
    everybody = counted.skipped == 0 and not counted.declined and (led or counted.asked == received)
    may_decline = any(option.role == DECLINED for option in row.options)
    required = bool(asked and asked.required and everybody and not may_decline and len(conditions) < 2)
    return Asked(counted.number, table.alone, tuple(table.counts), required, led)


@dataclass
class Watch:
    """Somebody who writes down what is public, day by day; and what was true behind it."""

    consultation: Consultation
    days: list[Day] = field(default_factory=list)
    behind: dict[int, Table] = field(default_factory=dict)
    made: dict[int, int] = field(default_factory=dict)

    def page(self) -> None:
        """What the pages of the themes can show today."""
        result = PinnedResult.objects.get(consultation=self.consultation)
        self.write(result, result.figures["questions"], result.figures["channels"])

    def version(self) -> None:
        """What programs read of the last version."""
        own = ResultEdition.objects.filter(result__consultation=self.consultation).order_by("result__number").last()
        assert own is not None
        content = json.loads(own.files[results.JSON])
        figures = {
            str(q["number"]): {
                "answered": q["answered"],
                "options": {bar["number"]: bar["figure"] for bar in q["bars"]},
            }
            for q in content["questions"]
        }
        self.write(own.result, figures, dict(content["channels"]))

    def write(self, result: pin.Result, figures: Mapping[str, Any], channels: Mapping[str, Figure]) -> None:
        """Figures by question number, answered and options. Those that stood still are of the day they were made."""
        exact = summary.of_consultation(self.consultation)
        tables = {q.number: pin._table(q) for q in exact.questions}
        for n, table in tables.items():
            if figures[str(n)]["answered"] is None or result.bases.get(str(n)) == table.base:
                self.behind[n], self.made[n] = table, len(self.days)
        counted = Response.objects.filter(consultation=self.consultation, state=Response.State.COUNTED)
        ways = list(counted.values_list("channel", flat=True))
        assert result.received == exact.received
        self.days.append(
            Day(
                rounded(exact.received),
                exact.received,
                {n: figures[str(n)]["answered"] for n in tables},
                {n: {int(o): f for o, f in figures[str(n)]["options"].items()} for n in tables},
                {n: self.behind[n].base for n in tables},
                {n: self.behind[n].counts for n in tables},
                channels,
                {way: ways.count(way) for way in set(ways)},
                {n: day for n, day in self.made.items() if day != len(self.days)},
            )
        )

    def recovered(self, *, knows_totals: bool) -> list[Any]:
        """What is given away by all that was written down."""
        asked = form(self.consultation, summary.of_consultation(self.consultation))
        return system(asked, self.days, knows_totals=knows_totals).recovered()


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("knows_totals", [False, True])
def test_the_demonstration_gives_no_small_number_away(demo, knows_totals):
    for consultation in Consultation.objects.filter(pinned__isnull=False):
        watch = Watch(consultation)
        watch.page()
        if consultation.published_results.exists():
            watch.version()

        assert watch.recovered(knows_totals=knows_totals) == [], consultation


def count_the_first(consultation: Consultation, share: float) -> None:
    """Let so many of the responses count, as if the others had not come yet."""
    ids = list(consultation.responses.order_by("pk").values_list("pk", flat=True))
    upto, own = ids[int(len(ids) * share) - 1], Response.objects.filter(consultation=consultation)
    own.filter(pk__gt=upto).update(state=Response.State.HELD)
    own.filter(pk__lte=upto).update(state=Response.State.COUNTED)
    consultation.tallies.all().delete()
    type(consultation).watermark.related.related_model.objects.filter(consultation=consultation).delete()
    consultation.refresh_from_db()


@pytest.mark.parametrize("knows_totals", [False, True])
@pytest.mark.parametrize("name", SEEDS)
def test_councils_questionnaires_give_none_away_while_open_and_in_two_versions(name, knows_totals, monkeypatch):
    consultation = bring(name)
    monkeypatch.setattr(results, "_pages", lambda consultation: {consultation.language: consultation.title})
    always = {"results": Consultation.Results.WHILE_OPEN, "opens_at": timezone.now() - dt.timedelta(days=9)}
    Consultation.objects.filter(pk=consultation.pk).update(**always, closes_at=None)
    watch = Watch(consultation)

    for share in (0.2, 0.5):
        count_the_first(consultation, share)
        assert pin.pin(consultation)
        watch.page()
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now())
    for share in (0.8, 1.0):
        count_the_first(consultation, share)
        results.publish(consultation, None, {}, {consultation.language: "More came on paper."})
        watch.version()

    assert len(watch.days) == 4
    assert watch.recovered(knows_totals=knows_totals) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("demo")
def test_equality_figures_give_none_away_to_officers(demo):
    figures = EqualityFigures.objects.get(consultation=demo)
    told = {number: figures.figures["questions"].get(q.key) for number, q in enumerate(equality.QUESTIONS, 1)}
    tables = {
        n: equality_figures._table(q, equality_figures._counted(demo)) for n, q in enumerate(equality.QUESTIONS, 1)
    }
    asked = [Asked(n, table.alone, tuple(table.counts)) for n, table in tables.items() if told[n]]
    places = {n: {key: place for place, key in enumerate(q.alone)} for n, q in enumerate(equality.QUESTIONS, 1)}
    day = Day(
        figures.figures["answered"],
        figures.answered,
        {q.number: told[q.number]["answered"] for q in asked},
        {q.number: {places[q.number][k]: f for k, f in told[q.number]["options"].items()} for q in asked},
        {n: table.base for n, table in tables.items()},
        {n: table.counts for n, table in tables.items()},
    )

    assert len(asked) > 5
    for knows_totals in (False, True):
        assert system(asked, [day], knows_totals=knows_totals).recovered() == []
