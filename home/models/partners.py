"""The list of partners."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from home.models.base import BasePage
from home.models.blocks import BodyBlock
from home.models.partner import Partner
from home.models.plan_listing import partners


class PartnersPage(BasePage):
    """Who takes part in community planning, by sector. The partners are records, not its children."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"), help_text=_("Stands above the list."))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["home.HomePage", "home.PlanPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of partners")
        verbose_name_plural = _("lists of partners")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the partners of today by sector, and the former ones."""
        entries = partners(self.lang)
        today = [entry for entry in entries if entry.partner.is_partner]
        sectors = [
            (sector.label, [entry for entry in today if entry.partner.sector == sector]) for sector in Partner.Sector
        ]
        return {
            **super().get_context(request, *args, **kwargs),
            "sectors": [(label, listed) for label, listed in sectors if listed],
            "former": [entry for entry in entries if entry.partner.is_former],
        }
