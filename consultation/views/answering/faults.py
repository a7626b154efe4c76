"""A database that is away, full or read-only: what was sent goes back with the page, to be sent again."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from config import request_id
from consultation.access import interface

log = logging.getLogger(__name__)

# Away, full, out of connections, locked for too long; a standby that can't write says the second.
FAULTS = (OperationalError, InternalError, InterfaceError)
WRITTEN = ("q", "idea")  # what the fields begin with that people write in
PAUSE = 20  # seconds until trying again makes sense

View = Callable[..., HttpResponse]


def through_faults(view: View) -> View:
    """Answer with 503 and everything that was sent, where the database fails.

    Whether it was stored before the failure does not matter: the key is the same, so it counts once.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, language: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, language=language, **kwargs)
        except (DatabaseError, InterfaceError) as fault:
            if not _is_a_fault(fault):
                raise
            log.exception("a step of answering was put off")
            return _unavailable(request, language)

    return wrapped


def _is_a_fault(fault: Exception) -> bool:
    """Whether the database failed, and not what was asked of it. A server that dies midway is an error of no class."""
    return isinstance(fault, FAULTS) or type(fault) is DatabaseError


def _unavailable(request: HttpRequest, language: str) -> HttpResponse:
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts]
    written = [text for name, text in fields if name.startswith(WRITTEN) and len(text) > 3]
    known = language in dict(settings.LANGUAGES)
    with translation.override(interface(language) if known else settings.LANGUAGE_CODE):
        # Without the request no part of the frame is made, which may need the database.
        context = {"fields": fields, "written": written, "sent": request.method == "POST"}
        context["request_id"] = request_id.current()
        page = render(None, "consultation/answering/unavailable.html", context, status=503)
    page["Retry-After"] = str(PAUSE)
    add_never_cache_headers(page)
    return page
