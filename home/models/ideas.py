"""The page of ideas: always open, read before they are shown, listed by theme with what became of each."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from consultation.access import is_public
from consultation.models import Theme
from home.models.base import BasePage
from home.models.blocks import FEATURES
from home.models.idea_list import by_theme, chosen, listed, share_address, with_themes

PAGE_SIZE = 20


class IdeasPage(BasePage):
    """Where ideas are shared and shown, in one language. The ideas are those of all languages, not its children."""

    introduction = RichTextField(
        _("introduction"),
        blank=True,
        default="",
        features=FEATURES,
        help_text=_("What ideas are wanted, who reads them and what becomes of them."),
    )

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    search_fields = [*BasePage.search_fields, index.SearchField("introduction")]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    show_in_menus_default = True

    class Meta:
        verbose_name = _("page of ideas")
        verbose_name_plural = _("pages of ideas")

    @cached_property
    def share_address(self) -> str:
        """Where an idea is shared; empty while this page is a draft."""
        return share_address(self.lang) if self.live else ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the ideas that are shown, of one theme where one is chosen."""
        themes = by_theme(self.lang)
        theme = chosen(themes, request.GET.get("theme", ""))
        shown = Paginator(listed(theme), PAGE_SIZE).get_page(request.GET.get("page"))
        return {
            **super().get_context(request, *args, **kwargs),
            "themes": themes,
            "theme": theme,
            "total": listed(None).count(),
            "shown": shown,
            "ideas": with_themes(shown.object_list, themes),
            "query": f"theme={theme.value}&" if theme else "",
        }


@dataclass(frozen=True)
class Invitation:
    """The way to the ideas from another page: in the reader's language, or else in the site's own."""

    page: IdeasPage
    language: str
    share_address: str
    list_address: str


def invitation(language: str, theme: Theme | None = None) -> Invitation | None:
    """Where ideas are shared and shown, on a theme where one is given; None where no such page is live."""
    live = IdeasPage.objects.live().filter(is_public(), alias_of=None).select_related("locale").defer("introduction")
    found = {page.locale.language_code: page for page in live}
    for code in (language, settings.LANGUAGE_CODE):
        if code in found:
            query = f"?theme={theme.pk}" if theme else ""
            return Invitation(found[code], code, share_address(code) + query, f"{found[code].url or ''}{query}")
    return None
