"""A copy of a consultation: a draft with its own record and no answers, and drafts of its translations."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationSource

from consultation.models import Consultation
from home.models import ConsultationIndexPage, ConsultationPage
from home.models.base import BasePage
from home.translating import fill_in, words_of

User = AbstractBaseUser | AnonymousUser

COPIED = (ConsultationIndexPage, ConsultationPage)


@dataclass(frozen=True)
class Draft:
    """A translation that was made with a copy."""

    page: Page
    locale: Locale
    missing: int  # texts that are still in the original's language


def leading_page(page: ConsultationPage) -> ConsultationPage | None:
    """The page that gives a consultation its questions: in the record's language, or before that in the site's."""
    record = Consultation.objects.filter(key=page.translation_key).first()
    pages = ConsultationPage.objects.filter(translation_key=page.translation_key, alias_of=None)
    language = record.language if record else settings.LANGUAGE_CODE
    found: ConsultationPage | None = pages.filter(locale__language_code=language).first()
    return found


def in_place_of(page: Page) -> Page | None:
    """The page to be copied in place of this one, because it is, or has below it, a translation. None: copy this."""
    for consultation in ConsultationPage.objects.descendant_of(page, inclusive=True).select_related("locale"):
        leading = leading_page(consultation)
        if leading is not None and leading.locale != consultation.locale:
            original: Page | None = page.get_translation_or_none(leading.locale)
            return original
    return None


@transaction.atomic
def translate_copies(original: Page, copy: Page, user: User | None = None) -> list[Draft]:
    """Make drafts in each language of the original and of what was copied from below it, the upper pages first."""
    return [
        _translate(page, copied, translated, user)
        for page, copied in _pairs(original, copy)
        for translated in page.get_translations().filter(alias_of=None).select_related("locale").specific()
    ]


def left_to_translate(drafts: Iterable[Draft]) -> Counter[Locale]:
    """How many texts are missing in each language."""
    found: Counter[Locale] = Counter()
    for draft in drafts:
        found[draft.locale] += draft.missing
    return found


def consultations_of(copy: Page) -> int:
    """How many consultations were copied."""
    return int(ConsultationPage.objects.descendant_of(copy, inclusive=True).count())


def _pairs(original: Page, copy: Page) -> Iterator[tuple[BasePage, BasePage]]:
    """Each page of interest with its copy: Wagtail keeps the addresses of what is below the copied page."""
    below = {
        page.url_path.removeprefix(original.url_path): page
        for page in original.get_descendants(inclusive=True).filter(alias_of=None).specific()
    }
    for copied in copy.get_descendants(inclusive=True).order_by("path").specific():
        page = below.get(copied.url_path.removeprefix(copy.url_path))
        if isinstance(page, COPIED) and isinstance(copied, COPIED):
            yield page, copied


def _translate(page: BasePage, copied: BasePage, translated: BasePage, user: User | None) -> Draft:
    source, _created = TranslationSource.get_or_create_from_instance(copied)
    translation = Translation.objects.create(source=source, target_locale=translated.locale)
    fill_in(translation, *words_of(page, translated.get_latest_revision_as_object()))
    translation.save_target(user=user, publish=False)
    every, done = translation.get_progress()
    return Draft(translation.get_target_instance(), translated.locale, every - done)
