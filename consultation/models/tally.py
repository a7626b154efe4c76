"""What is read instead of the ledger: counts, how far they reach, and what the public was last shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation


class Tally(models.Model):
    """How many of a segment's responses chose an option, up to the watermark.

    question 0 counts responses; option 0 counts asked, option -1 answered. The whole has the segment "";
    others are "language" and "channel", with the value that the responses share; "day", of responses alone; and one for
    each question that officers compare by.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="tallies")
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.SmallIntegerField(_("option number"))
    segment = models.CharField(_("segment"), max_length=12, blank=True)
    value = models.CharField(_("value of the segment"), max_length=20, blank=True)
    n = models.IntegerField(_("responses"))
    total = models.BigIntegerField(_("sum of numbers, in thousandths"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "question", "option", "segment", "value"], name="tally_cell"
            ),
        ]
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.question}/{self.option} {self.segment}={self.value}: {self.n}"


class Watermark(models.Model):
    """The largest response id that the tally of a consultation includes; its row's lock guards both."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="watermark")
    response = models.BigIntegerField(_("last response folded"), default=0)

    class Meta:
        verbose_name = _("watermark")
        verbose_name_plural = _("watermarks")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.response}"


class PinnedResult(models.Model):
    """Rounded figures as the public sees them, frozen until at least ten more responses have come.

    A question's own are frozen until ten more people have answered it.
    """

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="pinned")
    received = models.PositiveIntegerField(_("responses included"), help_text="Exact, never shown to the public.")
    cut_off = models.DateTimeField(_("cut-off"))
    figures = models.JSONField(_("rounded figures"), help_text="See consultation/pin.py.")
    bases = models.JSONField(
        _("people behind the figures, by question"), default=dict, help_text="Exact, never shown to the public."
    )

    class Meta:
        verbose_name = _("pinned result")
        verbose_name_plural = _("pinned results")

    def __str__(self) -> str:
        return f"{self.consultation_id} at {self.cut_off}"
