"""What the public sees: rounded figures, frozen, and moved only by ten responses or more.

The fold makes them, so that a reader's request neither counts nor writes.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from consultation import audience, instrument, routing, summary
from consultation.disclosure import Figure, Table, may_publish, rounded, rounded_percent, telling
from consultation.instrument import Catalogue
from consultation.kinds import KINDS
from consultation.models import Consultation, Halt, PinnedResult, Theme
from consultation.questionnaire import Text, assemble

STEP = 10  # responses between two results that the public can compare


def pin(consultation: Consultation) -> bool:
    """Bring the public figures up to date where the consultation's setting and the step allow it."""
    closed = consultation.has_closed()
    if not may_show(consultation):
        return False
    last = PinnedResult.objects.filter(consultation=consultation).first()
    figures = summary.of_consultation(consultation)
    if last is not None and abs(figures.received - last.received) < STEP:
        return False
    if last is None and figures.received < STEP and not closed:
        return False
    PinnedResult.objects.update_or_create(
        consultation=consultation,
        defaults={
            "received": figures.received,
            "cut_off": timezone.now(),
            "figures": _figures(figures),
        },
    )
    return True


def _figures(exact: summary.ConsultationSummary) -> dict[str, Any]:
    """{"received", "questions": {number: {"answered", "options": {number: figure}, "withheld"}}}, all rounded.

    Of those who did not decline; how many did is not published, so that it can't be worked out either.
    """
    tables = {question.number: _table(question) for question in exact.questions}
    versions = exact.consultation.versions.values_list("structure", flat=True)
    untold = telling(tables, [routing.routes(assemble(structure, {})) for structure in versions])
    return {
        "received": rounded(exact.received),
        "questions": {str(n): NOTHING if n in untold else question_figures(table) for n, table in tables.items()},
    }


NOTHING: dict[str, Any] = {"answered": None, "options": {}, "withheld": True}


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

    label: str
    figure: Figure
    percent: int | None


@dataclass(frozen=True)
class PublicQuestion:
    """One question as published."""

    label: str
    language: str
    answered: Figure | None  # None: it is not published either
    asked_of: str  # in words; empty: everybody
    withheld: bool  # the options are not shown, or they would tell what somebody said
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
    public = Page.objects.live().public().filter(translation_key__in=[result.consultation.key for result in found])
    pages = public.values_list("translation_key", "locale__language_code", "title") if found else []
    titles = {(key, spoken): Text(title, spoken) for key, spoken, title in pages}
    return [
        _public(result, theme, language, titles.get((result.consultation.key, language), leading))
        for result in found
        if (leading := titles.get((result.consultation.key, result.consultation.language)))
    ]


def may_show(consultation: Consultation) -> bool:
    """Whether the consultation's setting lets the public see figures now. What was withdrawn shows none."""
    if consultation.halt == Halt.WITHDRAWN:
        return False
    if consultation.results == Consultation.Results.AFTER:
        return consultation.has_closed()
    return consultation.results == Consultation.Results.WHILE_OPEN


def _public(result: PinnedResult, theme: Theme, language: str, title: Text) -> PublicSummary:
    consultation = result.consultation
    catalogue = instrument.catalogue(consultation, language)
    figures = result.figures["questions"]
    numbers = [n for n in catalogue.questions if catalogue.themes[n] == theme.pk and str(n) in figures]
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
        question.wording,
        question.label.language,
        answered,
        audience.by_wording(catalogue.conditions.get(number, ()), catalogue.questions),
        figures[str(question.number)]["withheld"],
        tuple(
            PublicBar(slot.label, options[str(slot.number)], rounded_percent(options[str(slot.number)], answered))
            for slot in slots
            if str(slot.number) in options
        ),
    )
