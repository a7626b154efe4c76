"""The ledger: one row per response, under short integer keys; its words in a table beside it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.instrument import Version


class Channel(models.TextChoices):
    """How a response reached us."""

    WEB = "web", _("Online form")
    PAPER = "paper", _("Paper form")
    PHONE = "phone", _("Telephone")
    EVENT = "event", _("Event")
    IMPORT = "import", _("Imported file")


class Response(models.Model):
    """What one person or organisation answered, once. Rows change in ledger.py and nowhere else."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="responses")
    key = models.UUIDField(_("key of the answering"), unique=True)
    reference = models.CharField(_("reference"), max_length=12, unique=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=20)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    answers = models.JSONField(_("answers"), help_text="Value by question number, see consultation/kinds.py.")
    received_at = models.DateTimeField(_("received"), db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consultation", "id"], name="response_tail")]
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return self.reference


class AnswerWords(models.Model):
    """The words of one answer: a text, or what stands beside "other"."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="words")
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.PositiveSmallIntegerField(_("option number"), default=0)
    text = models.TextField(_("text"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question", "option"], name="words_of_answer")]
        verbose_name = _("words of an answer")
        verbose_name_plural = _("words of answers")

    def __str__(self) -> str:
        return self.text[:50]
