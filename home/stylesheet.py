"""The one style sheet of a page: the file as it comes, or with what an administrator chose for this site.

A look that was changed has an address of its own, made from the text, so that browsers keep it for good. It is sealed:
an address that was ours once, before the look or the release changed, still gives the style sheet of today.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe
from wagtail.models import Site

from home import design_tokens
from home.design_tokens import Choices
from home.models import SiteLook

NAME = "css/site.css"
YEAR = 31_536_000
LENGTH = 16  # hexadecimal digits of a digest, and of its seal


def address(request: HttpRequest) -> str:
    """Where this site's style sheet is."""
    choices = _choices(request)
    return static(NAME) if choices == Choices() else reverse("stylesheet", args=[version(text(choices))])


@lru_cache(maxsize=64)
def text(choices: Choices) -> str:
    """The whole style sheet."""
    return plain() + design_tokens.css(choices)


@lru_cache(maxsize=1)
def plain() -> str:
    """The style sheet as it comes."""
    found = finders.find(NAME)
    if not isinstance(found, str):
        raise FileNotFoundError(NAME)
    return Path(found).read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def version(sheet: str) -> str:
    """What stands in the address of this text: its digest, and the seal."""
    digest = hashlib.sha256(sheet.encode()).hexdigest()[:LENGTH]
    return f"{digest}-{_seal(digest)}"


def _seal(digest: str) -> str:
    return salted_hmac("home.stylesheet", digest, algorithm="sha256").hexdigest()[:LENGTH]


def _was_ours(asked: str) -> bool:
    digest, _dash, seal = asked.partition("-")
    return constant_time_compare(seal, _seal(digest))


def _choices(request: HttpRequest) -> Choices:
    """What was chosen for the site that is asked: nothing where there is none."""
    return SiteLook.for_request(request).choices if Site.find_for_request(request) else Choices()


def _etag(request: HttpRequest, asked: str) -> str | None:
    return f'"{version(text(_choices(request)))}"' if _was_ours(asked) else None


@require_safe
@gzip_page
@condition(etag_func=_etag)
def show(request: HttpRequest, asked: str) -> HttpResponse:
    """The style sheet of this site: for good under its own address, and under an earlier one as it is today."""
    if not _was_ours(asked):
        raise Http404
    sheet = text(_choices(request))
    is_current = asked == version(sheet)
    page = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    page["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_current else "public, no-cache"
    return page
