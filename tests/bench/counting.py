"""How fast the fold and the recount count: responses a second, and the seconds for a million."""

from consultation import fold
from consultation.models import Consultation
from consultation.recount import check, recount, tally
from tests.bench.lines import Line, seconds, step

MILLION = 1_000_000
GOAL = 15.0  # seconds for a million


def folding(consultation: Consultation, n: int) -> Line:
    """Fold n responses."""
    with step(f"folding {n:,} responses"):
        took = seconds(lambda: fold.fold(consultation))
    return Line(f"fold of {n:,}", n / took, "responses/s")


def recounting(consultation: Consultation, n: int) -> list[Line]:
    """Recount n responses, compare with the tally, and give the seconds that a million take at that rate."""
    with step(f"recounting {n:,} responses"):
        counted = []
        took = seconds(lambda: counted.append(recount(consultation)))
        if counted[0] != tally(consultation):
            raise AssertionError("the tally differs from the ledger")
        checked = seconds(lambda: check(consultation))
    note = "" if n == MILLION else f"from {n:,}"
    return [
        Line("recount of 1,000,000", took * MILLION / n, "s", sense="≤", bound=GOAL, note=note),
        Line("recount --check of 1,000,000", checked * MILLION / n, "s", note=note),
    ]
