"""Numbers: read as people write them, added up in the tally, and counted in bins."""

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from consultation.kinds.answer import ANSWERED, SKIPPED, Accepted, Count, Given, Kind, Refused, Shape, Slot, Value
from consultation.questionnaire import Question

# Bins are numbered from here in the tally. Nothing else is: a number has no options.
FIRST_BIN = 1


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


def _accept(question: Question, given: Given) -> Accepted:
    raw = given.chosen[0] if given.chosen else ""
    if not raw.strip():
        return SKIPPED
    try:
        number = parse_number(raw)
    except ValueError:
        raise Refused(_("enter a number, like 12.")) from None
    if not question.decimals and number != number.to_integral_value():
        raise Refused(_("enter a whole number, like 12."))
    if question.minimum is not None and number < question.minimum:
        raise Refused(_("enter a number that is %(bound)s or more.") % {"bound": question.minimum})
    if question.maximum is not None and number > question.maximum:
        raise Refused(_("enter a number that is %(bound)s or less.") % {"bound": question.maximum})
    return Accepted(encode_number(number), {})


def _limits(question: Question) -> str:
    bounds = {"low": question.minimum, "high": question.maximum}
    if question.minimum is None:
        return "" if question.maximum is None else _("%(high)s or less.") % bounds
    return (_("%(low)s or more.") if question.maximum is None else _("From %(low)s to %(high)s.")) % bounds


def _counts(question: Question, value: Value) -> Iterator[Count]:
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


def _slots(question: Question, found: Collection[int]) -> list[Slot]:
    return [Slot(FIRST_BIN + place, label) for place, label in enumerate(_bin_labels(question.bins))]


def _bin_labels(edges: tuple[int, ...]) -> Iterator[str]:
    for index, low in enumerate(edges):
        high = edges[index + 1] - 1 if index + 1 < len(edges) else None
        if high is None:
            yield _("%(low)s or more") % {"low": f"{low:,}"}
        elif high == low and index > 0:
            yield f"{low:,}"
        elif index == 0:  # open downwards: the bounds may have been wider since the bins were fixed
            yield _("under %(high)s") % {"high": f"{high + 1:,}"}
        else:
            yield _("%(low)s to under %(high)s") % {"low": f"{low:,}", "high": f"{high + 1:,}"}


def _mean(question: Question, people: Mapping[int, int], total: Decimal) -> Decimal | None:
    given = sum(people.values())
    return total / given if given else None


NUMBER = Kind("number", Shape.NUMBER, _accept, _counts, slots=_slots, mean=_mean, bins=fixed_bins, limits=_limits)
