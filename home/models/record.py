"""What the plan's records have in common: indicators, actions, partners. They are no pages; pages show them."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import override
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail_localize.models import String
from wagtail_localize.strings import StringValue

from consultation.questionnaire import Text


class PlanRecord(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    ClusterableModel,
):
    """A record of the plan in one language: drafted, previewed, approved, scheduled and rolled back as a page is.

    The one in the site's own language is the record, with its dates and figures; the others, of the same translation
    key, are read for their words alone.
    """

    texts: ClassVar[tuple[str, ...]]  # the fields that are translated
    preview_partial: ClassVar[str]  # the template with which pages show one
    preview_name: ClassVar[str]  # and what it is called there

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish with all that follows from it, or not at all."""
        with transaction.atomic():
            super().publish(revision, *args, **kwargs)

    @cached_property
    def words(self) -> dict[str, Text]:
        """Its texts by field: its own, unless `put_in_words` gave it a reader's."""
        return {name: Text(getattr(self, name), self.language) for name in self.texts}

    @property
    def language(self) -> str:
        """The one that it is written in. What has never been saved has no locale yet."""
        return self.locale.language_code if self.locale_id else settings.LANGUAGE_CODE

    @classmethod
    def shown(cls) -> models.QuerySet[Self]:
        """Those that pages show: live, in the site's own language."""
        manager: Any = cls._default_manager
        found: models.QuerySet[Self] = manager.filter(live=True, locale__language_code=settings.LANGUAGE_CODE)
        return found

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show it as its theme's page does, in its own language."""
        with override(self.language):
            preview = super().serve_preview(request, mode_name)
            rendered: HttpResponse = preview.render()
            return rendered

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """A page around what pages show of a record."""
        return "home/record_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The record under the name that its template knows it by."""
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        heading = self._meta.verbose_name_plural
        return context | {"partial": self.preview_partial, self.preview_name: self, "heading": heading}


def put_in_words(records: Iterable[PlanRecord], language: str) -> None:
    """Give records of one sort and of the site's own language their words in a reader's, where there are any.

    What wagtail-localize left in the original's language, because nobody translated it, is said to be in that one,
    also where the original was reworded since. Two queries, and none in the site's own language.
    """
    given = list(records)
    own = settings.LANGUAGE_CODE
    for record in given:
        record.words = {name: Text(getattr(record, name), own) for name in record.texts}
    if not given or language == own:
        return
    keys = {record.translation_key for record in given}
    rows: Any = type(given[0])._default_manager
    theirs = {
        row.translation_key: row
        for row in rows.filter(live=True, translation_key__in=keys, locale__language_code=language)
    }
    untranslated = _said_before({getattr(row, name) for row in theirs.values() for name in row.texts}, own)
    for record in given:
        row = theirs.get(record.translation_key)
        for name in record.texts if row else ():
            text = getattr(row, name)
            if text and text not in untranslated and text != getattr(record, name):
                record.words[name] = Text(text, language)


def _said_before(texts: set[str], language: str) -> set[str]:
    """Those that the site's pages and records said at any time in a language."""
    hashes = {uuid.uuid5(String.UUID_NAMESPACE, StringValue.from_plaintext(text).data): text for text in texts}
    known = String.objects.filter(locale__language_code=language, data_hash__in=hashes)
    return {hashes[found] for found in known.values_list("data_hash", flat=True)}
