"""The number of a request, or of a round of tick: in the reply, on pages of faults, and in each line of the log."""

import re
import secrets
from contextvars import ContextVar

HEADER = "X-Request-ID"
# What the proxy may give, and nothing else: 16 to 32 hexadecimal digits, or a UUID.
SHAPE = re.compile(r"(?:[0-9a-f]{16,32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")

_current: ContextVar[str] = ContextVar("request_id", default="")


def begin(given: str = "") -> str:
    """Take the number that came with a request, or make one; it goes for this thread until the next begins.

    It is not taken back when a request ends, so that what goes wrong while a file streams has it, too.
    """
    number = given if SHAPE.match(given) else secrets.token_hex(8)
    _current.set(number)
    return number


def current() -> str:
    """The number of what this thread is doing; empty where nothing began."""
    return _current.get()
