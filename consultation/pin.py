"""What the public sees: rounded figures, frozen, and moved only in steps (steps.py).

The fold makes them, so that a reader's request neither counts nor writes. Once officers have published a version of the
results, that version is what every page shows, and figures move with the next version alone: results.py.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from wagtail.models import Page

from consultation import audience, edition, instrument, routing, summary
from consultation.disclosure import Figure, Table, may_publish, rounded, rounded_percent, telling
from consultation.edition import PublicBar, PublicQuestion, PublicSummary
from consultation.instrument import Catalogue
from consultation.kinds import KINDS
from consultation.models import (
    Channel,
    Consultation,
    Halt,
    PinnedResult,
    PublishedResult,
    Question,
    Response,
    ResultEdition,
    Theme,
)
from consultation.questionnaire import Condition, Text, assemble
from consultation.steps import Told, may_follow, may_move, moving

Result = PinnedResult | PublishedResult


def pin(consultation: Consultation) -> bool:
    """Bring the public figures up to date where the consultation's setting and the step allow it."""
    if not may_show(consultation) or consultation.published_results.exists():
        return False
    last = latest(consultation)
    found = following(consultation, last)
    if found is None or found is last:
        return False
    with transaction.atomic():
        # Whoever else moves them, or publishes, waits here; what was moved meanwhile is not moved again.
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        if consultation.published_results.exists() or _cut_off(latest(consultation)) != _cut_off(last):
            return False
        found.save()
    return True


def latest(consultation: Consultation) -> PinnedResult | None:
    """The figures that were shown last, or published."""
    return PinnedResult.objects.filter(consultation=consultation).first()


def _cut_off(result: PinnedResult | None) -> dt.datetime | None:
    return result.cut_off if result else None


def following(consultation: Consultation, last: PinnedResult | None) -> PinnedResult | None:
    """The figures that could be shown next, not saved; those shown last where they can't move; None without any."""
    closed, cut_off = consultation.has_closed(), timezone.now()
    versions = list(consultation.published_results.order_by("number"))
    earlier: list[Result] = [*versions, *([last] if last else [])]
    exact = summary.of_consultation(consultation)
    before: list[int | None] = [result.received for result in earlier]
    if not all(may_move(exact.received, people, at_the_end=closed) for people in before or [None]):
        return last
    figures = _figures(exact, last, earlier, closed)
    return PinnedResult(consultation=consultation, received=exact.received, cut_off=cut_off, **figures)


def _figures(
    exact: summary.ConsultationSummary, last: PinnedResult | None, earlier: Sequence[Result], closed: bool
) -> dict[str, Any]:
    """figures: {"received", "channels", "questions": {number: {"answered", "options": {number: figure}, "withheld"}}}.

    All of them rounded. How many came on which way is told when it has closed.

    Of those who did not decline; how many did is not published, so that it can't be worked out either.
    bases: how many people stand behind what was last told of each question. What was not told has no step to keep to.
    """
    tables = {question.number: _table(question) for question in exact.questions}
    versions = exact.consultation.versions.values_list("structure", flat=True)
    routes = [routing.routes(assemble(structure, {})) for structure in versions]
    before, bases = (last.figures["questions"], last.bases) if last else ({}, {})
    told = [told for result in earlier for told in _told(result).items()]
    questions, bases = questions_told(tables, routes, before, bases, told, at_the_end=closed)
    channels = _channels(exact.consultation, earlier) if closed else {}
    return {
        "figures": {"received": rounded(exact.received), "channels": channels, "questions": questions},
        "bases": bases,
    }


def questions_told(
    tables: Mapping[int, Table],
    routes: Sequence[Mapping[int, frozenset[Condition]]],
    before: Mapping[str, Any],
    bases: Mapping[str, int],
    earlier: Iterable[tuple[str, Told]],
    *,
    at_the_end: bool,
) -> tuple[dict[str, Any], dict[str, int]]:
    """What is told of each question now, and the people behind it.

    before, bases: what was told last. earlier: all that was told and that somebody may have kept.
    """
    people = {n: table.base for n, table in tables.items()}
    stuck = {int(n) for n, told in earlier if int(n) in tables and not may_follow(told, tables[int(n)])}
    known = {int(n): base for n, base in bases.items()}
    moved = moving(people, known, routes, at_the_end=at_the_end, stuck=stuck)
    told = moved - telling(tables, routes)
    questions = {str(n): NOTHING if n in moved else before.get(str(n), FEW) for n in tables}
    found = questions | {str(n): question_figures(tables[n]) for n in told}
    return found, dict(bases) | {str(n): people[n] for n in told}


def _told(result: Result) -> dict[str, Told]:
    """What was told of each question, with the people behind it."""
    questions = result.figures["questions"]
    return {
        n: Told(base, {int(option): figure for option, figure in questions[n]["options"].items()})
        for n, base in result.bases.items()
        if n in questions
    }


