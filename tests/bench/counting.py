"""How fast the fold and the recount count: responses a second, and the seconds for a million."""

from django.db import connection

from consultation import fold
from consultation.models import Consultation, Watermark
from consultation.recount import check, recount, tally
from tests.bench.data import SAMPLE
from tests.bench.lines import Line, seconds, step

MILLION = 1_000_000
GOAL = 15.0  # seconds for a million


def folding(consultation: Consultation, sample: Consultation, n: int, measured: int) -> Line:
    """Fold n responses, and measure it on the last of them; both numbers are multiples of the sample's, or equal.

    The tally of the part before is made from the sample's, which that part repeats: it is the same tally.
    """
    with step(f"folding {measured:,} of {n:,} responses"):
        skip_to(consultation, sample, n - measured)
        took = seconds(lambda: fold.fold(consultation))
    return Line(f"fold of {measured:,}", measured / took, "responses/s")


MULTIPLY = """
    INSERT INTO consultation_tally (consultation_id, question, option, segment, value, n, total)
    SELECT %s, question, option, segment, value, n * %s, total * %s FROM consultation_tally WHERE consultation_id = %s
"""


def skip_to(consultation: Consultation, sample: Consultation, n: int) -> None:
    """Bring tally and watermark to the n-th response."""
    if n:
        with connection.cursor() as cursor:
            cursor.execute(MULTIPLY, [consultation.pk, n // SAMPLE, n // SAMPLE, sample.pk])
        reach = consultation.responses.order_by("pk").values_list("pk", flat=True)[n - 1]
        Watermark.objects.filter(consultation=consultation).update(response=reach)


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
