"""A theme's number, name and address in a reader's language, for whatever belongs to it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page

from consultation.models import Theme


@dataclass(frozen=True)
class ThemeLink:
    """A theme as it is shown beside something else; without an address where its page is not live."""

    number: int
    name: str
    url: str


def theme_links(themes: Iterable[Theme], language: str) -> dict[uuid.UUID, ThemeLink]:
    """The links of these themes by key, in their order. One query."""
    wanted = list(themes)
    pages = Page.objects.live().filter(
        translation_key__in={theme.key for theme in wanted}, locale__language_code=language
    )
    found = {page.translation_key: page for page in (pages if wanted else ())}
    return {
        theme.key: ThemeLink(
            theme.number,
            found[theme.key].title if theme.key in found else theme.name,
            str(found[theme.key].url or "") if theme.key in found else "",
        )
        for theme in wanted
    }
