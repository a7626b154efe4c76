"""Small numbers: what of a count may be published (F5 in the product's list of capabilities).

0 stays 0, 1 to 7 becomes a star, the rest goes to the nearest 5. Totals are rounded on their own, never added up from
rounded parts, and percentages are made from rounded figures, so that neither leads back to a small number. A star can
still be worked out from its neighbours and the total: such a table is withheld as a whole. And how many answered a
routed question is a sum of options of another: where that would tell of a star, nothing of it is published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultation.questionnaire import Condition

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


@dataclass(frozen=True)
class Table:
    """A question's exact counts, by option. alone: options that nobody can choose with others."""

    base: int  # who answered and did not decline
    counts: Mapping[int, int]
    alone: frozenset[int]
    declined: int = 0

    @property
    def has_star(self) -> bool:
        """Whether a small number is among them, published or not."""
        return any(0 < n <= SMALL for n in (*self.counts.values(), self.declined))


def may_publish(table: Table) -> bool:
    """Whether a question's options can be shown, besides how many answered it.

    Not where seven or fewer answered: a star would tell what they said. Not where a reader who knows the total exactly
    could narrow a star down to fewer than three values.
    """
    if 0 < table.base <= SMALL:
        return False
    small = (option for option, n in table.counts.items() if 0 < n <= SMALL)
    return all(_left_open(table, option) >= POSSIBLE for option in small)


POSSIBLE = 3  # values that a star must at least leave open


def _left_open(table: Table, star: int) -> int:
    """How many values of a star such a reader could still believe in.

    Everybody who answered chose one option alone, or one or more of the others: of those, so many people as the most
    frequent one has at least, and as all have together at most.
    """
    total = sum(table.counts.values()) if table.alone >= table.counts.keys() else table.base
    known = {option: bounds(rounded(n)) for option, n in table.counts.items()}
    least, most = known.pop(star)
    alone = [bounds for option, bounds in known.items() if option in table.alone]
    shared = [bounds for option, bounds in known.items() if option not in table.alone]
    fewest = max((low for low, _high in shared), default=0) if star in table.alone else 0
    lowest = total - sum(high for _low, high in [*alone, *shared])
    highest = total - sum(low for low, _high in alone) - fewest
    return min(most, highest) - max(least, lowest) + 1


def bounds(figure: Figure) -> tuple[int, int]:
    """What a reader knows of a count from its published form."""
    if isinstance(figure, str):
        return 1, SMALL
    return (max(figure - 2, SMALL + 1), figure + 2) if figure else (0, 0)


def telling(tables: Mapping[int, Table], routes: Iterable[Mapping[int, frozenset[Condition]]]) -> set[int]:
    """The routed questions of which nothing is published, as who answered them tells of another question's answers.

    routes: the conditions of each question, version by version. Who meets a condition is counted at its options. Their
    sum, or the one option's count said a second time, can be set against each figure of that question, so none of them
    is to be small, published or not; nor may a combination of answers to two questions be told.
    """
    found: set[int] = set()
    every = [(number, conditions) for version in routes for number, conditions in version.items() if conditions]
    while more := {n for n, conditions in every if n not in found and _tells(conditions, tables, found)}:
        found |= more
    return found


def _tells(conditions: frozenset[Condition], tables: Mapping[int, Table], found: set[int]) -> bool:
    if len(conditions) > 1:
        return True
    (condition,) = conditions
    return condition.question in found or tables[condition.question].has_star


def rounded_percent(part: Figure, base: Figure | None) -> int | None:
    """A whole per cent of two published figures; None where either is suppressed or there is no base."""
    if isinstance(part, str) or isinstance(base, str) or not base:
        return None
    return min(100, round(100 * part / base))
