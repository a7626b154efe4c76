"""What pages list of events: each list in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from consultation.access import is_public
from consultation.models import Theme
from home.models.event import EventPage, EventTheme
from home.models.theme_links import ThemeLink, theme_links


def events(language: str) -> QuerySet[EventPage]:
    """Every event that everybody may read, in that language, or else in the site's own: who could come should know."""
    shown = EventPage.objects.live().filter(is_public(), alias_of=None)
    here = shown.filter(locale__language_code=language, translation_key=OuterRef("translation_key"))
    is_shown = Q(locale__language_code=language) | (Q(locale__language_code=settings.LANGUAGE_CODE) & ~Exists(here))
    found: QuerySet[EventPage] = shown.filter(is_shown).select_related("locale").defer_streamfields()
    return found


def coming(language: str) -> QuerySet[EventPage]:
    """Those that are not over, the next first."""
    return events(language).filter(ends_at__gt=timezone.now()).order_by("begins_at", "pk")


def past(language: str) -> QuerySet[EventPage]:
    """Those that are over, the latest first."""
    return events(language).filter(ends_at__lte=timezone.now()).order_by("-begins_at", "-pk")


@dataclass(frozen=True)
class EventEntry:
    """An event in a list, with its themes."""

    page: EventPage
    language: str
    themes: list[ThemeLink]


def with_themes(pages: Iterable[EventPage], language: str) -> list[EventEntry]:
    """Put their themes beside these events. Two queries."""
    shown = list(pages)
    belongs: defaultdict[int, list[Theme]] = defaultdict(list)
    for row in EventTheme.objects.filter(page__in=shown).select_related("theme") if shown else ():
        belongs[row.page_id].append(row.theme)
    links = theme_links({theme for themes in belongs.values() for theme in themes}, language)
    return [
        EventEntry(
            page, page.locale.language_code, [links[theme.key] for theme in belongs[page.pk] if theme.key in links]
        )
        for page in shown
    ]


def next_event(language: str) -> list[EventEntry]:
    """The next one that takes place, if there is one."""
    return with_themes(coming(language).filter(cancelled=False)[:1], language)


def of_theme(theme: Theme, language: str) -> list[EventEntry]:
    """The coming events of a theme, without saying on each that they are."""
    return _plain(coming(language).filter(pk__in=EventTheme.objects.filter(theme=theme).values("page")))


def of_consultation(key: object, language: str) -> list[EventEntry]:
    """The coming events of the consultation whose pages have that key."""
    return _plain(coming(language).filter(consultation__translation_key=key))


def _plain(pages: QuerySet[EventPage]) -> list[EventEntry]:
    return [EventEntry(page, page.locale.language_code, []) for page in pages[:MOST]]


MOST = 5  # events beside something else; the list has all
