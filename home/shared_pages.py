"""Which replies the proxy may keep and give to everybody, and for how long: see decision 33.

The proxy keeps nothing that is not marked here, and what is marked has been made for nobody: no cookie, no question, no
form's token, no restriction.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F, Min, Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from wagtail.models import Page

from consultation.models import Consultation
from home.models import EventPage

LIFE = 60  # seconds, where nothing changes before
MARK = "X-Accel-Expires"  # which nginx reads and takes off

# By the names of their addresses. Searching and every form are left out.
SHARED = {
    "wagtail_serve",
    "news_feed",
    "events_calendar",
    "event_calendar",
    "stylesheet",
    "site_map",
    "robots",
    "results:version",
    "results:file",
    "indicators:csv",
}


class SharedPagesMiddleware:
    """Mark what may be kept by the proxies, where there are some; call private what was made for somebody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """It stands outside of all that sets cookies, and sees them."""
        page = self.get_response(request)
        if settings.WAGTAILFRONTENDCACHE and is_for_everybody(request, page):
            mark(page)
        elif is_for_somebody(request, page) and not page.has_header("Cache-Control"):
            add_never_cache_headers(page)
        return page


def is_for_everybody(request: HttpRequest, page: HttpResponseBase) -> bool:
    """Whether anybody who asks for the address gets the same."""
    asked = request.resolver_match.view_name if request.resolver_match else ""
    said = page.get("Cache-Control", "")
    return (
        asked in SHARED
        and page.status_code == 200
        and request.method in ("GET", "HEAD")
        and not request.COOKIES
        and not request.META.get("QUERY_STRING")
        and "HTTP_AUTHORIZATION" not in request.META
        and not is_for_somebody(request, page)
        and "no-store" not in said
        and "private" not in said
        and (asked != "wagtail_serve" or is_open(getattr(page, "context_data", None) or {}))
    )


def is_for_somebody(request: HttpRequest, page: HttpResponseBase) -> bool:
    """Whether a session, or a form's token, is part of it."""
    return bool(page.cookies) or settings.SESSION_COOKIE_NAME in request.COOKIES or "CSRF_COOKIE" in request.META


def is_open(shown: dict[str, Any]) -> bool:
    """Whether what was shown is a page, as it was published, that no restriction keeps anybody from."""
    page, request = shown.get("page"), shown.get("request")
    if not isinstance(page, Page) or not page.live or getattr(request, "is_preview", False):
        return False
    return not page.get_view_restrictions()


def mark(page: HttpResponseBase) -> None:
    """Let it be kept until it may change. Browsers ask each time: they may be signed in by then."""
    try:
        life = seconds_left()
    except DatabaseError:  # the page is there; that is enough
        return
    if life:
        page[MARK] = str(life)
        # It does not vary by the cookie that the request had not.
        vary = [name for name in page.get("Vary", "").split(", ") if name and name.lower() != "cookie"]
        page["Vary"] = ", ".join(vary)
        if not vary:
            del page["Vary"]
    if not page.has_header("Cache-Control"):
        patch_cache_control(page, no_cache=True)


def seconds_left() -> int:
    """Whole seconds in which pages stay as they are, unless somebody publishes something. Two queries."""
    now = timezone.now()
    return min(LIFE, *(int((instant - now).total_seconds()) for instant in _next_instants(now)))


def _next_instants(now: dt.datetime) -> list[dt.datetime]:
    """When by itself the next consultation opens or closes, the next event begins or ends, and the next day comes."""
    found = [
        model.objects.aggregate(begins=_next(begins, now), ends=_next(ends, now))
        for model, begins, ends in ((Consultation, "opens_at", "closes_at"), (EventPage, "begins_at", "ends_at"))
    ]
    tomorrow = timezone.localtime(now).date() + dt.timedelta(days=1)
    midnight = dt.datetime.combine(tomorrow, dt.time.min, timezone.get_default_timezone())
    return [midnight, *(instant for times in found for instant in times.values() if instant)]


def _next(field: str, now: dt.datetime) -> Min:
    return Min(F(field), filter=Q(**{f"{field}__gt": now}))
