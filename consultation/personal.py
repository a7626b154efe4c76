"""Finds what could tell who wrote a text: e-mail addresses, telephone numbers, postcodes, numbers that people have.

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
    HEALTH = "health"
    BIRTH = "birth"

    @property
    def label(self) -> str:
        """As officers read it."""
        return str(LABELS[self])


LABELS = {
    Sort.EMAIL: _("e-mail address"),
    Sort.TELEPHONE: _("telephone number"),
    Sort.POSTCODE: _("postcode"),
    Sort.INSURANCE: _("National Insurance number"),
    Sort.HEALTH: _("health and care number"),
    Sort.BIRTH: _("date of birth"),
}


@dataclass(frozen=True, order=True)
class Span:
    """Where something was found in a text: from start up to, but without, end."""

    start: int
    end: int
    sort: Sort


# Every repetition has an end, so that a long text is read in a time that grows with its length alone.
GAP = "[ \t\u00a0\u2009\u202f_.()/\u2010-\u2015-]{0,3}"  # between the digits of a number, as people write them
SPACE = "[ \t\u00a0\u2009\u202f-]{0,3}"
NAME = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"  # what stands before the @
HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
PROVIDERS = "gmail|googlemail|hotmail|outlook|yahoo|icloud|live|btinternet|aol|protonmail|proton|msn|sky"
# A date of the calendar with a year, and the number of a planning application, are no telephone numbers.
DATE = r"(?:0?[1-9]|[12][0-9]|3[01])(?P<of>[./-])(?:0?[1-9]|1[0-2])(?P=of)(?:19|20)[0-9]{2}(?![0-9])"
# The areas there are, so that a road and an ordinal ("the A6 2nd exit") are no postcode.
AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX"
    "|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN"
    "|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB"
    "|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
INWARD = "[0-9][ABD-HJLNP-UW-Z]{2}"
EIRCODE = "[AC-FHKNPRTV-Y][0-9][0-9W][ \u00a0-]{0,2}(?=[0-9]{0,3}[A-Z])(?=[A-Z]{0,3}[0-9])[0-9AC-FHKNPRTV-Y]{4}"
PATTERNS = {
    Sort.EMAIL: re.compile(
        rf"(?<![\w.+-])(?:{NAME}[@\uff20]{HOST}"
        rf"|[\w.+-]{{1,64}} @ {HOST}"
        r"|[\w.+-]{1,64} ?[\[({] ?(?:at|@) ?[\])}] ?[\w-]{1,63}(?:(?: ?[\[({] ?dot ?[\])}] ?|\.| dot )[\w-]{1,63}){1,8}"
        r"|[\w.+-]{1,64} at [\w-]{1,63}(?: dot [\w-]{2,63}){1,4}"
        rf"|[\w.+-]{{1,64}} at (?:{PROVIDERS})\.[a-z.]{{2,8}})",
        re.IGNORECASE,
    ),
    # With a country's code 8 to 15 digits; within the United Kingdom and Ireland a nought and 8 to 10 more. A mobile's
    # number may lack its nought, and after a word that asks to ring, the number of the place is enough.
    Sort.TELEPHONE: re.compile(
        rf"(?=[0-9+(OTPRCMW])(?<![0-9+])(?<![0-9][./-])(?<!LA)(?!{DATE})(?:\+{GAP}[1-9](?:{GAP}[0-9]){{7,14}}"
        rf"|00{GAP}[1-9](?:{GAP}[0-9]){{7,14}}"
        rf"|\(?[0](?:{GAP}[0-9]){{8,10}}|(?<![A-Z])O(?:{GAP}[0-9]){{9,10}}"
        rf"|(?:44{SPACE})?7[0-9]{{3}}{SPACE}[0-9]{{3}}{SPACE}[0-9]{{3}}"
        rf"|(?<![A-Z])(?:tel|telephone|phone|ring|call|mobile|mob|text|whatsapp)\b[a-z :.]{{0,16}}"
        rf"[2-9][0-9]{{2,3}}{SPACE}[0-9]{{3,4}}(?!{SPACE}[0-9]))(?![0-9])",
        re.IGNORECASE,
    ),
    Sort.POSTCODE: re.compile(
        rf"(?<![A-Z0-9])(?=[A-Z]{{1,3}}[ \u00a0-]{{0,2}}[0-9])"
        rf"(?:GIR[ \u00a0]{{0,2}}0AA|BT[ \u00a0-]{{0,2}}[0-9]{{1,2}}[ \u00a0-]{{0,3}}{INWARD}"
        rf"|(?:{AREAS})[0-9][A-Z0-9]?[ \u00a0]{{0,2}}(?!(?-i:1st|2nd|3rd|[0-9]th)){INWARD}|{EIRCODE})(?![A-Z0-9])",
        re.IGNORECASE,
    ),
    Sort.INSURANCE: re.compile(
        r"(?<![A-Z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
        r"(?:[ \u00a0./-]{0,2}[0-9]{2}){3}[ \u00a0./-]{0,2}[A-D](?![A-Z0-9])",
        re.IGNORECASE,
    ),
    Sort.HEALTH: re.compile(r"(?<![0-9+])[0-9]{3}[ \u00a0-]?[0-9]{3}[ \u00a0-]?[0-9]{4}(?![0-9])"),
    Sort.BIRTH: re.compile(
        r"(?<![A-Z])(?:born|d\.?o\.?b\.?|date of birth|birthday)\b[a-z :.,]{0,12}"
        r"[0-9]{1,2}(?:st|nd|rd|th)?[ ./-](?:[0-9]{1,2}|[a-z]{3,9})[ ./-](?:19|20)?[0-9]{2}(?![0-9])",
        re.IGNORECASE,
    ),
}


# What a text must have for a pattern to be worth trying: most texts have none of it.
SIX_DIGITS = re.compile("(?:[0-9][^0-9]*){6}")
NEEDS = {
    Sort.EMAIL: re.compile(
        rf"[@\uff20]|[\[({{] ?at ?[\])}}]|\bat [\w-]{{1,63}} dot |\bat (?:{PROVIDERS})\.", re.IGNORECASE
    ),
    Sort.TELEPHONE: SIX_DIGITS,
    Sort.POSTCODE: re.compile("[0-9][A-Z]|[A-Z][0-9]", re.IGNORECASE),
    Sort.INSURANCE: SIX_DIGITS,
    Sort.HEALTH: SIX_DIGITS,
    Sort.BIRTH: re.compile("[0-9]{2}"),
}


def _is_real(sort: Sort, written: str) -> bool:
    """Whether what has the form of something can be it: of ten digits, the last one checks a health and care number."""
    if sort is not Sort.HEALTH:
        return True
    digits = [int(sign) for sign in written if sign.isdecimal()]
    rest = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(set(digits)) > 1 and rest % 11 == digits[9]


RULES = 2  # goes up with each change of the rules, so that what was read by the former ones is read again
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
        if not NEEDS[sort].search(text):
            continue
        for match in pattern.finditer(text):
            if _is_real(sort, match[0]):
                yield Span(match.start(), match.end(), sort)
