"""What officers decide about held responses, each decision with who and when; and how many wait for one."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from consultation import changes
from consultation.models import Consultation, Decision, Response

Verdict = Decision.Verdict

CHANGES = {Verdict.RELEASED: changes.release, Verdict.REJECTED: changes.reject}


@dataclass(frozen=True)
class Uncounted:
    """How many responses are in no figure until somebody decides, and how many were rejected."""

    held: int
    rejected: int


def uncounted(consultation: Consultation) -> Uncounted:
    """Count what is held and what was rejected. One query."""
    left_out = consultation.responses.filter(state__in=[Response.State.HELD, Response.State.REJECTED])
    n = dict(left_out.order_by().values_list("state").annotate(n=Count("*")))
    return Uncounted(n.get(Response.State.HELD, 0), n.get(Response.State.REJECTED, 0))


def waiting(consultation: Consultation, state: Response.State) -> QuerySet[Response]:
    """The responses in a state, the oldest first, with all that an officer decides by. Four queries."""
    found = consultation.responses.filter(state=state).order_by("pk")
    return found.prefetch_related("words", "suspicions", "decisions")


def decide(response: Response, verdict: Verdict, by: Any) -> None:
    """Release or reject, and record it: both or neither. Raises changes.NotPossible where it was decided meanwhile."""
    with transaction.atomic():
        CHANGES[verdict](response)
        Decision.objects.create(response=response, verdict=verdict, by=by, name=by.get_username())
