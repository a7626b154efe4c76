"""'Connected': points joined by lines, drawn from a theme's number, so that every theme has a figure of its own."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

HUES = 6
SIZE = 100  # the side of the square that a figure is drawn in
GOLDEN = math.pi * (3 - math.sqrt(5))  # the angle that spreads points evenly, as in a sunflower


@dataclass(frozen=True)
class Point:
    """A point and its radius."""

    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Line:
    """A line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Figure:
    """The points and lines of one theme."""

    points: tuple[Point, ...]
    lines: tuple[Line, ...]


def hue(number: int) -> int:
    """The colour of a theme: the seventh shares the first one's."""
    return (max(number, 1) - 1) % HUES + 1


def draw(number: int) -> Figure:
    """Draw a figure: a few points more for each next theme, each joined to the nearest before it."""
    points = tuple(_points(max(number, 1)))
    return Figure(points, tuple(_lines(points)))


def _points(number: int) -> Iterator[Point]:
    count = 5 + number
    for i in range(count):
        angle = i * GOLDEN + number * 1.1
        reach = 0.43 * SIZE * math.sqrt((i + 0.35) / (count - 0.65))
        yield Point(
            round(SIZE / 2 + reach * math.cos(angle), 1),
            round(SIZE / 2 + reach * math.sin(angle), 1),
            6.5 if i == number % count else 3.2,
        )


def _lines(points: tuple[Point, ...]) -> Iterator[Line]:
    for i, point in enumerate(points[1:], 1):
        nearest = sorted(points[:i], key=lambda other: math.dist((point.x, point.y), (other.x, other.y)))
        for other in nearest[: 2 if i % 2 == 0 else 1]:
            yield Line(point.x, point.y, other.x, other.y)
