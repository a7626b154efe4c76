"""Small numbers: what of a count may be published (F5 in the product's list of capabilities).

0 stays 0, 1 to 7 becomes a star, the rest goes to the nearest 5. Totals are rounded on their own, never added up from
rounded parts, and percentages are made from rounded figures, so that neither leads back to a small number. Where the
options share out a total, a star can still be worked out from its neighbours: such a table is withheld as a whole.
"""

from collections.abc import Sequence

SMALL = 7  # the largest count that is suppressed
STEP = 5
STAR = "*"

Figure = int | str  # a rounded count, or the star


def rounded(n: int) -> Figure:
    """The published form of a count of people."""
    if n == 0:
        return 0
    if n <= SMALL:
        return STAR
    return STEP * ((2 * n + STEP) // (2 * STEP))


def may_publish(answered: int, counts: Sequence[int], *, shared_out: bool) -> bool:
    """Whether a question's options can be shown, besides how many answered it.

    Not where seven or fewer answered: a star would tell what they said. Not where the options share out the total and
    a reader who knows that total exactly could narrow a star down to fewer than three values.
    """
    if 0 < answered <= SMALL:
        return False
    if not shared_out:
        return True
    total = sum(counts)
    bounds = [_bounds(n) for n in counts]
    lowest, highest = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    for n, (low, high) in zip(counts, bounds, strict=True):
        if 0 < n <= SMALL:
            least = max(low, total - (highest - high))
            most = min(high, total - (lowest - low))
            if most - least < POSSIBLE - 1:
                return False
    return True


POSSIBLE = 3  # values that a star must at least leave open


def _bounds(n: int) -> tuple[int, int]:
    """What a reader knows of a count from its published form."""
    figure = rounded(n)
    if isinstance(figure, str):
        return 1, SMALL
    return (max(figure - 2, SMALL + 1), figure + 2) if figure else (0, 0)


def rounded_percent(part: Figure, base: Figure) -> int | None:
    """A whole per cent of two published figures; None where either is suppressed or there is no base."""
    if isinstance(part, str) or isinstance(base, str) or base == 0:
        return None
    return min(100, round(100 * part / base))
