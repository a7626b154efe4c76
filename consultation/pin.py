"""What the public sees: rounded figures, frozen, and moved only in steps (steps.py).

The fold makes them, so that a reader's request neither counts nor writes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from wagtail.models import Page

from consultation import audience, instrument, routing, summary
from consultation.disclosure import Figure, Table, may_publish, rounded, rounded_percent, telling
from consultation.instrument import Catalogue
from consultation.kinds import KINDS
from consultation.models import Consultation, Halt, PinnedResult, Response, Theme
from consultation.questionnaire import Text, assemble
from consultation.steps import may_move, moving


def pin(consultation: Consultation) -> bool:
    """Bring the public figures up to date where the consultation's setting and the step allow it."""
    closed = consultation.has_closed()
    if not may_show(consultation):
        return False
    last = PinnedResult.objects.filter(consultation=consultation).first()
    exact = summary.of_consultation(consultation)
    if not may_move(exact.received, last.received if last else None, at_the_end=closed):
        return False
    PinnedResult.objects.update_or_create(
        consultation=consultation,
        defaults={"received": exact.received, "cut_off": timezone.now(), **_figures(exact, last, closed)},
    )
    return True


def _figures(exact: summary.ConsultationSummary, last: PinnedResult | None, closed: bool) -> dict[str, Any]:
    """figures: {"received", "channels", "questions": {number: {"answered", "options": {number: figure}, "withheld"}}}.

    All of them rounded. How many came on which way is told when it has closed.

    Of those who did not decline; how many did is not published, so that it can't be worked out either.
    bases: how many people stand behind what was last told of each question. What was not told has no step to keep to.
    """
    tables = {question.number: _table(question) for question in exact.questions}
    versions = exact.consultation.versions.values_list("structure", flat=True)
    routes = [routing.routes(assemble(structure, {})) for structure in versions]
    before, bases = (last.figures["questions"], last.bases) if last else ({}, {})
    people = {n: table.base for n, table in tables.items()}
    moved = moving(people, {int(n): base for n, base in bases.items()}, routes, at_the_end=closed)
    told = moved - telling(tables, routes)
    questions = {str(n): NOTHING if n in moved else before.get(str(n), FEW) for n in tables}
    return {
        "figures": {
            "received": rounded(exact.received),
            "channels": _channels(exact.consultation) if closed else {},
            "questions": questions | {str(n): question_figures(tables[n]) for n in told},
        },
        "bases": bases | {str(n): people[n] for n in told},
    }


def _channels(consultation: Consultation) -> dict[str, Figure]:
    """How many came on each way, unless that would tell of a small number."""
    counted = Response.objects.filter(consultation=consultation, state=Response.State.COUNTED).order_by()
    counts = dict(counted.values_list("channel").annotate(n=Count("*")))
    table = Table(sum(counts.values()), dict(enumerate(counts.values())), frozenset(range(len(counts))))
    return {channel: rounded(n) for channel, n in counts.items()} if may_publish(table) else {}


NOTHING: dict[str, Any] = {"answered": None, "options": {}, "withheld": True}
FEW = NOTHING | {"few": True}


def _table(question: summary.QuestionSummary) -> Table:
    return Table(
        question.base,
        {bar.number: bar.n for bar in question.bars},
        frozenset(bar.number for bar in question.bars if bar.alone),
        question.declined or 0,
    )


def question_figures(table: Table) -> dict[str, Any]:
    """A question as it may be shown."""
    shown = may_publish(table)
    return {
        "answered": rounded(table.base),
        "options": {str(option): rounded(n) for option, n in table.counts.items()} if shown else {},
        "withheld": not shown,
    }


@dataclass(frozen=True)
class PublicBar:
    """One option as published."""

    number: int  # of its cell in the tally
    label: str
    figure: Figure
    percent: int | None


