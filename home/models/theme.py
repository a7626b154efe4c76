"""A theme of the plan."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from consultation import ideas, pin
from consultation.models import Idea, State, Theme
from home.models.base import BasePage
from home.models.blocks import FEATURES, BodyBlock
from home.models.event_list import of_theme
from home.models.ideas import invitation
from home.models.listing import consultations, latest_news, news_items
from home.models.plan_listing import actions, indicators, working_groups
from home.models.quote_list import quotes_of_theme
from home.models.statements import by_action, outcomes
from home.models.statements import of_theme as statements_of_theme
from home.models.working_group import members

NEWEST = 3  # ideas that a theme's page shows


class ThemePage(BasePage):
    """What is wanted for one part of life, how it goes, who does what, what people said, and how to take part.

    Its answers hang on a Theme record of the same key; signals.py keeps the record in step with this page.
    """

    number = models.PositiveSmallIntegerField(
        _("number"),
        validators=[MinValueValidator(1)],
        help_text=_("The theme's place in the plan. It also chooses its colour and its figure."),
    )
    introduction = RichTextField(
        _("introduction"),
        blank=True,
        default="",
        features=FEATURES,
        help_text=_("What the theme is about and why it matters here."),
    )
    outcomes = StreamField(
        [("outcome", blocks.CharBlock(label=_("Outcome"), max_length=500, default="", icon="tick"))],
        blank=True,
        verbose_name=_("what we want"),
        help_text=_("One outcome each, as a full sentence: “Everyone can …”."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("number"),
        FieldPanel("introduction"),
        FieldPanel("outcomes"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("outcomes"),
        index.SearchField("body"),
    ]
    parent_page_types = ["home.PlanPage"]
    subpage_types = ["home.WorkingGroupPage", "home.StandardPage"]

    class Meta:
        verbose_name = _("theme page")
        verbose_name_plural = _("theme pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add how it goes, who does what, what people told and where they can tell more. A draft has no record yet."""
        theme = Theme.objects.filter(key=self.translation_key).first()
        entries = consultations(self.lang, theme=theme) if theme else []
        told = outcomes(self.lang) if theme else []
        shown = ideas.shown(Q(theme=theme)) if theme else Idea.objects.none()
        group = working_groups([self], self.lang).get(self.translation_key)
        return {
            **super().get_context(request, *args, **kwargs),
            "indicators": indicators(theme, self.lang) if theme else [],
            "actions": actions(theme, self.lang) if theme else [],
            "group": group,
            "members": members(group.page, self.lang) if group else [],
            "summaries": pin.of_theme(theme, self.lang) if theme else [],
            "quotes": quotes_of_theme(theme, self.lang) if theme else [],
            "changed": statements_of_theme(told, theme) if theme else [],
            "led": by_action(told),
            "sharing": invitation(self.lang, theme),
            "ideas": shown[:NEWEST],
            "ideas_number": shown.count(),
            "open": [entry for entry in entries if entry.state == State.OPEN],
            "other": [entry for entry in entries if entry.state != State.OPEN],
            "events": of_theme(theme, self.lang) if theme else [],
            "news": news_items(latest_news(self, theme=theme)[:5], self.lang) if theme else [],
        }
