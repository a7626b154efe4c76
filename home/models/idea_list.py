"""What pages say of ideas: by theme in the reader's language, each list in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from consultation import ideas
from consultation.models import Idea, Theme
from home.models.theme_links import ThemeLink, theme_links

UNSURE = "unsure"  # what stands in an address for the ideas of no theme


@dataclass(frozen=True)
class ThemeEntry:
    """A theme with how many ideas of it are shown. Without a link: the ideas of those who were not sure."""

    value: str  # in an address
    link: ThemeLink | None
    number: int
    which: Q


def by_theme(language: str) -> list[ThemeEntry]:
    """Every theme of today, and each other one of which ideas are shown, in order. Three queries.

    Without those whose pages are not for everybody.
    """
    numbers = ideas.numbers()
    themes = list(Theme.objects.filter(Q(retired_at=None) | Q(pk__in=[pk for pk in numbers if pk])))
    links = theme_links(themes, language)
    entries = [
        ThemeEntry(str(theme.pk), links[theme.key], numbers.get(theme.pk, 0), Q(theme=theme))
        for theme in themes
        if theme.key in links
    ]
    return [*entries, ThemeEntry(UNSURE, None, numbers.get(None, 0), ideas.UNSURE)]


def chosen(entries: Iterable[ThemeEntry], value: str) -> ThemeEntry | None:
    """The one that an address names; None where it names none that there is."""
    return next((entry for entry in entries if entry.value == value), None)


def listed(entry: ThemeEntry | None) -> QuerySet[Idea]:
    """The ideas that are shown, of one theme where one is chosen, the newest first."""
    return ideas.shown(entry.which if entry else None)


@dataclass(frozen=True)
class Listed:
    """An idea in a list, with its theme in the reader's language."""

    idea: Idea
    theme: ThemeLink | None


def with_themes(found: Iterable[Idea], entries: Iterable[ThemeEntry]) -> list[Listed]:
    """Put their themes beside these ideas."""
    links = {entry.value: entry.link for entry in entries}
    return [Listed(idea, links.get(str(idea.theme_id))) for idea in found]


def share_address(language: str) -> str:
    """Where an idea is shared."""
    return reverse("sharing:idea", args=[language])
