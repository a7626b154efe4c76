"""News."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from consultation.models import Theme
from home.models.base import BasePage
from home.models.blocks import BodyBlock
from home.models.theme_links import theme_links


class NewsPage(BasePage):
    """One item of news."""

    date = models.DateField(_("date"), default=timezone.localdate, help_text=_("The date that readers see."))
    image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("image")
    )
    image_alt = models.CharField(
        _("what the image shows"),
        max_length=255,
        blank=True,
        default="",
        help_text=_("Read aloud to people who can't see the image. Required with an image."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("date"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading=_("Image")),
        FieldPanel("body"),
        InlinePanel("themes", heading=_("Themes"), label=_("Theme"), max_num=6),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("date")]
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    def clean(self) -> None:
        """Require words for the image."""
        super().clean()
        if self.image_id and not self.image_alt:
            raise ValidationError({"image_alt": _("Say what the image shows.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the themes that the item belongs to."""
        themes = [link.theme for link in self.themes.select_related("theme")]
        return {**super().get_context(request, *args, **kwargs), "themes": theme_links(themes, self.lang).values()}


class NewsTheme(Orderable):
    """A theme that a news item belongs to. wagtail-localize copies these rows as they are to every translation."""

    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="themes")
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+", verbose_name=_("theme"))

    panels = [FieldPanel("theme")]

    class Meta(Orderable.Meta):
        verbose_name = _("theme of a news item")
        verbose_name_plural = _("themes of news items")

    def __str__(self) -> str:
        return str(self.theme)
