"""The outbox: e-mails that were promised and that the mail server has not taken yet."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.models.draft import Draft
from consultation.models.idea import Idea
from consultation.models.subscriber import Subscriber


class Message(models.Model):
    """An e-mail on its way, deleted as soon as the server has taken it; written and read in outbox.py.

    One that was given up stays for a while as a mark without address, subject and text.
    """

    class State(models.TextChoices):
        """Whether it is still tried."""

        WAITING = "waiting", _("Waiting")
        GIVEN_UP = "given-up", _("Given up")

    # What is still to be sent goes with the draft, the idea or the subscriber that it tells of.
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, blank=True, related_name="+")
    idea = models.ForeignKey(Idea, models.CASCADE, null=True, blank=True, related_name="+")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    to = models.CharField(_("e-mail address"), max_length=320)
    subject = models.CharField(_("subject"), max_length=255)
    body = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=20)
    stop = models.CharField(
        _("address to unsubscribe at"), max_length=500, blank=True, default="", db_default="", help_text="In a header."
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fault = models.CharField(_("why the last attempt failed"), max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="message_due")]
        verbose_name = _("e-mail on its way")
        verbose_name_plural = _("e-mails on their way")

    def __str__(self) -> str:
        return str(self.key)
