"""Looks through what people wrote for personal data, a little in each round of `tick`, so that officers can list it.

100,000 texts take half a minute, too long for a page, and nobody who sends something should wait for it.
"""

from django.db import transaction

from consultation import personal
from consultation.models import AnswerWords, Consultation, Search, Sighting, Watermark

STEP = 1_000  # responses looked through in one transaction
MOST = 10  # steps of a consultation in one round


def look(consultation: Consultation) -> int:
    """Look through what is new, as far as one round goes, and return how many texts were seen to hold something."""
    seen = 0
    for _step in range(MOST):
        found = _step_on(consultation)
        if found is None:
            break
        seen += found
    return seen


def _step_on(consultation: Consultation) -> int | None:
    """None where nothing is left. Above the watermark, a response may still appear below one that was looked at."""
    if not _is_due(consultation):
        return None
    Search.objects.get_or_create(consultation=consultation)
    with transaction.atomic():
        search = Search.objects.select_for_update().get(consultation=consultation)
        if search.rules != personal.RULES:
            Sighting.objects.filter(response__consultation=consultation).delete()
            search.response, search.rules = 0, personal.RULES
        reach = _reach(consultation)
        new = consultation.responses.filter(pk__gt=search.response, pk__lte=reach).order_by("pk")
        keys = list(new.values_list("pk", flat=True)[:STEP])
        words = AnswerWords.objects.filter(response__in=keys).only("response", "question", "option", "text")
        found = [
            Sighting(response_id=row.response_id, question=row.question, option=row.option)
            for row in words.iterator()
            if personal.find(row.text)
        ]
        Sighting.objects.bulk_create(found, ignore_conflicts=True)
        search.response = keys[-1] if keys else reach
        search.save(update_fields=["response", "rules"])
    return len(found)


def _is_due(consultation: Consultation) -> bool:
    search = Search.objects.filter(consultation=consultation).first()
    return search is None or search.rules != personal.RULES or search.response < _reach(consultation)


def _reach(consultation: Consultation) -> int:
    return Watermark.objects.filter(consultation=consultation).values_list("response", flat=True).first() or 0
