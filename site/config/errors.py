"""Error pages do not look for a CSRF token in what was sent: where that can't be read, they would become a fault."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.views import defaults

from config import request_id

View = Callable[..., HttpResponseBase]


def _unread(view: View) -> View:
    """Django's page, with the form left alone; none of these pages has a form of its own."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.csrf_processing_done = True  # type: ignore[attr-defined]  # Django's own mark
        return view(request, *args, **kwargs)

    return page


@_unread
def too_many_requests(request: HttpRequest) -> HttpResponseBase:
    """For django-allauth, which asks for it where signing in is tried too often."""
    return render(request, "account/429.html", status=429)


bad_request = _unread(defaults.bad_request)
permission_denied = _unread(defaults.permission_denied)
page_not_found = _unread(defaults.page_not_found)


@_unread
def server_error(request: HttpRequest) -> HttpResponseBase:
    """Nothing of the frame is made, which may be what failed; the number leads to the line in the log."""
    return HttpResponseServerError(loader.get_template("500.html").render({"request_id": request_id.current()}))