@dataclass(frozen=True)
class PublicQuestion:
    """One question as published."""

    number: int
    label: str
    language: str
    answered: Figure | None  # None: it is not published either
    asked_of: str  # in words; empty: everybody
    withheld: bool  # the options are not shown, or they would tell what somebody said
    few: bool  # nor how many answered, because so few did
    bars: tuple[PublicBar, ...]


@dataclass(frozen=True)
class PublicSummary:
    """What people told us about a theme in one consultation."""

    title: Text
    received: Figure
    pinned: PinnedResult
    questions: tuple[PublicQuestion, ...]


def of_theme(theme: Theme, language: str) -> list[PublicSummary]:
    """The published figures of a theme, consultation by consultation, the newest first.

    A consultation whose leading page is not live, or not for everybody, shows nothing.
    """
    pinned = (
        PinnedResult.objects.filter(consultation__questions__theme=theme)
        .exclude(consultation__results=Consultation.Results.NEVER)
        .select_related("consultation")
        .distinct()
        .order_by("-consultation__opens_at")
    )
    found = [result for result in pinned if may_show(result.consultation)]
    titles = _titles(found)
    return [
        _public(result, (theme.pk,), language, titles.get((result.consultation.key, language), leading))
        for result in found
        if (leading := titles.get((result.consultation.key, result.consultation.language)))
    ]


def of_consultation(consultation: Consultation, language: str) -> PublicSummary | None:
    """The published figures of a consultation: what the pages of all its themes show, or None where they show none."""
    if not may_show(consultation):
        return None
    result = PinnedResult.objects.filter(consultation=consultation).select_related("consultation").first()
    titles = _titles([result]) if result else {}
    leading = titles.get((consultation.key, consultation.language))
    if result is None or leading is None:
        return None
    themes = consultation.questions.exclude(theme=None).values_list("theme", flat=True)
    return _public(result, list(themes), language, titles.get((consultation.key, language), leading))


def _titles(found: Sequence[PinnedResult]) -> dict[tuple[UUID, str], Text]:
    """The titles of the pages that are live and for everybody, by consultation and language."""
    public = Page.objects.live().public().filter(translation_key__in=[result.consultation.key for result in found])
    pages = public.values_list("translation_key", "locale__language_code", "title") if found else []
    return {(key, spoken): Text(title, spoken) for key, spoken, title in pages}


def may_show(consultation: Consultation) -> bool:
    """Whether the consultation's setting lets the public see figures now. What was withdrawn shows none."""
    if consultation.halt == Halt.WITHDRAWN:
        return False
    if consultation.results == Consultation.Results.AFTER:
        return consultation.has_closed()
    return consultation.results == Consultation.Results.WHILE_OPEN


def _public(result: PinnedResult, themes: Collection[int | None], language: str, title: Text) -> PublicSummary:
    consultation = result.consultation
    catalogue = instrument.catalogue(consultation, language)
    figures = result.figures["questions"]
    numbers = [n for n in catalogue.questions if catalogue.themes[n] in themes and str(n) in figures]
    return PublicSummary(
        title,
        result.figures["received"],
        result,
        tuple(_public_question(number, catalogue, figures) for number in numbers),
    )


def _public_question(number: int, catalogue: Catalogue, figures: dict[str, Any]) -> PublicQuestion:
    question = catalogue.questions[number]
    answered: Figure | None = figures[str(question.number)]["answered"]
    options: dict[str, Figure] = figures[str(question.number)]["options"]
    slots = KINDS[question.kind].slots(question, [int(number) for number in options])
    return PublicQuestion(
        question.number,
        question.wording,
        question.label.language,
        answered,
        audience.by_wording(catalogue.conditions.get(number, ()), catalogue.questions),
        figures[str(question.number)]["withheld"],
        "few" in figures[str(question.number)],
        tuple(
            PublicBar(
                slot.number, slot.label, options[str(slot.number)], rounded_percent(options[str(slot.number)], answered)
            )
            for slot in slots
            if str(slot.number) in options
        ),
    )
