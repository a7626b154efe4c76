"""What people wrote, as it is quoted in public: with their consent, and after two members of staff agreed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.ledger import Response
from consultation.models.theme import Theme


class Quote(models.Model):
    """An excerpt of one text, which only leaves out. The original stays as it was written.

    Rows are added and changed in quotes.py alone. A quote goes where the response goes; with retention, what was
    approved stays without the response, and nobody can tell any more who said it.
    """

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        TAKEN_DOWN = "taken-down", _("Taken down")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="quotes")
    response = models.ForeignKey(Response, models.CASCADE, null=True, related_name="quotes")
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.PositiveSmallIntegerField(_("option number"), default=0)
    text = models.TextField(_("quote"))
    language = models.CharField(_("language"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year of the response"))
    organisation = models.CharField(
        _("name of the organisation"), max_length=500, blank=True, help_text="Only where it consented to be named."
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="quotes", verbose_name=_("theme"), db_index=False
    )
    place = models.PositiveSmallIntegerField(_("place"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    reason = models.TextField(_("reason"), blank=True, help_text="Why it was refused or taken down. For staff alone.")
    revision = models.PositiveIntegerField(_("revision"), default=0)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposer = models.CharField(_("proposed by"), max_length=150, help_text="Stays when the user is deleted.")
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    decider = models.CharField(_("decided by"), max_length=150, blank=True, help_text="Stays when the user is deleted.")
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        default_permissions = ()
        permissions = [("publish_quotes", "Can propose and approve quotes")]
        indexes = [
            models.Index(fields=["theme", "state", "place", "id"], name="quote_by_theme"),
        ]
        ordering = ["place", "pk"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
