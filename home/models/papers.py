"""What there is to read, as start pages, the plan and the working groups list it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from wagtail.models import Page

ASSESSMENTS = ("equality_screening", "rural_needs")  # what the law asks a council to have looked at


@dataclass(frozen=True)
class Paper:
    """Something to read: as a web page first, then as a file."""

    title: str
    kind: str  # of PaperBlock.KINDS
    address: str  # of the web page or video; empty where there is a file alone
    file: Any  # a document of Wagtail's, or None
    language: str  # its code; empty: that of the page which lists it
    language_name: str


def papers(stream: Iterable[Any], *kinds: str) -> list[Paper]:
    """Those of some kinds, in the editor's order. What lost its page and its file is passed over."""
    return papers_of_each([stream], *kinds)[0]


def papers_of_each(streams: Sequence[Iterable[Any]], *kinds: str) -> list[list[Paper]]:
    """The same for several lists, with one query for the pages of all."""
    values = [
        [block.value for block in stream if (block.value.get("kind") or "document") in kinds] for stream in streams
    ]
    here = _pages_in_this_language(value.get("page") for stream in values for value in stream)
    read = [[_paper(value, here) for value in stream] for stream in values]
    return [[paper for paper in stream if paper.address or paper.file] for stream in read]


def _pages_in_this_language(chosen: Iterable[Page | None]) -> dict[uuid.UUID, Page]:
    """A chooser still points at the page that was translated from."""
    keys = {page.translation_key for page in chosen if page is not None}
    live = Page.objects.live().filter(translation_key__in=keys, locale__language_code=get_language())
    return {page.translation_key: page for page in live} if keys else {}


def _paper(value: Any, here: Mapping[uuid.UUID, Page]) -> Paper:
    language = value.get("language") or ""
    page = value.get("page")
    page = here.get(page.translation_key, page) if page is not None else None
    # A page that was taken back is no address.
    address = page.url if page is not None and page.live else None
    return Paper(
        value.get("title") or "",
        value.get("kind") or "document",
        address or value.get("address") or "",
        value.get("document"),
        language,
        str(dict(settings.LANGUAGES).get(language, language)),
    )
