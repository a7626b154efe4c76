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
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    PETITION = "petition", _("Petition")


class Response(models.Model):
    """What one person or organisation answered, once. Rows are added in ledger.py and changed in changes.py.

    Only counted ones are in any figure or file. The others keep their key, so that sending again finds them.
    """

    class State(models.TextChoices):
        """Whether a response counts, and if not, why."""

        COUNTED = "counted", _("Counted")
        HELD = "held", _("Held until an officer decides")
        REJECTED = "rejected", _("Rejected by an officer")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced by a correction")
        ERASED = "erased", _("Erased")

    # Without indexes of their own: response_tail begins with the consultation, and versions are never deleted.
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="responses", db_index=False)
    key = models.UUIDField(_("key of the answering"), unique=True)
    reference = models.CharField(_("reference"), max_length=12, unique=True, null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, db_default=State.COUNTED, default=State.COUNTED)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    language = models.CharField(_("language"), max_length=20)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    answers = models.JSONField(_("answers"), help_text="Value by question number, see consultation/kinds.")
    received_at = models.DateTimeField(_("received"), db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["consultation", "id"], name="response_tail"),
            # Few are held, so the others cost it nothing.
            models.Index(
                fields=["consultation", "state"],
                condition=models.Q(state__in=["held", "rejected"]),
                name="response_held",
            ),
        ]
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return self.reference or f"#{self.pk}"


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


class Correction(models.Model):
    """Which response took the place of which: of those that were replaced, only the time is left.

    What staff had keyed in wrongly and put right says who did, and when; it was received when it was.
    """

    new = models.OneToOneField(Response, models.CASCADE, primary_key=True, related_name="corrects")
    old = models.OneToOneField(Response, models.CASCADE, related_name="corrected_by")
    operator = models.CharField(
        _("operator"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text="The user's name, which stays; empty where whoever sent it did it.",
    )
    at = models.DateTimeField(_("when"), null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"
