"""A session key of a wrong shape never reaches the database: an escaped NUL in it would be a 500 on every page."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

SESSION_KEY = re.compile(r"[a-z0-9]{8,40}\Z")


class SessionKeyShapeMiddleware:
    """Give a request with a misshapen session cookie a fresh, empty session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Replace the session before anything asks the store."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key is not None and not SESSION_KEY.match(key):
            request.session = type(request.session)()
        return self.get_response(request)
