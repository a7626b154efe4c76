"""Who asked to be told what comes of a consultation, kept apart from answers, and what was told so far."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation


class Occasion(models.TextChoices):
    """What subscribers are told of, each once. After all but the first, their addresses are deleted."""

    RESULTS = "results", _("Results published")
    OUTCOME = "outcome", _("Outcome published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Subscriber(models.Model):
    """An e-mail address and the consultation it asked about: no link leads to a response, nor to a draft.

    Whoever has the secret of the e-mails confirms and stops; it is stored hashed. Nothing but a confirmation is sent to
    an address before it was confirmed.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="subscribers", db_index=False)
    key = models.UUIDField(_("key of the secret"), unique=True, default=uuid.uuid4)
    secret = models.CharField(_("hash of the secret"), max_length=64, unique=True)
    to = models.CharField(_("e-mail address"), max_length=320, help_text="In small letters.")
    language = models.CharField(_("language"), max_length=20)
    site = models.URLField(_("address of the site"), max_length=300)
    letters = models.PositiveSmallIntegerField(_("confirmations asked for"), default=0)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    results_at = models.DateTimeField(_("told of results"), null=True)
    done_at = models.DateTimeField(_("told of the end"), null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["consultation", "to"], name="subscribed_once"),
        ]
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")

    def __str__(self) -> str:
        return str(self.key)


class Telling(models.Model):
    """That subscribers of a consultation were to be told of something, from when on, and how many were. No address."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="tellings", db_index=False)
    occasion = models.CharField(_("what of"), max_length=10, choices=Occasion)
    at = models.DateTimeField(_("from"), default=timezone.now)
    told = models.PositiveIntegerField(_("people told"), default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["consultation", "occasion"], name="told_of_once")]
        ordering = ["at", "pk"]
        verbose_name = _("news for subscribers")
        verbose_name_plural = _("news for subscribers")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.occasion}"
