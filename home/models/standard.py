"""Pages of text: accessibility, privacy, cookies, contact and the like."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from home.models.base import BasePage
from home.models.blocks import BodyBlock


class StandardPage(BasePage):
    """A page of text."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))
    in_footer = models.BooleanField(
        _("show at the foot of every page"),
        default=False,
        help_text=_("For pages that readers look for there: accessibility, privacy, cookies, contact."),
    )

    with_contact = models.BooleanField(
        _("show the contact e-mail"),
        default=False,
        db_default=False,
        help_text=_("Below the text, the address that an administrator set for the whole site."),
    )

    content_panels = [*BasePage.content_panels, FieldPanel("body"), FieldPanel("with_contact")]
    promote_panels = [*BasePage.promote_panels, FieldPanel("in_footer")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types = ["home.HomePage", "home.PlanPage", "home.ThemePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
