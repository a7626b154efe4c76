"""A draft: the answers of somebody who has not sent them yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.instrument import Version


class Draft(models.Model):
    """One answering, from its first saved section on.

    It was born with its key. What it holds is sent under another one, sends, which is unique in the ledger: that is why
    one answering counts once. The two are the same until what was sent is opened again to be corrected; then sends is
    new, and corrects is the key of the response that is to be replaced.

    The secret in the citizen's cookie and link is stored hashed. Once sent, the draft keeps its keys, loses its answers
    and is the receipt.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="drafts")
    key = models.UUIDField(_("key of the answering"), unique=True)
    sends = models.UUIDField(_("key that the answers are sent under"), unique=True)
    corrects = models.UUIDField(_("key of the response that is corrected"), null=True, blank=True)
    secret = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    place = models.PositiveSmallIntegerField(_("question of the section that was left"), null=True, blank=True)
    letters = models.PositiveSmallIntegerField(_("e-mails asked for"), default=0, db_default=0)
    trapped = models.BooleanField(_("the field that people do not see was filled in"), default=False, db_default=False)
    born_at = models.DateTimeField(_("first form shown"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        # Receipts, which most are in the end, cost it nothing.
        indexes = [
            models.Index(fields=["consultation"], condition=models.Q(sent_at__isnull=True), name="draft_unsent"),
        ]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return f"{self.consultation_id}/{self.pk}"
