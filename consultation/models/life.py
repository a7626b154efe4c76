"""What changed in the life of a consultation after it had begun: said to everybody on its page."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation


class LifeEvent(models.Model):
    """A dated row for each change of the opening hours and of the day of deletion, each pause and each end of one. Rows
    are only added.
    """

    class Kind(models.TextChoices):
        """What happened."""

        OPENING = "opening", _("Opening date changed")
        CLOSING = "closing", _("Closing date changed")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Went on")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        KEPT = "kept", _("Date of deletion changed")
        RESULTS = "results", _("Results published")
        TAKEN_BACK = "taken_back", _("Results taken back")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="life")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    before = models.DateTimeField(_("before"), null=True, blank=True)
    after = models.DateTimeField(_("after"), null=True, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text="Who saved what was published, where that is known. It is not shown to the public.",
    )

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change in the life of a consultation")
        verbose_name_plural = _("changes in the lives of consultations")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_earlier(self) -> bool:
        """Whether a date was brought forward; no closing date is the latest there is."""
        return self.after is not None and (self.before is None or self.after < self.before)
