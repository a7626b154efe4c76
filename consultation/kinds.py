"""The kinds of question, one entry each: what a value is, how it is read, counted and laid out in columns.

A value in the ledger is plain JSON (docs/decisions/0003):

    absent  the question was not asked
    None    asked and skipped
    int     the option chosen (single), or the number given
    str     a number with decimals, so that no float rounds it
    list    the options ticked, sorted (multiple)
    True    answered in words, which have a row of their own

Adding a kind: an entry in KINDS, a block in blocks.py, a template in templates/consultation/answering/kinds/.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.text import LONG, SHORT, clean

if TYPE_CHECKING:
    from consultation.questionnaire import Option, Question

Value = None | bool | int | str | list[int]

# What the tally counts beside a question's options, which are numbered from 1.
ASKED = 0
ANSWERED = -1
# Numbers are counted in bins, whose numbers start here, out of the way of the options.
FIRST_BIN = 1

# Roles an option can have.
ORDINARY, EXCLUSIVE, OTHER = "", "exclusive", "other"
ROLES = (ORDINARY, EXCLUSIVE, OTHER)


class Refused(Exception):
    """An answer that can't be accepted; its message tells the citizen what to do instead."""


@dataclass(frozen=True)
class Given:
    """What a form or a file hands in for one question.

    chosen: the raw values of the question's input, in order; words: the raw text beside it (of "other").
    """

    chosen: Sequence[str]
    words: str = ""


@dataclass(frozen=True)
class Accepted:
    """An answer in the ledger's form, with its words by option number (0: the question's own text)."""

    value: Value
    words: dict[int, str]
    removed: bool = False  # unstorable characters were taken out, so the page says so


SKIPPED = Accepted(None, {})


@dataclass(frozen=True)
class Count:
    """One cell's share of one response."""

    option: int
    n: int = 1
    total: int = 0  # in thousandths, so that both databases add exactly


@dataclass(frozen=True)
class Kind:
    """How one kind of question behaves, from the form to the tally."""

    name: str
    accept: Callable[["Question", Given], Accepted]
    counts: Callable[["Question", Value], Iterable[Count]]
    takes_options: bool = False


def _words(text: str, limit: int) -> tuple[str, bool]:
    kept, removed = clean(text)
    if len(kept) > limit:
        over = len(kept) - limit
        raise Refused(
            ngettext(
                "Your answer is %(over)d character too long. Shorten it to %(limit)d characters or fewer.",
                "Your answer is %(over)d characters too long. Shorten it to %(limit)d characters or fewer.",
                over,
            )
            % {"over": over, "limit": limit}
        )
    return kept, removed


def _text(longest: int) -> Callable[["Question", Given], Accepted]:
    def accept(question: "Question", given: Given) -> Accepted:
        text, removed = _words(given.chosen[0] if given.chosen else "", min(question.limit or longest, longest))
        return Accepted(True, {0: text}, removed) if text.strip() else Accepted(None, {}, removed)

    return accept


def _option(question: "Question", raw: str) -> "Option":
    for option in question.options:
        if str(option.number) == raw:
            return option
    raise Refused(_("Choose one of the options on the page."))


def _other_words(question: "Question", chosen: Sequence["Option"], text: str) -> tuple[dict[int, str], bool]:
    """Keep the words beside "other". Without a tick beside them nobody knows what was meant, so that is refused."""
    other = next((option for option in question.options if option.role == OTHER), None)
    if other is None or not text.strip():
        return {}, False
    if other not in chosen:
        raise Refused(
            _("Choose “%(option)s”, since you wrote something beside it, or clear what you wrote.")
            % {"option": other.label.text}
        )
    kept, removed = _words(text, SHORT)
    return ({other.number: kept} if kept.strip() else {}), removed


def _accept_single(question: "Question", given: Given) -> Accepted:
    chosen = [_option(question, raw) for raw in given.chosen if raw != ""]
    if len(chosen) > 1:
        raise Refused(_("Choose one option only."))
    words, removed = _other_words(question, chosen, given.words)
    return Accepted(chosen[0].number if chosen else None, words, removed)


