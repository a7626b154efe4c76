"""What a page can hold that nobody translated: the text of the page that it was made from."""

import json
from typing import Any

from wagtail_localize.models import Translation, TranslationSource

from consultation.compile import Originals
from consultation.models import Consultation
from consultation.source import SourceSection, sections
from home.models import ConsultationPage


def originals(page: ConsultationPage) -> Originals:
    """Every questionnaire that the pages which this one was made from hold or held, by language, published or not.

    wagtail-localize puts the original where a translation is missing, as the original's row was when the two were last
    synchronised; that text stays when the original is reworded, or when the page is written by hand from then on.
    """
    return {language: _ever_held(page, language) for language in _made_from(page)}


def held(content: dict[str, Any]) -> tuple[SourceSection, ...]:
    """The questionnaire in a revision's content."""
    return sections(json.loads(content.get("questionnaire") or "[]"))


def _made_from(page: ConsultationPage) -> set[str]:
    """The languages of the pages it was translated from, and the leading one, of which it can be a copy.

    A page that the leading one was translated from owes it nothing.
    """
    translations = Translation.objects.filter(source__object_id=page.translation_key)  # those that were stopped, too
    pairs = set(translations.values_list("source__locale__language_code", "target_locale__language_code"))
    own = page.locale.language_code
    leading = set(Consultation.objects.filter(key=page.translation_key).values_list("language", flat=True))
    return {one for one, other in pairs if other == own} | leading - {other for one, other in pairs if one == own}


def _ever_held(page: ConsultationPage, language: str) -> list[tuple[SourceSection, ...]]:
    found = []
    for source in TranslationSource.objects.filter(object_id=page.translation_key, locale__language_code=language):
        found.append(held(json.loads(source.content_json)))
    pages = ConsultationPage.objects.filter(translation_key=page.translation_key, locale__language_code=language)
    for original in pages:
        found.append(original.source().sections)
        found += [held(content) for content in original.revisions.values_list("content", flat=True)]
    return found
