"""What every page of the site has."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Locale, Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField
from wagtail_localize.models import TranslationSource

from consultation.access import is_public
from home.models.staleness import fell_behind


@dataclass(frozen=True)
class Translation:
    """A language in which a page can be read."""

    code: str
    name: str  # in the language itself
    page: Page


class BasePage(Page):
    """A page with an introduction, whose publication and deletion happen wholly or not at all."""

    summary = models.TextField(
        _("summary"),
        max_length=400,
        blank=True,
        default="",
        help_text=_("One or two sentences. They open the page and stand beside its title in lists and search results."),
    )

    review_on = models.DateField(
        _("look at it again on"),
        null=True,
        blank=True,
        help_text=_(
            "From this day the page is in the report “Pages to look at again”. A page without a date is there once "
            "nobody has saved it for a year."
        ),
    )

    override_translatable_fields = [SynchronizedField("review_on", overridable=False)]
    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [
        *Page.promote_panels,
        MultiFieldPanel([FieldPanel("review_on")], heading=_("Keeping it up to date")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        abstract = True

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish with all that follows from it; a failure in what follows leaves the page as it was.

        The editor, schedules, workflows and wagtail-localize all pass here; Wagtail itself opens no transaction.
        """
        with transaction.atomic():
            super().publish(revision, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete with all that follows from it; the tree's counts stay right where the deletion is refused."""
        with transaction.atomic():
            return super().delete(*args, **kwargs)

    @cached_property
    def translations(self) -> list[Translation]:
        """The languages in which this page is live, in the site's order. Aliases hold another language's text.

        Where everybody may read this page, those in which everybody may.
        """
        live = Page.objects.live().filter(translation_key=self.translation_key).annotate(is_public=is_public())
        pages = list(live.select_related("locale").defer_streamfields())
        is_for_all = any(page.is_public for page in pages if page.pk == self.pk)
        shown = [page for page in pages if page.alias_of_id is None and (page.is_public or not is_for_all)]
        found = {page.locale.language_code: page for page in shown}
        return [Translation(code, str(name), found[code]) for code, name in settings.LANGUAGES if code in found]

    @cached_property
    def lang(self) -> str:
        """The language that this page's content is really in: an alias under /ga/ holds English."""
        written = {translation.page.pk: translation.code for translation in self.translations}
        return written.get(self.alias_of_id or self.pk) or list(self._aliased())[-1].locale.language_code

    @cached_property
    def newer_original(self) -> Translation | None:
        """The page in the site's own language, where it was published after this translation was last in line with it.

        One query for a translation, none for any other page.
        """
        if self.lang == settings.LANGUAGE_CODE or self.alias_of_id is not None:
            return None
        original = next((item for item in self.translations if item.code == settings.LANGUAGE_CODE), None)
        if original is None:
            return None
        synced = TranslationSource.objects.filter(
            object_id=self.translation_key, translations__target_locale=self.locale_id, translations__enabled=True
        )
        is_behind = fell_behind(
            original.page.last_published_at,
            self.last_published_at,
            synced.values_list("last_updated_at", flat=True).first(),
        )
        return original if is_behind else None

    def _aliased(self) -> Iterator[Page]:
        page: Page | None = self
        while page is not None:
            yield page
            page = page.alias_of

    @cached_property
    def canonical_url(self) -> str:
        """The address of this text, which for an alias is the address of the page it repeats."""
        source = next((item.page for item in self.translations if item.code == self.lang), self)
        return str((source if self.alias_of_id else self).full_url or "")

    @property
    def description(self) -> str:
        """What search engines and social networks show under the title."""
        return str(self.search_description or self.summary)

    @property
    def is_source(self) -> bool:
        """Whether this is the page in the site's default language, from which the others are translated."""
        return self.alias_of_id is None and self.locale_id == Locale.get_default().pk

    @cached_property
    def trail(self) -> list[Page]:
        """The pages above this one, from the home page down. One query."""
        return list(self.get_ancestors().filter(depth__gt=1))
