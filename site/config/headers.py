"""What every answer says beside its content policy: Django's SecurityMiddleware says the rest."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Nothing of this site asks for any of them, so nothing that got into a page could.
REFUSED = ("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope")
REFUSED += ("magnetometer", "microphone", "midi", "payment", "usb")
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in REFUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Put them on, unless a view chose its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """On static files, too."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
