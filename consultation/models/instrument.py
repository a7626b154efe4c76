"""The questionnaire as it is kept: numbers that are never used again, versions of structure, dated wordings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.theme import Theme


class Question(models.Model):
    """A question, identified by consultation and block id; the ledger knows it by its number."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"))
    key = models.CharField(_("column key"), max_length=40)
    block = models.CharField(_("block id"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="questions")
    bins = models.JSONField(_("bins"), default=list, blank=True, help_text="Lower edges, fixed at first publication.")
    position = models.PositiveSmallIntegerField(_("position"), help_text="Its place when it was last asked.")
    retired_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="question_number"),
            models.UniqueConstraint(fields=["consultation", "block"], name="question_block"),
            models.UniqueConstraint(fields=["consultation", "key"], name="question_key"),
        ]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.key


class Option(models.Model):
    """An option of a question, identified by question and list item id."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField(_("number"))
    key = models.CharField(_("column key"), max_length=40)
    item = models.CharField(_("list item id"), max_length=40)
    role = models.CharField(_("role"), max_length=12, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    retired_at = models.DateTimeField(_("no longer offered since"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="option_number"),
            models.UniqueConstraint(fields=["question", "item"], name="option_item"),
            models.UniqueConstraint(fields=["question", "key"], name="option_key"),
        ]
        verbose_name = _("option")
        verbose_name_plural = _("options")

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """The structure of a questionnaire, immutable: a response names the version that it answered."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    digest = models.CharField(_("digest"), max_length=64)
    structure = models.JSONField(_("structure"))
    created_at = models.DateTimeField(_("first published"), auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="version_number"),
            models.UniqueConstraint(fields=["consultation", "digest"], name="version_digest"),
        ]
        verbose_name = _("version")
        verbose_name_plural = _("versions")

    def __str__(self) -> str:
        return str(self.number)


class Wording(models.Model):
    """The words of one item in one language from a date on; never overwritten.

    An empty text says that from then on the item has no wording in this language.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="wordings")
    item = models.CharField(_("item"), max_length=60, help_text="See consultation/questionnaire.py.")
    language = models.CharField(_("language"), max_length=20)
    text = models.TextField(_("text"), blank=True)
    since = models.DateTimeField(_("from"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consultation", "language"], name="wording_lookup")]
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")

    def __str__(self) -> str:
        return self.text
