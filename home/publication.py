"""What follows from a page that went live: a theme's record, a consultation's questions and wordings."""

from dataclasses import replace

from django.conf import settings
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from consultation import foresight, impact
from consultation.compile import compile_leading, compile_wordings
from consultation.models import Consultation, Theme
from consultation.source import Source
from home.models import ConsultationPage, ThemePage, checklist
from home.models.life import told
from home.models.retention import promised
from home.originals import held, originals
from home.records import settled, with_records

TOUCHED, GAPS = "connected.touched", "connected.gaps"  # in the history of a page

# What a record keeps as it was published, whatever an editor has saved since: by the name that page, source and record
# share.
SETTLED = (
    "title",
    "opens_at",
    "closes_at",
    "halt",
    "outcome_due",
    "outcome_on",
    "results",
    "ask_equality",
    "political_basis",
    "kept_until",
    "kept_months",
)


def compile_page(page: ConsultationPage) -> None:
    """Take over a live page's questionnaire and its life. Runs inside the transaction of its publication.

    The leading page gives structure and brings the other languages' wordings up to date with it; any other page gives
    wordings alone, and nothing before the leading page was published.
    """
    leads = _leads(page)
    source = _promising(settled(page.source(), _record(page)), page) if leads else _as_published(page, translated=True)
    changes = foresight.changes(_record(page), source)
    if leads:
        _compile(page, source, _saved_by(page))
    else:
        _compile_words(page)
    if leads:
        _note_gaps(page)
    if changes:  # by whoever publishes; by nobody where its time had come
        log(page, TOUCHED, data={"changes": impact.stored(changes)}, revision=page.live_revision)


def _promising(source: Source, page: ConsultationPage) -> Source:
    """With how long personal data is kept; compile sees to it that nobody's is kept longer than they were told."""
    until, months = promised(page)
    return replace(source, kept_until=until, kept_months=months)


def _note_gaps(page: ConsultationPage) -> None:
    """Say in the history, once for the same gaps, that it has them while people can answer or soon can."""
    if not checklist.matters(page):
        return
    missing = list(dict.fromkeys(point.name for point in checklist.gaps(page)))
    noted = PageLogEntry.objects.filter(page=page.pk, action=GAPS).order_by("-timestamp", "-pk").first()
    if missing and (noted is None or noted.data.get("missing") != missing):
        log(page, GAPS, data={"missing": missing}, revision=page.live_revision)


def compile_again(record: Consultation) -> None:
    """Take over what the live leading page would ask today, with the settings that were published."""
    live = ConsultationPage.objects.live().filter(translation_key=record.key, alias_of=None)
    page = live.filter(locale__language_code=record.language).select_related("locale").first()
    if page is not None:
        kept = {name: getattr(record, name) for name in SETTLED}
        _compile(page, settled(replace(_as_published(page, translated=False), **kept), record))


def _saved_by(page: ConsultationPage) -> int | None:
    """Who saved what went live; nobody where code did."""
    revision = page.revisions.filter(pk=page.live_revision_id).first()
    return revision.user_id if revision else None


def _record(page: ConsultationPage) -> Consultation | None:
    return Consultation.objects.filter(key=page.translation_key).first()


def _compile(page: ConsultationPage, source: Source, by: int | None = None) -> None:
    compile_leading(source, by=by)
    pages = ConsultationPage.objects.live().filter(translation_key=page.translation_key, alias_of__isnull=True)
    for each in pages.exclude(pk=page.pk).select_related("locale"):
        _compile_words(each)


def _compile_words(page: ConsultationPage) -> None:
    compile_wordings(_as_published(page, translated=True), originals(page))


def _as_published(page: ConsultationPage, translated: bool) -> Source:
    """The page as it went live: wagtail-localize writes a draft of a live page into the page's own row."""
    live = page.revisions.filter(pk=page.live_revision_id).first()  # a copy may name its original's
    source, record = page.source(), _record(page)
    closed = record if record is not None and record.has_closed() else None
    sections = held(live.content) if live else source.sections
    sections = with_records(sections, source.language, translated=translated, closed=closed)
    return replace(source, sections=sections, told=told(live.content.get) if live else source.told)


def _leads(page: ConsultationPage) -> bool:
    """Whether this page is in the record's language; before there is a record, in the site's default language."""
    language: str = page.locale.language_code
    record = _record(page)
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
