"""Finds what could tell who wrote a text: e-mail addresses, telephone numbers, postcodes, National Insurance numbers.

It suggests, and misses much: no name and no address in words is found. A person decides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _


class Sort(Enum):
    """What was found."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    POSTCODE = "postcode"
    INSURANCE = "insurance"

    @property
    def label(self) -> str:
        """As officers read it."""
        return str(LABELS[self])


LABELS = {
    Sort.EMAIL: _("e-mail address"),
    Sort.TELEPHONE: _("telephone number"),
    Sort.POSTCODE: _("postcode"),
    Sort.INSURANCE: _("National Insurance number"),
}


@dataclass(frozen=True, order=True)
class Span:
    """Where something was found in a text: from start up to, but without, end."""

    start: int
    end: int
    sort: Sort


# Every repetition has an end, so that a long text is read in a time that grows with its length alone.
GAP = "[ \t\u00a0\u2009\u202f.()/\u2010-\u2015-]{0,3}"  # between the digits of a number, as people write them
PATTERNS = {
    Sort.EMAIL: re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    # With a country's code 8 to 15 digits; within the United Kingdom and Ireland a nought and 8 to 10 more.
    Sort.TELEPHONE: re.compile(
        rf"(?<![0-9+])(?:\+{GAP}[1-9](?:{GAP}[0-9]){{7,14}}|00{GAP}[1-9](?:{GAP}[0-9]){{7,14}}"
        rf"|\(?0(?:{GAP}[0-9]){{8,10}})(?![0-9])"
    ),
    Sort.POSTCODE: re.compile(
        r"(?<![A-Z0-9])(?:GIR[ \u00a0]{0,2}0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[ \u00a0]{0,2}[0-9][A-Z]{2})(?![A-Z0-9])",
        re.IGNORECASE,
    ),
    Sort.INSURANCE: re.compile(
        r"(?<![A-Z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
        r"(?:[ \u00a0-]{0,2}[0-9]{2}){3}[ \u00a0-]{0,2}[A-D](?![A-Z0-9])",
        re.IGNORECASE,
    ),
}


ROUNDS = 20


def find(text: str) -> list[Span]:
    """What was found, in order. What overlaps is one, of the sort that begins first.

    What stood in the way of something else may be found itself, so it is looked for until there is nothing more.
    """
    found: list[Span] = []
    rest = text
    for _round in range(ROUNDS):
        more = _merged(_all(rest))
        if not more:
            break
        found = _merged([*found, *more])
        for span in more:
            rest = rest[: span.start] + "\n" * (span.end - span.start) + rest[span.end :]
    return found


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end), found[-1].sort)
        else:
            found.append(span)
    return found


def _all(text: str) -> Iterator[Span]:
    for sort, pattern in PATTERNS.items():
        yield from (Span(match.start(), match.end(), sort) for match in pattern.finditer(text))
