"""The outcomes that everybody can read, with their statements: by theme, and by the action that they led to."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from consultation import basis
from consultation.access import is_public
from consultation.basis import Received
from consultation.models import Consultation, State, Theme
from home.models.consultation import ConsultationPage
from home.models.statement import Statement, shown


@dataclass(frozen=True)
class Outcome:
    """What came of a consultation, with the page that says so to the reader."""

    page: ConsultationPage
    consultation: Consultation
    language: str  # the page's, which is the leading one where no translation tells the outcome
    received: Received | None
    statements: tuple[Statement, ...]


def outcomes(language: str) -> list[Outcome]:
    """Every published outcome, the latest first. Seven queries, however many.

    Only where the leading page is live and for everybody; what was withdrawn has none.
    """
    told = [record for record in Consultation.objects.filter(outcome_on__lte=timezone.localdate()) if _is_told(record)]
    told.sort(key=lambda record: (record.outcome_on, record.pk), reverse=True)
    pages = _pages(told, language)
    found = [
        (record, page, page.locale.language_code) for record in told if (page := pages.get(record.key)) is not None
    ]
    pinned = basis.published(record for record, _page, _spoken in found)
    return [
        Outcome(page, record, spoken, basis.received(pinned.get(record.pk)), statements)
        for (record, page, spoken), statements in zip(found, shown(found, language, pinned), strict=True)
    ]


def of_theme(found: Iterable[Outcome], theme: Theme) -> list[Outcome]:
    """Those with statements that belong to a theme, and these statements alone."""
    own = (replace(o, statements=tuple(s for s in o.statements if s.belongs_to(theme.pk))) for o in found)
    return [outcome for outcome in own if outcome.statements]


def by_action(found: Iterable[Outcome]) -> dict[uuid.UUID, list[Outcome]]:
    """The outcomes that led to an action, by its translation key, each with the statements that name it."""
    led: defaultdict[uuid.UUID, list[Outcome]] = defaultdict(list)
    for outcome in found:
        for key in {action.key for statement in outcome.statements for action in statement.actions}:
            naming = tuple(s for s in outcome.statements if any(action.key == key for action in s.actions))
            led[key].append(replace(outcome, statements=naming))
    return dict(led)


def _is_told(record: Consultation) -> bool:
    return record.state() == State.OUTCOME


def _pages(told: list[Consultation], language: str) -> dict[uuid.UUID, ConsultationPage]:
    """The page of each that tells its outcome: in the reader's language, else the leading one."""
    public = ConsultationPage.objects.live().filter(
        is_public(), translation_key__in=[record.key for record in told], alias_of__isnull=True
    )
    rows = public.select_related("locale").defer("questionnaire", "body", "papers") if told else ()
    pages = {(page.translation_key, page.locale.language_code): page for page in rows}
    found = {}
    for record in told:
        leading = pages.get((record.key, record.language))
        if leading is not None:
            own = pages.get((record.key, language), leading)
            page = own if own.has_outcome else leading
            if page.has_outcome:
                found[record.key] = page
    return found
