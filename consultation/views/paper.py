"""What officers take for paper and posters: the form to print, in each language, and the QR code of its page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.models import Page

from consultation import qr
from consultation.access import may_see_summaries, require
from consultation.models import Consultation

DRAWN: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "svg": ("image/svg+xml", lambda address: qr.svg(address).encode()),
    "png": ("image/png", qr.png),
}


@dataclass(frozen=True)
class InLanguage:
    """A language in which the form can be printed."""

    code: str
    name: str


def languages(consultation: Consultation) -> list[InLanguage]:
    """Those in which it can be answered, in the site's order: none while its leading page is not live. One query."""
    pages = Page.objects.live().filter(translation_key=consultation.key, alias_of__isnull=True)
    live = set(pages.values_list("locale__language_code", flat=True))
    if consultation.version_id is None or consultation.language not in live:
        return []
    return [InLanguage(code, str(name)) for code, name in settings.LANGUAGES if code in live]


def live_page(consultation: Consultation, language: str) -> Page | None:
    """The consultation's page in a language, where everybody can read one."""
    pages = Page.objects.live().filter(translation_key=consultation.key, alias_of__isnull=True)
    page: Page | None = pages.filter(locale__language_code=language).first()
    return page


@require_safe
def code(request: HttpRequest, pk: int, language: str, format: str) -> HttpResponse:
    """The QR code of the consultation's page in a language, as a file for posters."""
    require(may_see_summaries(request))
    consultation = get_object_or_404(Consultation, pk=pk)
    page = live_page(consultation, language)
    address = page.full_url if page else None  # a page below no site has none
    if address is None or format not in DRAWN:
        raise Http404
    media_type, draw = DRAWN[format]
    file = HttpResponse(draw(address), content_type=media_type)
    file["Content-Disposition"] = f'attachment; filename="consultation-{pk}-{language}-qr.{format}"'
    return file
