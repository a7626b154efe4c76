"""Ask the server's entry as gunicorn does, with any bytes at any place, and remember what broke."""

import io
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import unquote_to_bytes

from django.core import signals
from django.core.signals import got_request_exception
from django.db import close_old_connections


class Body(io.BytesIO):
    """What was sent, as gunicorn hands it on: whoever asks for more than there is gets what there is."""

    def read(self, size: int | None = -1) -> bytes:
        """As many bytes, whatever the number."""
        return super().read(-1 if size is None else min(size, sys.maxsize))

    def readline(self, size: int | None = -1) -> bytes:
        """A line of as many bytes at most."""
        return super().readline(-1 if size is None else min(size, sys.maxsize))


@dataclass(frozen=True)
class Asked:
    """A request, to the byte. A body without a type is no form."""

    method: str
    path: bytes  # percent-encoded, as it stands in the request's first line
    query: bytes = b""
    body: bytes = b""
    content_type: bytes = b""
    headers: Mapping[str, bytes] = field(default_factory=dict)

    def environ(self, cookies: bytes) -> dict[str, object]:
        """What a server makes of it: bytes are handed over as Latin-1."""
        found = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(self.path).decode("latin-1"),
            "QUERY_STRING": self.query.decode("latin-1"),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(self.body)),
            "CONTENT_TYPE": self.content_type.decode("latin-1"),
            "HTTP_COOKIE": cookies.decode("latin-1"),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": Body(self.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        return found | {name: value.decode("latin-1") for name, value in self.headers.items()}


@dataclass(frozen=True)
class Got:
    """What came back, and the traceback where the site broke."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    fault: str

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()


class Browser:
    """Keeps the site's cookies as it gets them, and counts what it asks."""

    asked = 0  # by all of them

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(self, asked: Asked, junk: bytes = b"") -> Got:
        """Send a request with the cookies, and junk after them; 500 and what else is a fault of ours fails."""
        got = answered(asked, b"; ".join(filter(None, [self._own(), junk])))
        Browser.asked += 1
        assert got.status < 500, f"{got.status} to {shown(asked)} with {junk[:200]!r}\n{got.fault}"
        self._remember(got)
        return got

    def _own(self) -> bytes:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items()).encode()

    def _remember(self, got: Got) -> None:
        for cookie in SimpleCookie(got.headers.get("Set-Cookie", "")).values():
            if cookie.value and cookie["max-age"] != 0:
                self.cookies[cookie.key] = cookie.value
            else:
                self.cookies.pop(cookie.key, None)


def answered(asked: Asked, cookies: bytes) -> Got:
    """Ask once."""
    faults: list[str] = []
    heads: list[tuple[str, list[tuple[str, str]]]] = []

    def note(**_signal: object) -> None:
        faults.append(traceback.format_exc())

    got_request_exception.connect(note)
    signals.request_started.disconnect(close_old_connections)  # the test's transaction is around the request
    signals.request_finished.disconnect(close_old_connections)
    try:
        from config.wsgi import application  # which looks at the database, so not before a test may

        page = application(asked.environ(cookies), lambda status, headers, *_error: heads.append((status, headers)))
        body = read(page)
    finally:
        got_request_exception.disconnect(note)
        signals.request_started.connect(close_old_connections)
        signals.request_finished.connect(close_old_connections)
    status, headers = heads[-1]
    return Got(int(status.split()[0]), dict(headers), body, "\n".join(faults))


def read(page: Iterable[bytes]) -> bytes:
    """All of a page, closed as a server closes it."""
    try:
        return b"".join(page)
    finally:
        close = getattr(page, "close", None)
        if close:
            close()


def shown(asked: Asked) -> str:
    """A request, short enough for a message."""
    parts = [asked.path, b"?" + asked.query, asked.content_type, asked.body]
    return f"{asked.method} " + " ".join(repr(part[:600]) for part in parts) + f" {dict(asked.headers)}"
