"""The list of news."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from home.models.base import BasePage
from home.models.listing import latest_news, news_items

PAGE_SIZE = 10


class NewsIndexPage(BasePage):
    """The list of news, the latest first."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    show_in_menus_default = True

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the list; a page number that does not exist gives the nearest one that does."""
        shown = Paginator(latest_news(self), PAGE_SIZE).get_page(request.GET.get("page"))
        return {
            **super().get_context(request, *args, **kwargs),
            "shown": shown,
            "news": news_items(shown.object_list, self.lang),
        }
