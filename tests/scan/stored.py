"""What a scanner left behind: whether any page shows its payloads as mark-up, and how many show them as text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.scan.roles import Visit

ALIVE = re.compile(
    r"<(script|img|svg|details|video)[^>]{0,80}(>\s*|on\w+=[\"']?)(alert|prompt|confirm)[(`/]", re.IGNORECASE
)
AS_TEXT = re.compile(r"&lt;script|&lt;/?\w+[^;]{0,80}alert\(", re.IGNORECASE)
MOST = 150  # pages of a role


@dataclass(frozen=True)
class Left:
    """Pages that show a payload alive, and how many show one as the text that it is."""

    alive: tuple[str, ...]
    as_text: int


def left(visit: Visit, pages: Iterable[str]) -> Left:
    """Read the pages once more, signed in as the visit is."""
    alive, as_text = [], 0
    for url in list(pages)[:MOST]:
        text = read(url, visit.cookies)
        if ALIVE.search(text):
            alive.append(url)
        as_text += AS_TEXT.search(text) is not None
    return Left(tuple(alive), as_text)


def read(url: str, cookies: str) -> str:
    """A page's text, or nothing where it does not come."""
    try:
        with urlopen(Request(url, headers={"Cookie": cookies} if cookies else {}), timeout=20) as page:
            text: str = page.read().decode(errors="replace")
            return text
    except (URLError, HTTPException, OSError):
        return ""
