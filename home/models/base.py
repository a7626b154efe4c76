"""What every page of the site has."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Page
from wagtail.search import index

from consultation.access import is_public


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

    content_panels = [*Page.content_panels, FieldPanel("summary")]
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
