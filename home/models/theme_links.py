"""A theme's number, name and address in a reader's language, for whatever belongs to it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from wagtail.models import Page

from consultation.access import is_public
from consultation.models import Theme


@dataclass(frozen=True)
class ThemeLink:
    """A theme as it is shown beside something else; without an address where it has no page for everybody."""

    number: int
    name: str
    url: str


def theme_links(themes: Iterable[Theme], language: str) -> dict[uuid.UUID, ThemeLink]:
    """The links of these themes by key, in their order. One query.

    A theme has its name from its page in the site's own language: it has none, and no link, where that page is not for
    everybody and there is none in the reader's language.
    """
    wanted = list(themes)
    pages = Page.objects.filter(translation_key__in={theme.key for theme in wanted}).annotate(is_public=is_public())
    found, nameless = {}, set()
    for page in pages.filter(locale__language_code__in={language, settings.LANGUAGE_CODE}).select_related("locale"):
        code = page.locale.language_code
        if code == language and page.live and page.is_public:
            found[page.translation_key] = page
        if code == settings.LANGUAGE_CODE and not page.is_public:
            nameless.add(page.translation_key)
    return {
        theme.key: ThemeLink(
            theme.number,
            found[theme.key].title if theme.key in found else theme.name,
            str(found[theme.key].url or "") if theme.key in found else "",
        )
        for theme in wanted
        if theme.key in found or theme.key not in nameless
    }
