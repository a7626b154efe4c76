"""The blank form: rendered once, then handed to everybody who begins, each with a token of their own.

Whether it may be shown is asked of the database each time, in one query; only the frame around it (menu, colours) can
be as old as SECONDS.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from consultation import tokens
from consultation.access import LIVE, RESTRICTED
from consultation.ledger import SQLITE_INSTANT
from consultation.views.answering.visit import COOKIE

SECONDS = 30
MOST = 500  # pages kept in a process
TOKEN = re.compile(rb'(.*name="token" value=")[^"]+(".*)', re.DOTALL)

# Everything that decides what a form says and who may see it. A page that is restricted is left to access.py.
STANDING = (
    f"SELECT c.stamp, c.version_id, p.id, p.title, p.url_path, l.language_code, {RESTRICTED} {LIVE}"
    " AND c.halt = '' AND c.opens_at <= {now} AND (c.closes_at IS NULL OR c.closes_at > {now}) ORDER BY p.path"
)
NOW = {"postgresql": "statement_timestamp()", "sqlite": SQLITE_INSTANT}

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """A page as it was rendered, but for the token."""

    made: float  # by the clock that only goes forward
    before: bytes
    after: bytes
    content_type: str


_kept: dict[Key, Page] = {}


def key(request: HttpRequest, consultation_id: int, language: str, number: int) -> Key | None:
    """What the page depends on; None where it may depend on more: entries, a notice, somebody who is signed in."""
    known = COOKIE in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.method not in ("GET", "HEAD") or known or request.GET:
        return None
    with connection.cursor() as cursor:
        cursor.execute(STANDING.format(now=NOW[connection.vendor]), [consultation_id])
        rows = cursor.fetchall()
    if not rows or any(row[-1] for row in rows):
        return None
    return request.scheme, request.get_host(), consultation_id, language, number, tuple(rows)


def kept(key: Key) -> HttpResponse | None:
    """The page as it was rendered before, with a new token."""
    found = _kept.get(key)
    if found is None or time.monotonic() - found.made > SECONDS:
        return None
    token = tokens.issue(key[2]).encode()
    page = HttpResponse(found.before + token + found.after, content_type=found.content_type)
    add_never_cache_headers(page)
    patch_vary_headers(page, ["Cookie"])
    page["Content-Language"] = key[3]
    return page


def keep(key: Key, page: HttpResponse) -> None:
    """Remember a page that was rendered for this."""
    parts = TOKEN.fullmatch(page.content)
    if page.status_code == 200 and not page.cookies and parts:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = Page(time.monotonic(), parts[1], parts[2], page["Content-Type"])


def forget() -> None:
    """Empty what is kept."""
    _kept.clear()
