"""What retention leaves behind: counts of what is gone, and a row for each time that something went."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation


class KeptCount(models.Model):
    """How often something was said that is no longer in the ledger: answers that could tell who gave them.

    Cells as in the tally, which is the ledger counted and these. Added to in changes.py alone.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="kept_counts")
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.SmallIntegerField(_("option number"))
    segment = models.CharField(_("segment"), max_length=12, blank=True)
    value = models.CharField(_("value of the segment"), max_length=20, blank=True)
    n = models.IntegerField(_("responses"))
    total = models.BigIntegerField(_("sum of numbers, in thousandths"), default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "question", "option", "segment", "value"], name="kept_cell"
            ),
        ]
        verbose_name = _("count of what was deleted")
        verbose_name_plural = _("counts of what was deleted")

    def __str__(self) -> str:
        return f"{self.question}/{self.option} {self.segment}={self.value}: {self.n}"


class RetentionRun(models.Model):
    """That the time of a consultation's personal data had come: what was stripped, when, how far it is.

    It names nobody, and stays. One that has no end goes on with the next tick.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="retention_runs")
    before = models.DateTimeField(_("received before"), null=True, help_text="Empty: everything.")
    reached = models.BigIntegerField(_("last response looked at"), default=0)
    mixed = models.UUIDField(_("last equality answers stored anew"), null=True)
    responses = models.PositiveIntegerField(_("responses stripped"), default=0)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=models.Q(ended_at=None), name="one_retention_run_at_once"
            )
        ]
        verbose_name = _("deletion of personal data")
        verbose_name_plural = _("deletions of personal data")

    def __str__(self) -> str:
        return f"{self.consultation}: {self.responses}"
