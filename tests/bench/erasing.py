"""What it costs to erase a response that is counted already, against a plain DELETE of it and of what hangs on it."""

from itertools import islice

from django.db import connection, transaction

from consultation import changes
from consultation.models import Consultation, Response
from tests.bench.lines import Line, seconds, step

PAIRS = 200
# What a response has beside it in the tables that every answering may fill.
PLAIN = (
    "DELETE FROM consultation_answerwords WHERE response_id = %s",
    "DELETE FROM consultation_response WHERE id = %s",
)


def erasing(consultation: Consultation) -> Line:
    """Erase and delete in turn, each in a transaction of its own that waits for the disk."""
    with step(f"erasing {PAIRS} responses"):
        rows = Response.objects.filter(consultation=consultation).order_by("pk").iterator(chunk_size=2 * PAIRS)
        found = list(islice(rows, 2 * PAIRS))
        pairs = list(zip(found[::2], found[1::2], strict=True))
        took = [(seconds(lambda: changes.erase(one)), seconds(lambda: delete(other))) for one, other in pairs]  # noqa: B023
    erased, deleted = (sum(times) for times in zip(*took, strict=True))
    return Line("erase a response", PAIRS / erased, "/s", PAIRS / deleted, "plain DELETE", "≥", 0.5)


def delete(response: Response) -> None:
    """Take the rows away and tell nobody: not what may be done to a ledger."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in PLAIN:
            cursor.execute(statement, [response.pk])
