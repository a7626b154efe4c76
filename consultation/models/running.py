"""What runs by itself, and how it went the last time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LastRun(models.Model):
    """The last time that something ran which nobody watches: one row for each, written in running.py."""

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    ended_at = models.DateTimeField(_("ended"))
    seconds = models.FloatField(_("seconds it took"))
    failed = models.JSONField(_("what failed"), default=list, help_text="In the words of the log.")
    since = models.DateTimeField(_("since when it has gone like this"), help_text="Well, or with something failing.")

    class Meta:
        default_permissions = ()
        permissions = [("view_state", "Can see the state of the site")]
        verbose_name = _("last run")
        verbose_name_plural = _("last runs")

    def __str__(self) -> str:
        return self.name
