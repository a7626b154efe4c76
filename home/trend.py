"""The line of an indicator: points joined by lines, as in a theme's figure, from the first value to the latest."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 320, 96  # of the square units that it is drawn in
MARGIN = 10  # room for the points at its edges


@dataclass(frozen=True)
class Spot:
    """A value's place."""

    x: float
    y: float


@dataclass(frozen=True)
class Trend:
    """A line through all values. Years are as far apart as they are; its height goes from the least to the greatest."""

    spots: tuple[Spot, ...]

    @property
    def path(self) -> str:
        """The line, as SVG's points."""
        return " ".join(f"{spot.x:.1f},{spot.y:.1f}" for spot in self.spots)

    @property
    def start(self) -> Spot:
        """Where the first value lies, and with it the level to compare with."""
        return self.spots[0]

    @property
    def end(self) -> Spot:
        """Where the latest value lies."""
        return self.spots[-1]


def draw(values: Sequence[tuple[int, Decimal]]) -> Trend:
    """Draw (year, value), the earliest first. Values that are all alike lie in the middle."""
    years = [year for year, _value in values]
    figures = [value for _year, value in values]
    return Trend(
        tuple(
            Spot(
                MARGIN + (WIDTH - 2 * MARGIN) * _part(year, years[0], years[-1]),
                HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * _part(value, min(figures), max(figures)),
            )
            for year, value in values
        )
    )


def _part(value: int | Decimal, first: int | Decimal, last: int | Decimal) -> float:
    return float((value - first) / (last - first)) if last != first else 0.5
