"""What is suspected of a response, what an officer decided about it, and which networks sent in haste today."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.ledger import Response


class Reason(models.TextChoices):
    """Why a response is held, as officers read it."""

    TRAP = "trap", _("Something was written into a field that people do not see.")
    PACE = "pace", _("It was sent faster than people answer, and so were others from the same network on that day.")
    OUTSIDE = "outside", _("It was received outside the time in which answers were taken.")


class Suspicion(models.Model):
    """A reason for which a response was held when it came. It says nothing of who sent it."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="suspicions", db_index=False)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "reason"], name="suspicion_once")]
        ordering = ["pk"]
        verbose_name = _("suspicion")
        verbose_name_plural = _("suspicions")

    def __str__(self) -> str:
        return str(self.get_reason_display())


class Decision(models.Model):
    """Who released or rejected a response, and when. Rows are added in decisions.py and never changed."""

    class Verdict(models.TextChoices):
        """What was decided."""

        RELEASED = "released", _("Released")
        REJECTED = "rejected", _("Rejected")

    response = models.ForeignKey(Response, models.CASCADE, related_name="decisions")
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("user name"), max_length=150, help_text="Stays when the user is deleted.")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.response_id}: {self.verdict}"


class Haste(models.Model):
    """How many sendings of one network were too quick on one day; see haste.py. Deleted on the next."""

    day = models.DateField(_("day"))
    network = models.CharField(_("network"), max_length=32, help_text="Hashed with a key of that day.")
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+", db_index=False)
    n = models.PositiveIntegerField(_("quick sendings"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "network", "consultation"], name="haste_once")]
        verbose_name = _("haste")
        verbose_name_plural = _("haste")

    def __str__(self) -> str:
        return f"{self.day}: {self.n}"
