"""The form to print: everything that is asked, with boxes to tick, whom it is from and where it goes back to.

It is there for everybody while answers are taken, as the form itself is; for officers who prepare for paper, always.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultation import instrument, printed, qr
from consultation.access import Offer, answerable, may_bring_in, may_see_summaries
from consultation.models import State
from consultation.questionnaire import Text
from home.models import ConsultationPage

TOLD = ("introduction", "decision", "can_change", "privacy", "paper_return")


@require_safe
@never_cache
def form(request: HttpRequest, consultation_id: int, language: str) -> HttpResponse:
    """The form in one language; in large print, where it is asked for so."""
    offer = answerable(request, consultation_id, language)
    if offer.consultation.state() != State.OPEN and not (may_see_summaries(request) or may_bring_in(request)):
        return redirect(offer.page.get_url(request))
    with translation.override(offer.interface):
        request.LANGUAGE_CODE = offer.interface
        page = render(request, "home/paper/form.html", _context(request, offer))
    page["Content-Language"] = language
    return page


def _context(request: HttpRequest, offer: Offer) -> dict[str, Any]:
    questionnaire = instrument.current(offer.consultation, offer.language)
    own: ConsultationPage = offer.page.specific
    begin = reverse("answering:start", args=[offer.consultation.pk, offer.language])
    address = own.full_url or request.build_absolute_uri(begin)
    return {
        "offer": offer,
        "consultation": offer.consultation,
        "own": own,
        "told": _told(offer, own),
        "questionnaire": questionnaire,
        "sections": printed.sections(questionnaire),
        "equality": offer.consultation.equality_questions,
        "large": "large" in request.GET,
        "languages": [item for item in own.translations if item.code in offer.pages],
        "address": address,
        "code": mark_safe(qr.svg(address)),  # noqa: S308  drawn here, of an address of our own  # nosec B703
    }


def _told(offer: Offer, own: ConsultationPage) -> dict[str, Text]:
    """What the page tells, in the leading page's words where a translation has none."""
    first = offer.consultation.language
    leading = own if offer.language == first else offer.pages[first].specific
    return {
        name: Text(getattr(own, name), offer.language) if getattr(own, name) else Text(getattr(leading, name), first)
        for name in TOLD
    }
