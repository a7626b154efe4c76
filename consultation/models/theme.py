"""Themes, as the answers know them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.Model):
    """A theme of the plan that questions belong to.

    The record outlives its page: deleting a theme page or publishing a new plan empties no old summary.
    """

    key = models.UUIDField(_("key"), unique=True, help_text="The translation key of the theme's page.")
    number = models.PositiveSmallIntegerField(_("number"), help_text="Gives the theme its colour and figure.")
    name = models.CharField(_("name"), max_length=255)
    retired_at = models.DateTimeField(_("no longer a theme since"), null=True, blank=True)

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return self.name
