"""What opens somebody's answers or account stands in no log: secrets are masked where an address is written."""

import logging
import re
from typing import Any

from config import request_id

SECRET = re.compile(
    r"((?:/|%2F)(?:return|reset(?:/|%2F)key|tell(?:/|%2F)\d+(?:/|%2F)[\w-]+(?:/|%2F)(?:confirm|stop))(?:/|%2F)"
    r"|[?&](?:code|state)=)[^/%\s\"'?#&]+",
    re.IGNORECASE,
)


# What `clean` takes out beside: what was asked for in an address, e-mail addresses, and what looks like a secret.
QUERY = re.compile(r"(?<=[/\w])\?[^\s\"']+")
E_MAIL = re.compile(r"[^\s/<>\"'(),:;=@]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# What begins a new line somewhere, or moves about on a terminal.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
TOKEN = re.compile(r"(?<![\w-])(?:[0-9a-f]{40,}|(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{22,})(?![\w-])")


def mask(text: str) -> str:
    """The text without the secrets of its addresses."""
    return SECRET.sub(r"\1***", text)


def clean(text: str) -> str:
    """The text as it may leave the machine or be kept for long: no secret, no query, no e-mail address."""
    return TOKEN.sub("***", E_MAIL.sub("***", QUERY.sub("", mask(text))))


def escape(text: str) -> str:
    """The text in one line, with what controls a terminal spelled out: an address can bring both."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class Formatter(logging.Formatter):
    """Masks the finished line, and so what a traceback says, too; puts the request's number in.

    Whoever chooses an address writes no line of their own: a message is one line, those of a traceback are indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Format and mask."""
        record.request_id = request_id.current() or "-"
        return mask(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """The line itself."""
        record.message = escape(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The traceback under it."""
        return "\n".join(f"  {escape(line)}" for line in super().formatException(ei).splitlines())


def mask_record(record: logging.LogRecord) -> bool:
    """For a logger whose handlers are not ours: as a filter that lets everything through."""
    record.msg, record.args = mask(record.getMessage()), None
    return True
