"""The home page: what one can do now, what the plan says, what is new."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from consultation.access import is_public
from consultation.models import State
from home.models.base import BasePage
from home.models.blocks import BodyBlock
from home.models.event_list import next_event
from home.models.ideas import invitation
from home.models.listing import consultations, latest_news, news_items
from home.models.plan import PlanPage
from home.models.plan_listing import progress
from home.models.theme import ThemePage

LATEST = 3  # outcomes that the home page shows


class HomePage(BasePage):
    """The first page of a language."""

    heading = models.CharField(
        _("heading"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("The large words at the top. Leave empty to use the page's title."),
    )
    body = StreamField(
        BodyBlock(),
        blank=True,
        verbose_name=_("about community planning"),
        help_text=_("Stands below what people can do now, the plan and the news."),
    )

    content_panels = [*BasePage.content_panels, FieldPanel("heading"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("heading"), index.SearchField("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.PlanPage",
        "home.ConsultationIndexPage",
        "home.IdeasPage",
        "home.NewsIndexPage",
        "home.PartnersPage",
        "home.EventsPage",
        "home.StandardPage",
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what is open, where ideas are shared, the next event, the plan with its themes and progress, and news."""
        entries = consultations(self.lang)
        here = is_public() & Q(path__startswith=self.path)
        themes = ThemePage.objects.live().filter(here).defer("body", "introduction").order_by("number", "path")
        return {
            **super().get_context(request, *args, **kwargs),
            "open": [entry for entry in entries if entry.state == State.OPEN and entry.consultation.closes_at],
            "always_open": [e for e in entries if e.state == State.OPEN and not e.consultation.closes_at],
            "sharing": invitation(self.lang),
            "forthcoming": [entry for entry in entries if entry.state == State.FORTHCOMING],
            "outcomes": [entry for entry in entries if entry.state == State.OUTCOME][:LATEST],
            "events": next_event(self.lang),
            "plan": PlanPage.objects.live().filter(here).defer_streamfields().first(),
            "themes": themes,
            "progress": progress([theme.translation_key for theme in themes]),
            "news": news_items(latest_news(self)[:3], self.lang),
        }
