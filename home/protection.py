"""A consultation that people have answered keeps at least one page, or nobody could find the answers' questions."""

from collections.abc import Iterable

from django.db.models import Q
from wagtail.models import Page

from consultation.models import Consultation, Response
from home.models import ConsultationPage


def left_without_page(pages: Iterable[Page]) -> list[Consultation]:
    """The answered consultations that would have no page once these pages and all below them are deleted."""
    going = Q(pk__in=[])
    for page in pages:
        going |= Q(path__startswith=page.path)
    keys = ConsultationPage.objects.filter(going).values("translation_key")
    answered = Consultation.objects.filter(key__in=keys, pk__in=Response.objects.values("consultation"))
    staying = set(
        ConsultationPage.objects.filter(translation_key__in=answered.values("key"))
        .exclude(going)
        .values_list("translation_key", flat=True)
    )
    return [consultation for consultation in answered if consultation.key not in staying]
