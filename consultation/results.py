"""Results that officers publish: a version is frozen with its words and files, and whatever happens later leaves it so.

Its figures are those that the public was shown last, moved on where the step allows it (pin.py): so nothing that is
published, earlier or elsewhere, can be set against it. From the first version on nothing moves without officers.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from consultation import edition, instrument, open_data, pin
from consultation.edition import PublicSummary
from consultation.models import (
    Consultation,
    Halt,
    LifeEvent,
    PinnedResult,
    PublishedResult,
    ResultEdition,
    Watermark,
)
from consultation.package import describing
from consultation.questionnaire import EMPTY, Text

PUBLISH, TAKE_BACK = "consultation.publish_results", "consultation.take_back_results"  # actions of the audit log
JSON = "figures.json"

Texts = Mapping[str, str]  # what an officer wrote, by language


class NotPossible(Exception):
    """The results can't be published, with the reason in words."""


class Moved(Exception):
    """The figures or their words are not those that were looked at."""


@dataclass(frozen=True)
class Prepared:
    """What publishing now would publish."""

    number: int
    pinned: PinnedResult
    summaries: Mapping[str, PublicSummary]  # by language, the leading one first
    moved: bool  # since the version before

    @property
    def languages(self) -> list[str]:
        """In which it would be published."""
        return list(self.summaries)

    @property
    def digest(self) -> str:
        """The same for the same figures in the same words."""
        said = [edition.stored(summary) for summary in self.summaries.values()]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def versions(consultation: Consultation) -> Sequence[PublishedResult]:
    """Every one that was ever published, the newest first."""
    return list(consultation.published_results.order_by("-number"))


def newest(consultation: Consultation) -> PublishedResult | None:
    """The last version that stands, without its figures."""
    rows = consultation.published_results.filter(taken_back_at=None)
    return rows.defer("figures", "bases").order_by("number").last()


def editions() -> Iterator[ResultEdition]:
    """The editions of every consultation's last version that stands, without content. Two queries.

    Whoever lists them looks whether its pages are for everybody.
    """
    standing = PublishedResult.objects.filter(taken_back_at=None).exclude(consultation__halt=Halt.WITHDRAWN)
    last = {row.consultation_id: row for row in standing.select_related("consultation").defer("figures", "bases")}
    results = {row.pk: row for row in last.values()}
    for own in ResultEdition.objects.filter(result__in=results).defer("content", "files").order_by("pk"):
        own.result = results[own.result_id]
        yield own


def why_not(consultation: Consultation) -> str:
    """Why nothing can be published now; empty where it can."""
    if consultation.halt == Halt.WITHDRAWN:
        return _("The consultation was withdrawn, so it shows no figures.")
    if consultation.results == Consultation.Results.NEVER:
        return _("Its page says that the public never sees figures. An editor can change that.")
    if consultation.closes_at and not consultation.has_closed():
        return _("It has not closed yet. Results are published once nobody can answer any more.")
    if not _pages(consultation):
        return _("Its page is not published, or not for everybody, and the results would be no more than that.")
    return ""


def prepare(consultation: Consultation) -> Prepared:
    """What could be published now. Raises NotPossible. Nothing is stored."""
    if reason := why_not(consultation):
        raise NotPossible(reason)
    earlier = versions(consultation)
    last = pin.latest(consultation)
    pinned = pin.following(consultation, last)
    if pinned is None:
        raise NotPossible(_("So few people have answered that there are no figures to publish."))
    summaries = dict(_summaries(consultation, pinned))
    moved = not earlier or pinned is not last or earlier[0].cut_off != pinned.cut_off
    return Prepared(earlier[0].number + 1 if earlier else 1, pinned, summaries, moved)


def _pages(consultation: Consultation) -> dict[str, str]:
    """The titles of its pages that everybody may read, by language: none where the leading one is not among them."""
    public = Page.objects.live().public().filter(translation_key=consultation.key, alias_of=None)
    found = dict(public.values_list("locale__language_code", "title"))
    return found if consultation.language in found else {}


