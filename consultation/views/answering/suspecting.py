"""What is known of a sending that may have come from no person: the trap, its pace, and its network's haste."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from consultation import haste, suspicion
from consultation.answers import Answers
from consultation.models import Draft, Reason
from consultation.views.answering.visit import Visit


def suspect(visit: Visit, draft: Draft, given: Answers) -> list[Reason]:
    """Why what is sent is held, if it is. One query for what was too quick, none for anybody else."""
    if draft.corrects is not None:
        return []
    seconds = (timezone.now() - draft.born_at).total_seconds() if draft.born_at else None
    quick = suspicion.is_quick(seconds, suspicion.least_seconds(visit.questionnaire, given.values))
    hasty = haste.count(visit.consultation.pk, address(visit.request)) if quick else 0
    return suspicion.reasons(trapped=visit.is_trapped or draft.trapped, hasty=hasty)


def address(request: HttpRequest) -> str:
    """Where a request came from, as our own proxies tell it. What stands before their entries anybody could write."""
    told = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    if settings.PROXIES and len(told) >= settings.PROXIES and told[-settings.PROXIES]:
        return told[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
