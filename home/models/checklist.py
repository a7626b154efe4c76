"""What a consultation should have before it opens. A gap is a warning: it never keeps anybody from publishing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultation.models import State
from consultation.source import sections
from home.models.life import said
from home.models.papers import ASSESSMENTS, papers
from home.models.settings import SiteLook
from home.models.staleness import TranslationState, states

if TYPE_CHECKING:
    from home.models.consultation import ConsultationPage

SOON = dt.timedelta(days=7)

# By the names that the history keeps, in the order of the list.
POINTS: dict[str, str | Promise] = {
    "questions": gettext_lazy("At least one question"),
    "decision": gettext_lazy("What is being decided, and by whom"),
    "can_change": gettext_lazy("What can still change"),
    "dates": gettext_lazy("When it opens and closes"),
    "short": gettext_lazy("Why it is open for less than twelve weeks"),
    "privacy": gettext_lazy("What happens to what people say about themselves"),
    "contact": gettext_lazy("How to ask for other formats, or answer in another way"),
    "equality_screening": gettext_lazy("The equality screening, among the documents"),
    "rural_needs": gettext_lazy("The rural needs assessment, among the documents"),
    "next_steps": gettext_lazy("What happens next, and when"),
    "languages": gettext_lazy("Every language complete"),
}


@dataclass(frozen=True)
class Point:
    """One line of the list."""

    name: str
    done: bool
    field: str = ""  # where it is edited
    translation: TranslationState | None = None

    @property
    def words(self) -> str:
        """What it is about."""
        if self.translation is None:
            return str(POINTS[self.name])
        if self.translation.is_complete:
            return _("%(language)s is complete") % {"language": self.translation.language}
        return ", ".join(self._left(self.translation))

    def _left(self, state: TranslationState) -> Iterator[str]:
        if state.missing:
            text = ngettext(
                "%(language)s: %(n)d text is not translated",
                "%(language)s: %(n)d texts are not translated",
                state.missing,
            )
            yield text % {"language": state.language, "n": state.missing}
        if state.is_behind:
            yield _("%(language)s: the original was published since") % {"language": state.language}


def points(page: "ConsultationPage") -> list[Point]:
    """The list for a page as it is stored, each point done or missing."""
    return of([page])[page.pk]


def of(pages: Sequence["ConsultationPage"]) -> dict[int, list[Point]]:
    """The lists of several pages, by primary key. As many queries for ten pages and languages as for one."""
    translations: defaultdict[int, list[TranslationState]] = defaultdict(list)
    for state in states(pages):
        translations[state.original.pk].append(state)
    contacts = set(SiteLook.objects.exclude(contact_email="").values_list("site_id", flat=True))
    return {page.pk: list(_points(page, translations[page.pk], contacts)) for page in pages}


def gaps(page: "ConsultationPage") -> list[Point]:
    """What is missing."""
    return [point for point in points(page) if not point.done]


def matters(page: "ConsultationPage") -> bool:
    """Whether people can answer it, or soon can: then a gap is worth a word."""
    state = page.as_record().state()
    soon = state == State.FORTHCOMING and page.opens_at - timezone.now() <= SOON
    return soon or state in (State.OPEN, State.PAUSED)


def _points(
    page: "ConsultationPage", translations: Iterable[TranslationState], contacts: Collection[int]
) -> Iterator[Point]:
    kinds = {paper.kind for paper in papers(page.papers, *ASSESSMENTS)}
    asked = [
        item for section in sections(list(page.questionnaire.raw_data)) for item in section.items if item.questions
    ]
    yield Point("questions", bool(asked), "questionnaire")
    yield Point("decision", _has(page.decision), "decision")
    yield Point("can_change", _has(page.can_change), "can_change")
    yield Point("dates", bool(page.opens_at and page.closes_at), "closes_at")
    if page.is_short:
        yield Point("short", _has(page.short_reason), "short_reason")
    yield Point("privacy", said(page.privacy), "privacy")
    yield Point("contact", said(page.other_ways) or _site(page) in contacts, "other_ways")
    for kind in ASSESSMENTS:
        yield Point(kind, kind in kinds, "papers")
    yield Point("next_steps", _has(page.next_steps), "next_steps")
    for state in translations:
        yield Point("languages", state.is_complete, translation=state)


def _has(text: Any) -> bool:
    return bool(text and text.strip())


def _site(page: "ConsultationPage") -> int | None:
    """The site's primary key; Wagtail keeps the roots of sites in memory."""
    parts = page.get_url_parts()
    return parts[0] if parts else None
