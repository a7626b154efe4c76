"""A line of the table: a figure, what it is compared with, their ratio, and whether the goal was met."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

HEADINGS = ("what", "figure", "reference", "ratio", "goal", "met")


@dataclass(frozen=True)
class Line:
    """One measurement. goal: "≥" or "≤" and a bound, on the ratio, or on the figure where there is no reference."""

    what: str
    figure: float
    unit: str
    reference: float | None = None
    reference_name: str = ""
    sense: str = ""
    bound: float = 0.0
    note: str = ""

    @property
    def judged(self) -> float:
        """What the goal is about."""
        return self.figure if self.reference is None else self.figure / self.reference

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        if not self.sense:
            return None
        return self.judged >= self.bound if self.sense == "≥" else self.judged <= self.bound

    def cells(self) -> tuple[str, ...]:
        """The line as texts, in the order of HEADINGS."""
        return (
            f"{self.what} ({self.note})" if self.note else self.what,
            f"{number(self.figure)} {self.unit}",
            "" if self.reference is None else f"{number(self.reference)} {self.unit}: {self.reference_name}",
            "" if self.reference is None else f"{self.judged:.2f}",
            f"{self.sense} {number(self.bound)}" if self.sense else "",
            {None: "", True: "yes", False: "NO"}[self.met],
        )


def number(value: float) -> str:
    """Three figures, or whole thousands."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(lines: Iterable[Line]) -> str:
    """All lines as a Markdown table."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternately(first: Callable[[], object], second: Callable[[], object], times: int) -> tuple[float, float]:
    """The median seconds of two things, done in turn so that what else the machine does meets both."""
    first(), second()
    pairs = [(seconds(first), seconds(second)) for _ in range(times)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is done now and how many seconds it took."""
    print(f"{name} ...", end=" ", flush=True)  # noqa: T201
    start = time.perf_counter()
    yield
    print(f"{time.perf_counter() - start:.0f} s", flush=True)  # noqa: T201
