"""How fast the fold and the recount count: responses a second, and the seconds for a million."""

from consultation import fold, instrument
from consultation.models import Consultation, Watermark
from consultation.recount import Counted, check, count, ledger_rows, recount, tally
from tests.bench.data import SAMPLE
from tests.bench.lines import Line, seconds, step

MILLION = 1_000_000
GOAL = 15.0  # seconds for a million


def folding(consultation: Consultation, n: int, measured: int) -> Line:
    """Fold n responses, and measure it on the last of them; measured is a part of n, both multiples of the sample.

    The tally of the part before is made from the sample's, which that part repeats: it is the same tally.
    """
    with step(f"folding {measured:,} of {n:,} responses"):
        skip_to(consultation, n - measured)
        took = seconds(lambda: fold.fold(consultation))
    return Line(f"fold of {measured:,}", measured / took, "responses/s")


def skip_to(consultation: Consultation, n: int) -> None:
    """Bring tally and watermark to the n-th response."""
    if not n:
        return
    ids = consultation.responses.order_by("pk").values_list("pk", flat=True)
    sample = ledger_rows(consultation.responses.filter(pk__lte=ids[SAMPLE - 1]))
    once = count(instrument.rows(consultation), sample).cells()
    times = n // SAMPLE
    fold.add(consultation, {cell: Counted(found.n * times, found.total * times) for cell, found in once.items()})
    Watermark.objects.filter(consultation=consultation).update(response=ids[n - 1])


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
