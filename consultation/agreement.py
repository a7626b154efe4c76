"""How far two coders agree, beyond what chance would give: Cohen's kappa of each code, and of all together.

For one code, each of the texts that both have read is a decision: applied or not. With the share p on which they agree
and the share e on which they would agree by chance, if each applied the code as often as they did but at random, kappa
is (p − e) / (1 − e): 1 is full agreement, 0 no more than chance. Where both always did the same, chance alone gives
full agreement, e is 1, and kappa is not defined. (Cohen, 1960.)

Over all codes, p and e are the means of those of each code that at least one of the two applied: pooled kappa, as of
De Vries and others, 2008.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from django.db.models import Count

from consultation import coding
from consultation.coding import Codes, Place
from consultation.models import Code, CodeFrame, Coding


@dataclass(frozen=True)
class Confusion:
    """How often both, one alone, or neither of two coders applied a code."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def n(self) -> int:
        """How many texts both have read."""
        return self.both + self.first + self.second + self.neither

    @property
    def observed(self) -> Fraction:
        """The share on which they agree. Of no text at all there is none, so n has to be looked at first."""
        return Fraction(self.both + self.neither, self.n)

    @property
    def expected(self) -> Fraction:
        """The share on which they would agree by chance."""
        first, second = self.both + self.first, self.both + self.second
        return Fraction(first * second + (self.n - first) * (self.n - second), self.n**2)

    @property
    def is_constant(self) -> bool:
        """Whether both did always the same, so that there is no kappa."""
        return self.n > 0 and self.expected == 1

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None where it is not defined."""
        return _kappa([self]) if self.n else None


def _kappa(decisions: Sequence[Confusion]) -> float | None:
    if not decisions:
        return None
    observed = sum((found.observed for found in decisions), Fraction()) / len(decisions)
    expected = sum((found.expected for found in decisions), Fraction()) / len(decisions)
    return None if expected == 1 else float((observed - expected) / (1 - expected))


@dataclass(frozen=True)
class OfCode:
    """How two coders agree on one code."""

    code: Code
    confusion: Confusion


@dataclass(frozen=True)
class Agreement:
    """How two coders agree, by the texts that both have read."""

    first: str
    second: str
    n: int
    alike: int  # texts in which both found the same
    codes: tuple[OfCode, ...]  # that at least one of them applied

    @property
    def kappa(self) -> float | None:
        """Of all codes together; None where it is not defined."""
        return _kappa([found.confusion for found in self.codes]) if self.n else None


def confusion(pairs: Iterable[tuple[Codes, Codes]], code: int) -> Confusion:
    """Count what two coders found, for one code."""
    found = [(code in one, code in other) for one, other in pairs]
    return Confusion(
        found.count((True, True)),
        found.count((True, False)),
        found.count((False, True)),
        found.count((False, False)),
    )


def agreements(frame: CodeFrame) -> list[Agreement]:
    """Every two coders who have read the same texts of a frame, those with most texts first. Four queries."""
    names = {code.pk: code for code in frame.codes.all()}
    shared: dict[tuple[str, str], list[tuple[Codes, Codes]]] = {}
    for found in _read_twice(frame).values():
        for first, second in combinations(sorted(found.by_coder), 2):
            shared.setdefault((first, second), []).append((found.by_coder[first], found.by_coder[second]))
    found_all = [_agreement(first, second, pairs, names) for (first, second), pairs in shared.items()]
    return sorted(found_all, key=lambda agreed: (-agreed.n, agreed.first, agreed.second))


def _agreement(first: str, second: str, pairs: Sequence[tuple[Codes, Codes]], names: dict[int, Code]) -> Agreement:
    applied = frozenset[int]().union(*(one | other for one, other in pairs))
    codes = tuple(OfCode(names[code], confusion(pairs, code)) for code in sorted(applied & names.keys()))
    return Agreement(first, second, len(pairs), sum(one == other for one, other in pairs), codes)


def undecided(frame: CodeFrame) -> list[Place]:
    """The texts on which coders differ and nobody has decided yet, the first that came first. Three queries."""
    found = _read_twice(frame)
    return sorted(
        place for place, here in found.items() if here.decided is None and coding.differ(list(here.by_coder.values()))
    )


def _read_twice(frame: CodeFrame) -> dict[Place, coding.Found]:
    rows = Coding.objects.filter(
        decides=False, response__consultation=frame.consultation_id, question__in=frame.questions.values("question")
    ).order_by()
    several = rows.values_list("response", "question", "option").annotate(n=Count("*")).filter(n__gt=1)
    return coding.found_in(Place(*row[:3]) for row in several)
