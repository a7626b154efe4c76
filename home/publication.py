"""What follows from a page that went live: a theme's record, a consultation's questions and wordings."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings

from consultation.compile import compile_leading, compile_wordings
from consultation.models import Consultation, Theme
from consultation.source import Source
from home.models import ConsultationPage, ThemePage
from home.originals import held, originals


def compile_page(page: ConsultationPage) -> None:
    """Take over a live page's questionnaire. Runs inside the transaction of its publication.

    The leading page gives structure and brings the other languages' wordings up to date with it; any other page gives
    wordings alone, and nothing before the leading page was published.
    """
    translated: Iterable[ConsultationPage] = [page]
    if _leads(page):
        compile_leading(page.source())
        pages = ConsultationPage.objects.live().filter(translation_key=page.translation_key, alias_of__isnull=True)
        translated = pages.exclude(pk=page.pk).select_related("locale")
    for each in translated:
        compile_wordings(_as_published(each), originals(each))


def _as_published(page: ConsultationPage) -> Source:
    """The page as it went live: wagtail-localize writes a draft of a live page into the page's own row."""
    live = page.revisions.filter(pk=page.live_revision_id).first()  # a copy may name its original's
    return replace(page.source(), sections=held(live.content)) if live else page.source()


def _leads(page: ConsultationPage) -> bool:
    """Whether this page is in the record's language; before there is a record, in the site's default language."""
    language: str = page.locale.language_code
    record = Consultation.objects.filter(key=page.translation_key).first()
    if record is not None:
        return record.language == language
    translations = ConsultationPage.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
    in_default: bool = translations.filter(locale__language_code=settings.LANGUAGE_CODE).exists()
    return language == settings.LANGUAGE_CODE or not in_default


def name_theme(page: ThemePage) -> None:
    """Give the theme's record the page's number and title; only the page in the default language names it."""
    if page.is_source:
        Theme.objects.update_or_create(
            key=page.translation_key, defaults={"number": page.number, "name": page.title, "retired_at": None}
        )
