"""What the public sees: rounded figures, frozen, and moved only by ten responses or more.

The fold makes them, so that a reader's request neither counts nor writes.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from consultation import instrument, summary
from consultation.disclosure import Figure, may_publish, rounded, rounded_percent
from consultation.kinds import KINDS, Shape
from consultation.models import Consultation, PinnedResult, State, Theme
from consultation.questionnaire import Question

STEP = 10  # responses between two results that the public can compare


def pin(consultation: Consultation) -> bool:
    """Bring the public figures up to date where the consultation's setting and the step allow it."""
    closed = consultation.state() == State.CLOSED
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
    """{"received", "questions": {number: {"answered", "options": {number: figure}, "withheld"}}}, all rounded."""
    return {
        "received": rounded(exact.received),
        "questions": {str(question.number): _question_figures(question) for question in exact.questions},
    }


def _question_figures(question: summary.QuestionSummary) -> dict[str, Any]:
    """Of those who did not decline; how many did is not published, so that it can't be worked out either."""
    shared_out = KINDS[question.kind].shape != Shape.OPTIONS
    shown = may_publish(question.base, [bar.n for bar in question.bars], shared_out=shared_out)
    return {
        "answered": rounded(question.base),
        "options": {str(bar.number): rounded(bar.n) for bar in question.bars} if shown else {},
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
    answered: Figure
    withheld: bool  # the options are not shown, or they would tell what somebody said
    bars: tuple[PublicBar, ...]


@dataclass(frozen=True)
class PublicSummary:
    """What people told us about a theme in one consultation."""

    consultation: Consultation
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
    open_to_all = set(public.values_list("translation_key", "locale__language_code")) if found else set()
    return [
        _public(result, theme, language)
        for result in found
        if (result.consultation.key, result.consultation.language) in open_to_all
    ]


def may_show(consultation: Consultation) -> bool:
    """Whether the consultation's setting lets the public see figures now."""
    if consultation.results == Consultation.Results.AFTER:
        return consultation.state() == State.CLOSED
    return consultation.results == Consultation.Results.WHILE_OPEN


def _public(result: PinnedResult, theme: Theme, language: str) -> PublicSummary:
    consultation = result.consultation
    catalogue = instrument.catalogue(consultation, language)
    figures = result.figures["questions"]
    numbers = [n for n in catalogue.questions if catalogue.themes[n] == theme.pk and str(n) in figures]
    return PublicSummary(
        consultation,
        result.figures["received"],
        result,
        tuple(_public_question(catalogue.questions[number], figures) for number in numbers),
    )


def _public_question(question: Question, figures: dict[str, Any]) -> PublicQuestion:
    answered: Figure = figures[str(question.number)]["answered"]
    options: dict[str, Figure] = figures[str(question.number)]["options"]
    slots = KINDS[question.kind].slots(question, [int(number) for number in options])
    return PublicQuestion(
        question.wording,
        question.label.language,
        answered,
        figures[str(question.number)]["withheld"],
        tuple(
            PublicBar(slot.label, options[str(slot.number)], rounded_percent(options[str(slot.number)], answered))
            for slot in slots
            if str(slot.number) in options
        ),
    )
