"""Small numbers: what of a count may be published (F5 in the product's list of capabilities).

0 stays 0, 1 to 7 becomes a star, the rest goes to the nearest 5. Totals are rounded on their own, never added up from
rounded parts, and percentages are made from rounded figures, so that neither leads back to a small number.
"""

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


def rounded_percent(part: Figure, base: Figure) -> int | None:
    """A whole per cent of two published figures; None where either is suppressed or there is no base."""
    if isinstance(part, str) or isinstance(base, str) or base == 0:
        return None
    return min(100, round(100 * part / base))
