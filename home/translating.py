"""Give a translation the words that there are already: from another page, or from what was once published."""

from collections import defaultdict
from collections.abc import Mapping

from wagtail.models import Locale
from wagtail_localize.models import String, StringSegment, StringTranslation, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue, extract_strings

from consultation.memory import LASTING, Pair, remembered
from consultation.models import Consultation
from home.models.base import BasePage

# Translations, as wagtail-localize keeps strings, by place and original: a place is a path, or a block id's beginning.
Words = Mapping[tuple[str, str], str]


def fill_in(translation: Translation, *known: Words) -> None:
    """Store what there is for each string that has no translation yet; what is known first goes first."""
    for segment in StringSegment.objects.filter(source=translation.source).select_related("string", "context"):
        path, original = segment.context.path, segment.string.data
        places = [path, *(part[:LASTING] for part in path.split("."))]
        text = next((words[place, original] for words in known for place in places if (place, original) in words), None)
        if text is not None:
            StringTranslation.objects.get_or_create(
                translation_of=segment.string,
                locale=translation.target_locale,
                context=segment.context,
                defaults={"data": text, "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL},
            )


def words_of(original: BasePage, translated: BasePage) -> tuple[Words, ...]:
    """What a page says in another language, as its translators left it, the best first.

    Where wagtail-localize's editor is no longer used, the page itself is ahead of it.
    """
    locale = translated.locale
    record = Consultation.objects.filter(key=original.translation_key).first()
    published = from_wordings(record, locale) if record else {}
    kept = from_translators(original, locale)
    editor = Translation.objects.filter(source__object_id=original.translation_key, target_locale=locale, enabled=True)
    return (kept, published) if editor.exists() else (published, _from_page(original, translated), kept)


def from_translators(original: BasePage, locale: Locale) -> dict[tuple[str, str], str]:
    """What was entered in wagtail-localize's editor, ever."""
    kept = StringTranslation.objects.filter(
        context__object_id=original.translation_key, locale=locale, has_error=False
    ).values_list("context__path", "translation_of__data", "data")
    return {(path, source): text for path, source, text in kept}


def from_wordings(consultation: Consultation, locale: Locale) -> dict[tuple[str, str], str]:
    """What was published."""
    return {
        (block, leading): text
        for block, pairs in remembered(consultation, locale.language_code).items()
        for pair in pairs
        for leading, text in _strings(pair)
    }


def _strings(pair: Pair) -> list[tuple[str, str]]:
    if not pair.html:
        return [(StringValue.from_plaintext(pair.leading).data, StringValue.from_plaintext(pair.text).data)]
    (_frame, leading), (_other, texts) = extract_strings(pair.leading), extract_strings(pair.text)
    if len(leading) != len(texts):
        return []
    return [(one.data, other.data) for (one, _attrs), (other, _others) in zip(leading, texts, strict=True)]


def _from_page(original: BasePage, translated: BasePage) -> dict[tuple[str, str], str]:
    """The texts of a page that is written by hand, beside its original's. The questionnaire's are in the wordings."""
    theirs = _texts(translated)
    found: dict[tuple[str, str], str] = {}
    for path, texts in _texts(original).items():
        if not path.startswith("questionnaire.") and len(theirs.get(path, ())) == len(texts):
            found |= {(path, text): other for text, other in zip(texts, theirs[path], strict=True)}
    # What the original said at any time was left there by wagtail-localize and is no translation.
    said = set(String.objects.filter(locale=original.locale, data__in=found.values()).values_list("data", flat=True))
    return {place: text for place, text in found.items() if text not in said}


def _texts(page: BasePage) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for segment in extract_segments(page):
        if isinstance(segment, StringSegmentValue):
            found[segment.path].append(segment.string.data)
    return found