def _summaries(consultation: Consultation, pinned: PinnedResult) -> Iterator[tuple[str, PublicSummary]]:
    titles = _pages(consultation)
    retired = set(consultation.questions.exclude(retired_at=None).values_list("number", flat=True))
    for language in sorted(titles, key=lambda code: (code != consultation.language, code)):
        with translation.override(language):
            whole = pin.worded(pinned, language, Text(titles[language], language))
        asked = instrument.current(consultation, language)
        titled = {q.number: section.title for section in asked.sections for q in section.questions}
        order = {number: place for place, number in enumerate(titled)}
        questions = [
            replace(q, section=titled.get(q.number, EMPTY), retired=q.number in retired or q.number not in titled)
            for q in sorted(whole.questions, key=lambda q: (order.get(q.number, len(order)), q.number))
        ]
        yield language, replace(whole, questions=tuple(questions))


@transaction.atomic
def publish(consultation: Consultation, user: Any, notes: Texts, reasons: Texts, digest: str = "") -> PublishedResult:
    """Freeze what could be published now. Raises NotPossible, and Moved where it is not what `digest` names."""
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    # In a transaction, PostgreSQL gives each statement its own instant; so nothing is folded or changed meanwhile.
    Watermark.objects.select_for_update().filter(consultation=consultation).first()
    found = prepare(consultation)
    if digest and digest != found.digest:
        raise Moved
    if found.number > 1 and not reasons.get(consultation.language, "").strip():
        raise NotPossible(_("Say why there is a new version."))
    found.pinned.save()
    licence, licence_url = settings.OPEN_DATA_LICENCE
    result = PublishedResult.objects.create(
        consultation=consultation,
        number=found.number,
        cut_off=found.pinned.cut_off,
        figures=found.pinned.figures,
        received=found.pinned.received,
        bases=found.pinned.bases,
        licence=licence,
        licence_url=licence_url,
        by=user,
        publisher=user.get_username() if user else "",
    )
    for language, shown in found.summaries.items():
        own = replace(shown, pinned=result)
        ResultEdition.objects.create(
            result=result,
            language=language,
            note=notes.get(language, "").strip(),
            reason=reasons.get(language, "").strip(),
            content=edition.stored(own),
            files=_files(consultation, language, own),
        )
    _note(result, user, LifeEvent.Kind.RESULTS, PUBLISH)
    return result


def _files(consultation: Consultation, language: str, shown: PublicSummary) -> dict[str, str]:
    """The files of an edition, to the letter."""
    with translation.override(language):
        files = {name: b"".join(parts).decode() for name, parts in open_data.made(consultation, language, shown)}
    version = {"version": shown.pinned.number} if isinstance(shown.pinned, PublishedResult) else {}
    content = version | {"cut_off": shown.pinned.cut_off.isoformat(timespec="seconds")} | edition.stored(shown)
    return files | {JSON: b"".join(describing.write(content)).decode()}


@transaction.atomic
def take_back(result: PublishedResult, user: Any, reasons: Texts) -> None:
    """Hide a version for good; its address says why. Raises NotPossible."""
    row = PublishedResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    if not row.stands:
        raise NotPossible(_("This version was taken back before."))
    if not reasons.get(row.consultation.language, "").strip():
        raise NotPossible(_("Say to everybody why it is taken back."))
    row.taken_back_at, row.taken_back_by = timezone.now(), user.get_username() if user else ""
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    for own in row.editions.defer("files", "content"):
        own.taken_back_reason = reasons.get(own.language, "").strip()
        own.save(update_fields=["taken_back_reason"])
    _note(row, user, LifeEvent.Kind.TAKEN_BACK, TAKE_BACK)


def _note(result: PublishedResult, user: Any, kind: LifeEvent.Kind, action: str) -> None:
    """Say it in the consultation's life, and in the history of its leading page."""
    consultation = result.consultation
    LifeEvent.objects.create(consultation=consultation, kind=kind, by=user)
    pages = Page.objects.filter(translation_key=consultation.key, locale__language_code=consultation.language)
    page = pages.filter(alias_of=None).first()
    if page is not None:
        log(page, action, user=user, data={"version": result.number})
