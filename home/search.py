"""Search: pages of the reader's language that everybody may read, and the documents that these refer to."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import CharField, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex

from consultation.access import is_public
from home.models import HomePage
from home.models.base import Translation

LONGEST = 200  # characters of a question to the search
MOST_WORDS = 12
PAGE_SIZE = 10
MOST_DOCUMENTS = 20


@dataclass(frozen=True)
class Found:
    """A page, with those above it."""

    page: Page
    trail: list[Page]


@dataclass(frozen=True)
class Results:
    """What was found, the best first."""

    all: Any
    is_close: bool = False  # whether it lacks some of the words


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; without JavaScript, and so that search engines leave it alone."""
    query = request.GET.get("q", "").replace("\0", "")[:LONGEST].strip()
    language, asked = str(get_language()), words(query)
    results = pages(language, asked)
    shown = Paginator(results.all, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "asked": query,
        "longest": LONGEST,
        "shown": shown,
        "found": with_trails(shown.object_list),
        "is_close": results.is_close,
        "documents": documents(language, asked).all[:MOST_DOCUMENTS] if shown.number == 1 else [],
        "languages": languages(query),
        "query": urlencode({"q": query}) + "&",
    }
    return render(request, "home/search.html", context)


def words(query: str) -> str:
    """The words of a question, without signs that a database's own language of search has a meaning for."""
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", query[:LONGEST]))
    return " ".join(list(dict.fromkeys(found))[:MOST_WORDS])


def readable(language: str) -> Any:
    """The pages of a language that everybody may read."""
    live = Page.objects.live().filter(is_public(), alias_of=None, depth__gt=1)
    return live.filter(locale__language_code=language)


def pages(language: str, asked: str) -> Results:
    """Those that have the words."""
    # Within an index only some fields can be filtered by, so what is readable is asked beside it.
    among = Page.objects.filter(pk__in=readable(language).values("pk")).defer_streamfields().specific()
    return _best(among, asked)


def documents(language: str, asked: str) -> Results:
    """Documents by their titles, where a page that everybody may read leads to them and their collection is open."""
    referring = readable(language).annotate(key=Cast("pk", CharField())).values("key")
    model = get_document_model()
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(model),
        object_id__in=referring,
    )
    keys = references.annotate(key=Cast("to_object_id", IntegerField())).values("key")
    among = model.objects.filter(pk__in=model.objects.filter(_is_open(), pk__in=keys).values("pk"))
    return _best(among, asked)


def _is_open() -> Q:
    """Whether no restriction of a document's collection, or of one above it, keeps anybody out."""
    path = ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    restrictions = CollectionViewRestriction.objects.alias(inside=path)
    return ~Q(Exists(restrictions.filter(inside__startswith=F("collection__path"))))


def _best(among: Any, asked: str) -> Results:
    """What has all the words; else what has some; else what has words in its title that begin like them."""
    if not asked:
        return Results(among.none())
    for is_close, attempt in enumerate((among.search(asked, operator="and"), among.search(asked, operator="or"))):
        if attempt.count():
            return Results(attempt, bool(is_close))
    return Results(among.autocomplete(asked), is_close=True)


def with_trails(found: Iterable[Page]) -> list[Found]:
    """Put the pages above them beside these. One query."""
    shown = list(found)
    paths = {page.path: [page.path[:end] for end in range(8, len(page.path), Page.steplen)] for page in shown}
    above = Page.objects.live().filter(path__in={path for trail in paths.values() for path in trail})
    known = {page.path: page for page in above} if shown else {}
    return [Found(page, [known[path] for path in paths[page.path] if path in known]) for page in shown]


def languages(query: str) -> list[Translation]:
    """The languages in which one can search."""
    home = HomePage.objects.live().filter(is_public(), alias_of=None, locale__language_code=get_language()).first()
    return home.translations if home else []
