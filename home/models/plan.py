"""The community plan."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from consultation.access import is_public
from home.models.base import BasePage
from home.models.blocks import BodyBlock
from home.models.theme import ThemePage


class PlanPage(BasePage):
    """The plan on a page: its vision, its stage, and its themes below it."""

    class Stage(models.TextChoices):
        """How far the plan has come."""

        PREPARING = "preparing", _("Being prepared")
        PUBLISHED = "published", _("Published")
        DELIVERING = "delivering", _("Being delivered")
        REVIEW = "review", _("Under review")

    vision = models.TextField(
        _("vision"),
        blank=True,
        default="",
        help_text=_("What the borough will be like, in one sentence. It is shown in large letters."),
    )
    horizon_year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("The year that the vision looks to, such as 2030.")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.PREPARING)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("vision"), FieldRowPanel([FieldPanel("horizon_year"), FieldPanel("stage")])],
            heading=_("The plan"),
        ),
        FieldPanel("body"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("vision"), index.SearchField("body")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.ThemePage", "home.StandardPage"]
    show_in_menus_default = True

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the themes of this plan."""
        themes = ThemePage.objects.live().child_of(self).filter(is_public()).defer("body", "introduction")
        return {**super().get_context(request, *args, **kwargs), "themes": themes.order_by("number", "path")}