def _channels(consultation: Consultation, earlier: Sequence[Result]) -> dict[str, Figure]:
    """How many came on each way, unless that would tell of a small number, by itself or beside what was told before."""
    counted = Response.objects.filter(consultation=consultation, state=Response.State.COUNTED).order_by()
    counts = dict(counted.values_list("channel").annotate(n=Count("*")))
    places = {channel: place for place, channel in enumerate(Channel.values)}
    numbered = {places[channel]: n for channel, n in counts.items()}
    table = Table(sum(counts.values()), numbered, frozenset(places.values()))
    before = [(result.received, result.figures.get("channels", {})) for result in earlier]
    told = [Told(base, {places[channel]: figure for channel, figure in own.items()}) for base, own in before if own]
    fit = may_publish(table) and all(may_follow(one, table) for one in told)
    return {channel: rounded(n) for channel, n in counts.items()} if fit else {}


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


def of_theme(theme: Theme, language: str) -> list[PublicSummary]:
    """The published figures of a theme, consultation by consultation, the newest first.

    A consultation whose leading page is not live, or not for everybody, shows nothing.
    """
    asked: dict[int, list[int]] = {}
    consultations: dict[int, Consultation] = {}
    for question in Question.objects.filter(theme=theme).select_related("consultation"):
        asked.setdefault(question.consultation_id, []).append(question.number)
        consultations.setdefault(question.consultation_id, question.consultation)
    found = shown(consultations.values()).values()
    newest = sorted(found, key=lambda result: result.consultation.opens_at, reverse=True)
    told = _worded(newest, language)
    own = (summary.of(asked[summary.pinned.consultation_id]) for summary in told)
    return [summary for summary in own if summary.questions or not summary.is_published]


def of_consultation(consultation: Consultation, language: str) -> PublicSummary | None:
    """The published figures of a consultation: its last version; without one, what the pages of all its themes show.

    None where they show none.
    """
    found = next(iter(_worded(list(shown([consultation]).values()), language)), None)
    if found is None or found.is_published:
        return found
    themed = consultation.questions.exclude(theme=None).values_list("number", flat=True)
    return found.of(set(themed))


def shown(consultations: Iterable[Consultation]) -> dict[int, Result]:
    """What everybody may see of these now, by primary key: the last version that stands, or else what moves in steps.

    Where every version was taken back there is nothing, until the next one. Two queries.
    """
    known = {consultation.pk: consultation for consultation in consultations if consultation.halt != Halt.WITHDRAWN}
    found: dict[int, Result] = {}
    if not known:
        return found
    versions = PublishedResult.objects.filter(consultation__in=known).order_by("number")
    for version in versions.defer("bases"):
        found.setdefault(version.consultation_id, version)
        if version.stands:
            found[version.consultation_id] = version
    moving_on = [pk for pk, consultation in known.items() if pk not in found and may_show(consultation)]
    if moving_on:
        found |= PinnedResult.objects.in_bulk(moving_on)
    found = {pk: result for pk, result in found.items() if isinstance(result, PinnedResult) or result.stands}
    for pk, result in found.items():
        result.consultation = known[pk]
    return found


def _worded(found: Sequence[Result], language: str) -> list[PublicSummary]:
    """Figures in words: those of a published version in its own, those that move in today's.

    What has no leading page for everybody is left out.
    """
    titles = _titles(found)
    public = [result for result in found if (result.consultation.key, result.consultation.language) in titles]
    editions = _editions([result for result in public if isinstance(result, PublishedResult)], language)
    return [
        edition.read(editions[result.pk].content, result)
        if isinstance(result, PublishedResult)
        else worded(result, language, _title(titles, result.consultation, language))
        for result in public
    ]


def _title(titles: Mapping[tuple[UUID, str], Text], consultation: Consultation, language: str) -> Text:
    return titles.get((consultation.key, language), titles[consultation.key, consultation.language])


def _editions(versions: Sequence[PublishedResult], language: str) -> dict[int, ResultEdition]:
    """Each version's edition in a language, or in the leading one."""
    spoken = {version.pk: (version.consultation.language, language) for version in versions}
    rows = ResultEdition.objects.filter(result__in=spoken).defer("files") if spoken else ()
    found = {(row.result_id, row.language): row for row in rows}
    return {pk: found.get((pk, own), found[pk, leading]) for pk, (leading, own) in spoken.items()}


def _titles(found: Sequence[Result]) -> dict[tuple[UUID, str], Text]:
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


def worded(result: PinnedResult, language: str, title: Text) -> PublicSummary:
    """Figures in today's words of a language."""
    consultation = result.consultation
    catalogue = instrument.catalogue(consultation, language)
    figures = result.figures["questions"]
    numbers = [n for n in catalogue.questions if str(n) in figures]
    return PublicSummary(
        title,
        result.figures["received"],
        result,
        tuple(_public_question(number, catalogue, figures) for number in numbers),
        tuple(result.figures.get("channels", {}).items()),
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