def _accept_multiple(question: "Question", given: Given) -> Accepted:
    options = [_option(question, raw) for raw in dict.fromkeys(given.chosen) if raw != ""]
    exclusive = next((option for option in options if option.role == EXCLUSIVE), None)
    if exclusive and len(options) > 1:
        raise Refused(_("Choose “%(option)s” alone, or choose from the others.") % {"option": exclusive.label.text})
    if question.limit and len(options) > question.limit:
        raise Refused(
            ngettext("Choose no more than %(limit)d option.", "Choose no more than %(limit)d options.", question.limit)
            % {"limit": question.limit}
        )
    words, removed = _other_words(question, options, given.words)
    return Accepted(sorted(option.number for option in options) or None, words, removed)


def parse_number(text: str) -> Decimal:
    """Read a number as people write it: 1500, 1,500, 1 500, 1.5, .5, and 1,5 as in Polish.

    Raises ValueError for anything else, for a billion and more, and for more than three decimals: sums of those could
    leave the tally's integers.
    """
    plain = text.strip()
    if _IN_THOUSANDS.match(plain):
        plain = re.sub(r"[, \u00a0]", "", plain)
    plain = plain.replace(",", ".")
    if not _DECIMAL.match(plain):
        raise ValueError(text)
    number = Decimal(plain)
    if abs(number) >= 10**9 or number * 1000 % 1:
        raise ValueError(text)
    return number


_IN_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([, \u00a0]\d{3})+(\.\d+)?\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})\Z", re.ASCII)


def encode_number(number: Decimal) -> int | str:
    """Give a number its ledger form: an int where it is whole, else its digits."""
    return int(number) if number == number.to_integral_value() else format(number.normalize(), "f")


def _accept_number(question: "Question", given: Given) -> Accepted:
    raw = given.chosen[0] if given.chosen else ""
    if not raw.strip():
        return SKIPPED
    try:
        number = parse_number(raw)
    except ValueError:
        raise Refused(_("Enter a number, like 12.")) from None
    if not question.decimals and number != number.to_integral_value():
        raise Refused(_("Enter a whole number, like 12."))
    if question.minimum is not None and number < question.minimum:
        raise Refused(_("Enter a number that is %(bound)s or more.") % {"bound": question.minimum})
    if question.maximum is not None and number > question.maximum:
        raise Refused(_("Enter a number that is %(bound)s or less.") % {"bound": question.maximum})
    return Accepted(encode_number(number), {})


def _counts_nothing_more(question: "Question", value: Value) -> Iterator[Count]:
    yield Count(ANSWERED)


def _counts_single(question: "Question", value: Value) -> Iterator[Count]:
    yield Count(ANSWERED)
    if isinstance(value, int) and value is not True:
        yield Count(value)


def _counts_multiple(question: "Question", value: Value) -> Iterator[Count]:
    yield Count(ANSWERED)
    if isinstance(value, list):
        yield from (Count(option) for option in value)


def _counts_number(question: "Question", value: Value) -> Iterator[Count]:
    if value is True or not isinstance(value, int | str):  # in words: answered, but no figure
        yield Count(ANSWERED)
        return
    number = Decimal(value)
    yield Count(ANSWERED, 1, int(number * 1000))
    yield Count(FIRST_BIN + sum(1 for edge in question.bins[1:] if number >= edge))


def fixed_bins(minimum: int | None, maximum: int | None) -> list[int]:
    """Return the lower edges of the bins a number question keeps for good, the first one open downwards.

    Between two bounds: up to ten bins of one round width. Otherwise by powers of ten.
    """
    if minimum is None or maximum is None or maximum <= minimum:
        return [-(10**9), 0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
    width = 1
    steps = (2, 5, 10)
    while (maximum - minimum) // width >= 10:
        width = next(
            scale * step // 10
            for scale in (10**power for power in range(1, 14))
            for step in steps
            if scale * step // 10 > width
        )
    return list(range(minimum, maximum, width))


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("short_text", _text(SHORT), _counts_nothing_more),
        Kind("long_text", _text(LONG), _counts_nothing_more),
        Kind("single", _accept_single, _counts_single, takes_options=True),
        Kind("multiple", _accept_multiple, _counts_multiple, takes_options=True),
        Kind("number", _accept_number, _counts_number),
    )
}


def counts(question: "Question", value: Value) -> Iterator[Count]:
    """Say which cells of the tally one asked question of one response adds to."""
    yield Count(ASKED)
    if value is not None:
        yield from KINDS[question.kind].counts(question, value)
