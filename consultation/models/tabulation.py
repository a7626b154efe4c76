"""Counts that take too long to wait for: `tick` makes them from the ledger, and they are kept for a while."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation


class Tabulation(models.Model):
    """The cells of a filter, of a cross-table, or of both, as of the last response that was there when it was begun.

    It holds numbers alone. Whoever may see figures and asks the same finds it.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being counted")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    # Who asked first; the counts stay when the account goes.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="tabulations")
    question = models.PositiveSmallIntegerField(_("question"), default=0, help_text="0: every one.")
    across = models.PositiveSmallIntegerField(_("set against question"), default=0, help_text="0: none.")
    query = models.TextField(_("filter in an address"), blank=True, help_text="Empty: everything.")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    total = models.PositiveIntegerField(_("responses to read"))
    done = models.PositiveIntegerField(_("responses read"), default=0)
    last = models.BigIntegerField(_("last response"), default=0)
    segments = models.JSONField(_("segments"), default=list, help_text="The consultation's, when it was counted.")
    cells = models.JSONField(_("cells"), default=list, help_text="Question, option, segment, value, n, total.")
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last heard of"), auto_now=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("tabulation")
        verbose_name_plural = _("tabulations")

    def __str__(self) -> str:
        return f"{self.consultation}: {self.question} × {self.across}"

    @property
    def is_moving(self) -> bool:
        """Whether it is still being made."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        """How far it is, as far as is known."""
        return min(99, 100 * self.done // self.total) if self.total else 0
