"""What there is to read before answering, as a start page lists it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

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
    read = [_paper(block.value) for block in stream if (block.value.get("kind") or "document") in kinds]
    return [paper for paper in read if paper.address or paper.file]


def _paper(value: Any) -> Paper:
    language = value.get("language") or ""
    page = value.get("page")
    # A chooser still points at the page that was translated from; a page that was taken back is no address.
    page = page.localized if page is not None else None
    address = page.url if page is not None and page.live else None
    return Paper(
        value.get("title") or "",
        value.get("kind") or "document",
        address or value.get("address") or "",
        value.get("document"),
        language,
        str(dict(settings.LANGUAGES).get(language, language)),
    )
