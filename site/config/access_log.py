"""One line in the log for each request: what kind of page, how it ended, how long it took. It names nobody.

With it gunicorn's own access log, which would hold addresses of people and of pages, is not needed.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from config import metrics, probes, request_id
from config.masking import clean

log = logging.getLogger("access")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
WHOLE_SITE = "wagtail_serve"  # the name of the route of every page
LONGEST = 200  # letters of a path


class AccessLogMiddleware:
    """Gives the request its number, too; the outermost, so that nothing is answered without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.figures = metrics.figures()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then note."""
        began = time.perf_counter()
        number = request_id.begin(request.META.get("HTTP_X_REQUEST_ID", ""))
        reply = self.get_response(request)
        reply[request_id.HEADER] = number
        if request.path_info not in probes.PATHS:  # asked for every few seconds
            self._note(request, reply, time.perf_counter() - began)
        return reply

    def _note(self, request: HttpRequest, reply: HttpResponseBase, seconds: float) -> None:
        method = request.method if request.method in METHODS else "other"
        name = route(request)
        if log.isEnabledFor(logging.INFO):
            facts: dict[str, Any] = {"method": method, "route": name}
            if name in ("", WHOLE_SITE):
                facts["path"] = clean(request.path_info)[:LONGEST]
            facts |= {"status": reply.status_code, "ms": round(seconds * 1000, 1)}
            # Of staff alone, and only where the page had to know.
            if request.path_info.startswith("/admin/") and (user := getattr(request, "_cached_user", None)):
                facts["user"] = user.pk
            where = facts.get("path", name)
            log.info("%s %s %d %.1f ms", method, where, reply.status_code, seconds * 1000, extra={"facts": facts})
        if self.figures:
            self.figures.note(str(method), name, reply, seconds)


def route(request: HttpRequest) -> str:
    """What the address is called; empty where none is called so."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else ""
