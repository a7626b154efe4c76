"""A draft page for a consultation that comes from elsewhere."""

import json

from wagtail.models import Locale, Page

from consultation.models import Consultation
from consultation.package.blocks import Blocks
from consultation.package.importing import Checked
from home.models import ConsultationIndexPage, ConsultationPage, HomePage


class NoPlace(Exception):
    """There is no page that the new one could stand under; the message says which is needed."""


def place_for(language: str) -> Page:
    """The list of consultations in that language, or the home page where there is no list. Raises NoPlace."""
    locale = Locale.objects.filter(language_code=language).first()
    for kind in (ConsultationIndexPage, HomePage):
        found = kind.objects.filter(locale=locale, alias_of=None).order_by("path").first()
        if found is not None:
            return found
    raise NoPlace(f"There is neither a list of consultations nor a home page in “{language}”; make one first.")


def make_draft(place: Page, blocks: Blocks, checked: Checked) -> ConsultationPage:
    """Add the draft, with dates that hold every response and without public figures, and return it as stored."""
    blueprint = checked.blueprint
    page = ConsultationPage(
        title=blueprint.text(blueprint.title),
        locale=place.locale,
        translation_key=blocks.key,
        opens_at=checked.opens_at,
        closes_at=checked.closes_at,
        results=Consultation.Results.NEVER,
        questionnaire=json.dumps(blocks.raw()),
        live=False,
    )
    place.add_child(instance=page)
    page.save_revision()
    stored: ConsultationPage = ConsultationPage.objects.get(pk=page.pk)
    return stored
