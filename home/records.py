"""What questions offer whose options are records: the themes and areas of today, or those that were asked back then."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils import timezone, translation
from wagtail.models import Page

from consultation import instrument, records
from consultation.kinds import AREA
from consultation.models import Area, Consultation
from consultation.questionnaire import EMPTY
from consultation.source import Source, SourceItem, SourceOption, SourceSection

Options = tuple[SourceOption, ...]


def with_records(
    sections: Iterable[SourceSection], language: str, *, translated: bool = False, closed: Consultation | None = None
) -> tuple[SourceSection, ...]:
    """Add the records of today, in their order and in this language; to a question that has closed, those it had.

    A record without a name in this language has that of the site's own language; in a translation it has none.
    """
    kept = dict(_kept(closed, language)) if closed else {}
    return tuple(
        replace(section, items=tuple(_with_options(item, kept, language, translated) for item in section.items))
        for section in sections
    )


def settled(source: Source, record: Consultation | None) -> Source:
    """The source as publishing takes it over: once it has closed, with the records that were asked about."""
    if record is None or source.closes_at is None or source.closes_at > timezone.now():
        return source
    return replace(source, sections=with_records(source.sections, source.language, closed=record))


def _with_options(item: SourceItem, kept: dict[str, Options], language: str, translated: bool) -> SourceItem:
    if item.kind not in records.KINDS_OF_RECORDS:
        return item
    return replace(
        item, options=kept.get(item.id) or (*_today(item.kind, language, translated), *_beside(item, language))
    )


def _today(kind: str, language: str, translated: bool) -> Iterator[SourceOption]:
    named = names(kind, language)
    for key, name in records.offered(kind).items():
        yield SourceOption(key, named.get(key, "" if translated else name))


def _beside(item: SourceItem, language: str) -> Options:
    with translation.override(language):
        offered = [option for option in item.options if option.id in records.WORDS]
        return tuple(replace(option, label=str(records.WORDS[option.id])) for option in offered)


def _kept(consultation: Consultation, language: str) -> Iterator[tuple[str, Options]]:
    words = instrument.words(consultation, language)
    for question in records.asked_by(consultation):
        options = []
        for option in records.last_offered(question):
            text = words.get(f"q{question.number}/{option.number}", EMPTY)
            options.append(SourceOption(option.item, text.text if text.language == language else "", option.role))
        yield question.block, tuple(options)


def names(kind: str, language: str) -> dict[str, str]:
    """What the records are called in a language, by key."""
    if kind == AREA.name:
        rows = Area.objects.filter(locale__language_code=language).values_list("translation_key", "name")
    else:
        pages = Page.objects.live().filter(themepage__isnull=False, alias_of=None)
        rows = pages.filter(locale__language_code=language).values_list("translation_key", "title")
    return {str(key): name for key, name in rows}
