"""The language of a request."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware as DjangosLocaleMiddleware

NOT_TRANSLATED = (
    "/answer/",
    "/paper/",
    "/tell/",
    "/ideas/",
    "/indicators/",
    "/results/",
    "/look/",
    "/account/",
    "/admin/",
    "/documents/",
    "/media/",
    "/static/",
)


class LocaleMiddleware(DjangosLocaleMiddleware):
    """Django's, but what has no language in its address and is not there stays where it is asked for."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Send only pages' addresses to the reader's language."""
        if request.path_info.startswith(NOT_TRANSLATED):
            return response
        return super().process_response(request, response)
