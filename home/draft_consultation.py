"""A draft page for a consultation that comes from elsewhere."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from wagtail.models import Locale, Page

from consultation.package import importing, pictures
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
    """Add the draft, with the package's dates or such as hold every response, and return it as stored."""
    blueprint = checked.blueprint
    page = ConsultationPage(
        title=blueprint.text(blueprint.title),
        locale=place.locale,
        translation_key=blocks.key,
        opens_at=checked.period.opens_at,
        closes_at=checked.period.closes_at,
        results=blueprint.results,
        questionnaire=json.dumps(blocks.raw()),
        live=False,
    )
    place.add_child(instance=page)
    page.save_revision()
    stored: ConsultationPage = ConsultationPage.objects.get(pk=page.pk)
    return stored


@contextmanager
def images_of(checked: Checked) -> Iterator[dict[str, int]]:
    """Add the package's images to the library, and give their primary keys by name.

    One that is gone gets a key that no image has. Files are no part of the transaction, so they are taken back here.
    """
    title = checked.blueprint.text(checked.blueprint.title)
    added = []
    keys = {}
    try:
        for name in checked.images:
            number = pictures.number(name)
            if pictures.is_gone(name):
                keys[name] = -number
            else:
                added.append(pictures.add(name, importing.image(checked, name), f"{title} ({number})"))
                keys[name] = int(added[-1].pk)
        yield keys
    except BaseException:
        pictures.take_back(added)
        raise
