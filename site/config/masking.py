"""What opens somebody's answers or account stands in no log: secrets are masked where an address is written."""

import logging
import re

SECRET = re.compile(
    r"((?:/|%2F)(?:return|reset(?:/|%2F)key|tell(?:/|%2F)\d+(?:/|%2F)[\w-]+(?:/|%2F)(?:confirm|stop))(?:/|%2F)"
    r"|[?&](?:code|state)=)[^/%\s\"'?#&]+",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """The text without the secrets of its addresses."""
    return SECRET.sub(r"\1***", text)


class Formatter(logging.Formatter):
    """Masks the finished line, and so what a traceback says, too."""

    def format(self, record: logging.LogRecord) -> str:
        """Format and mask."""
        return mask(super().format(record))


def mask_record(record: logging.LogRecord) -> bool:
    """For a logger whose handlers are not ours: as a filter that lets everything through."""
    record.msg, record.args = mask(record.getMessage()), None
    return True
