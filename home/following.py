"""Open consultations follow the records that people choose from, when one is edited and when its day has come."""

import logging

from django.db import transaction
from django.utils import timezone

from consultation import records
from consultation.models import Consultation
from home.publication import compile_again

log = logging.getLogger(__name__)


def follow(kind: str) -> None:
    """Take over today's records in every consultation that asks for one of this kind and has not closed."""
    for consultation in _asking(kind):
        compile_again(consultation)


def follow_the_day() -> None:
    """Do so where a question offers other records than those of today. One that fails does not stop the others."""
    for consultation in _asking(*records.KINDS_OF_RECORDS):
        try:
            if records.is_outdated(consultation):
                with transaction.atomic():
                    compile_again(consultation)
        except Exception:
            log.exception("today's records are not in consultation %s yet", consultation.pk)


def _asking(*kinds: str) -> list[Consultation]:
    """In one order always, so that two who compile them do not wait for each other."""
    asking = Consultation.objects.filter(questions__kind__in=kinds, questions__retired_at=None).distinct()
    now = timezone.now()
    return [record for record in asking.order_by("pk") if record.closes_at is None or record.closes_at > now]
