"""What officers do with single responses: read them, redact their words; and the trail of who handled which."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.ledger import Response


class ReadMark(models.Model):
    """That a response was read, by whom and when. It is one for all officers, and goes when it is marked unread."""

    response = models.OneToOneField(Response, models.CASCADE, primary_key=True, related_name="read_mark")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("user name"), max_length=150, help_text="Stays when the user is deleted.")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("mark of a response that was read")
        verbose_name_plural = _("marks of responses that were read")

    def __str__(self) -> str:
        return f"{self.response_id}: {self.name}"


class Redaction(models.Model):
    """A copy of one text without what could tell who wrote it. The original stays as it was written.

    It goes where the original goes: it is a text of the same person.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="redactions", db_index=False)
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.PositiveSmallIntegerField(_("option number"), default=0)
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("user name"), max_length=150, help_text="Stays when the user is deleted.")
    at = models.DateTimeField(_("when"), auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["response", "question", "option"], name="redaction_of_answer")]
        ordering = ["question", "option"]
        verbose_name = _("redacted copy")
        verbose_name_plural = _("redacted copies")

    def __str__(self) -> str:
        return self.text[:50]


class Handling(models.Model):
    """That a member of staff handled one person's response. Rows are added in trail.py and never changed.

    What is done again within the hour is no new row.
    """

    class Act(models.TextChoices):
        """What was done."""

        VIEWED = "viewed", _("Viewed")
        EXPORTED = "exported", _("Exported")
        REDACTED = "redacted", _("Redacted")
        QUOTED = "quoted", _("Quoted")
        ERASED = "erased", _("Erased")

    response = models.ForeignKey(Response, models.CASCADE, related_name="handlings", db_index=False)
    act = models.CharField(_("what was done"), max_length=10, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("user name"), max_length=150, help_text="Stays when the user is deleted.")
    hour = models.DateTimeField(_("in the hour from"))
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["response", "act", "name", "hour"], name="handled_once_an_hour")]
        indexes = [models.Index(fields=["-at", "-id"], name="handling_newest")]
        ordering = ["-at", "-pk"]
        verbose_name = _("handling of a response")
        verbose_name_plural = _("handlings of responses")

    def __str__(self) -> str:
        return f"{self.response_id}: {self.act}"
