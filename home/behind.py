"""How far the languages in which something is offered are behind what is about to be published."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

Text = tuple[str, str]  # where it stands, and what it says

ADDRESS = "slug"  # a part of the address, which often stays as it is


@dataclass(frozen=True)
class Behind:
    """A language in which the texts of a draft are not all there."""

    locale: Locale
    texts: int
    missing: int  # never translated
    changed: int  # translated, but the original has been reworded since
    by_hand: bool = False  # nobody can count: this language's page is written without the original beside it


def behind(record: TranslatableMixin) -> list[Behind]:
    """The languages that need a look before this draft is published; none where it is itself a translation."""
    offered = [one for one in _offered(record) if one.locale_id != record.locale_id]
    if not offered:
        return []
    synchronised = _synchronised(record)
    if synchronised is None:
        return []
    texts = list(_texts(record))
    known = _known(record, [one.locale for one in offered])
    found = (
        _compared(one.locale, texts, known)
        if one.locale_id in synchronised
        else Behind(one.locale, len(texts), 0, 0, by_hand=True)
        for one in offered
    )
    return [one for one in found if one.by_hand or one.missing or one.changed]


def _offered(record: TranslatableMixin) -> QuerySet[Any]:
    live: QuerySet[Any] = record.get_translations().filter(live=True).select_related("locale")
    return live.filter(alias_of=None) if isinstance(record, Page) else live


def _synchronised(record: TranslatableMixin) -> set[int] | None:
    """The languages translated text by text; None where this one is among them."""
    translations = Translation.objects.filter(source__object_id=record.translation_key, enabled=True)
    locales = set(translations.values_list("target_locale_id", flat=True))
    return None if record.locale_id in locales else locales


def _texts(record: TranslatableMixin) -> Iterator[Text]:
    for segment in extract_segments(record):
        if isinstance(segment, StringSegmentValue) and segment.path != ADDRESS:
            yield segment.path, segment.string.data


def _known(record: TranslatableMixin, locales: list[Locale]) -> set[tuple[int, str, str]]:
    translations = StringTranslation.objects.filter(
        context__object_id=record.translation_key, locale__in=locales, has_error=False
    )
    return set(translations.values_list("locale_id", "context__path", "translation_of__data"))


def _compared(locale: Locale, texts: list[Text], known: set[tuple[int, str, str]]) -> Behind:
    places = {path for locale_id, path, _text in known if locale_id == locale.pk}
    left = [path for path, text in texts if (locale.pk, path, text) not in known]
    changed = sum(path in places for path in left)
    return Behind(locale, len(texts), len(left) - changed, changed)
