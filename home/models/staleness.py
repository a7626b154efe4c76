"""How far translations have fallen behind: texts that nobody translated, originals that were published since."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation


def fell_behind(
    changed_at: dt.datetime | None, published_at: dt.datetime | None, synced_at: dt.datetime | None
) -> bool:
    """Whether an original was published after its translation was last in line with it.

    published_at: when the translation was; synced_at: when its texts were last taken over, where they are at all.
    """
    known = [when for when in (published_at, synced_at) if when is not None]
    return changed_at is not None and bool(known) and changed_at > min(known)


@dataclass(frozen=True)
class TranslationState:
    """A page in another language, as its translators left it."""

    original: Page
    page: Page
    code: str
    missing: int  # texts that are still in the original's language
    is_behind: bool  # the original was published since
    is_synced: bool  # else it is edited by itself, and nobody counts what is missing

    @property
    def language(self) -> str:
        """The language's name in itself."""
        return str(dict(settings.LANGUAGES).get(self.code, self.code))

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return not self.missing and not self.is_behind

    @property
    def edit_url(self) -> str:
        """Where it is translated."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])


def states(originals: Iterable[Page]) -> list[TranslationState]:
    """The translations of these pages, by page and in the site's order of languages. Two queries."""
    pages = {page.translation_key: page for page in originals}
    if not pages:
        return []
    kept = _translations(pages)
    others: defaultdict[UUID, list[Page]] = defaultdict(list)
    found = Page.objects.filter(translation_key__in=pages, alias_of=None).select_related("locale")
    for page in found.exclude(pk__in=[page.pk for page in pages.values()]).defer_streamfields():
        others[page.translation_key].append(page)
    order = [code for code, _name in settings.LANGUAGES]
    return [
        _state(original, page, kept)
        for key, original in pages.items()
        for page in sorted(others[key], key=lambda page: _place(order, page.locale.language_code))
    ]


def _place(order: list[str], code: str) -> int:
    return order.index(code) if code in order else len(order)


def _translations(keys: Iterable[UUID]) -> Mapping[tuple[UUID, int], Translation]:
    rows = with_missing(Translation.objects.filter(source__object_id__in=list(keys), enabled=True))
    return {(row.source.object_id, row.target_locale_id): row for row in rows.select_related("source")}


def _state(original: Page, page: Page, kept: Mapping[tuple[UUID, int], Translation]) -> TranslationState:
    row = kept.get((page.translation_key, page.locale_id))
    behind = fell_behind(
        original.last_published_at,
        page.last_published_at if page.live else None,
        row.source.last_updated_at if row else None,
    )
    return TranslationState(
        original, page, page.locale.language_code, row.missing if row else 0, behind, is_synced=row is not None
    )


def with_missing(translations: QuerySet[Translation]) -> QuerySet[Translation]:
    """Translations with `missing`, the number of their texts that are not translated."""
    done = StringTranslation.objects.filter(
        translation_of=OuterRef("string"),
        context=OuterRef("context"),
        locale=OuterRef(OuterRef("target_locale")),
        has_error=False,
    )
    # An address may stay as it is, so it is no text that is missing.
    left = StringSegment.objects.filter(~Exists(done), source=OuterRef("source")).exclude(context__path="slug")
    number = Subquery(left.order_by().values("source").annotate(n=Count("*")).values("n"), output_field=IntegerField())
    annotated: QuerySet[Translation] = translations.annotate(missing=Coalesce(number, 0))
    return annotated
