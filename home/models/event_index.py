"""The list of events."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from home.models.base import BasePage
from home.models.event_list import coming, past, with_themes

PAGE_SIZE = 10
PAST = "past"  # what stands in an address for the events that are over


class EventsPage(BasePage):
    """The list of events: those to come, and on a page of their own those that are over."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.EventPage"]
    max_count_per_parent = 1
    show_in_menus_default = True

    class Meta:
        verbose_name = _("list of events")
        verbose_name_plural = _("lists of events")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the list; a page number that does not exist gives the nearest one that does."""
        is_past = request.GET.get("when") == PAST
        found = past(self.lang) if is_past else coming(self.lang)
        shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        return {
            **super().get_context(request, *args, **kwargs),
            "is_past": is_past,
            "has_past": is_past or past(self.lang).exists(),
            "shown": shown,
            "events": with_themes(shown.object_list, self.lang),
            "query": f"when={PAST}&" if is_past else "",
        }
