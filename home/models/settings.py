"""What an administrator sets for the whole site."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="site")
class SiteLook(BaseSiteSetting):
    """The names at the head and foot of every page, and the demonstration notice."""

    name = models.CharField(
        _("name of the site"),
        max_length=60,
        default="Connected",
        help_text=_("Stands at the top of every page and in the title of the browser's window."),
    )
    council = models.CharField(
        _("name of the council"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("Stands under the site's name and at the foot of every page."),
    )
    contact_email = models.EmailField(
        _("contact e-mail"),
        blank=True,
        default="",
        help_text=_("Where readers ask questions, and ask for other formats or paper copies."),
    )
    social_image = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture for social networks"),
        help_text=_(
            "Shown where somebody shares a page without a picture of its own: at least 1,200 pixels wide and 630 high."
        ),
    )
    social_image_alt = models.CharField(
        _("what the picture shows"),
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text=_("Read aloud to people who can't see the picture. Required with a picture."),
    )
    demonstration = models.BooleanField(
        _("show the demonstration notice"),
        default=False,
        help_text=_("Says on every page that this is a demonstration and not a council service."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("council"),
        FieldPanel("contact_email"),
        MultiFieldPanel([FieldPanel("social_image"), FieldPanel("social_image_alt")], heading=_("Social networks")),
        FieldPanel("demonstration"),
    ]

    class Meta:
        verbose_name = _("look of the site")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Require words for the picture."""
        super().clean()
        if self.social_image_id and not self.social_image_alt.strip():
            raise ValidationError({"social_image_alt": _("Say what the picture shows.")})
