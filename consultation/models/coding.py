"""What officers find texts to say: the codes of a frame, what each coder applied, and what counts of it.

A text is the words of one answer, named by response, question and option; question 0 is what came in letters, e-mails
and petitions. What counts stands in tables of its own, without coder and time, so that it stays when the words go.
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.ledger import Response
from consultation.models.theme import Theme


class CodeFrame(models.Model):
    """The codes by which the texts of one question, or of several, are read."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="frames")
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(
        _("how to code"), blank=True, help_text=_("What coders should know: what counts, and what does not.")
    )
    second_share = models.PositiveSmallIntegerField(
        _("read by a second coder"),
        default=0,
        help_text=_(
            "Per cent of the texts. Somebody else codes them, too, without seeing what the first one found. 0: none."
        ),
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        permissions = [("code_responses", "Can code what people wrote")]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "name"], name="frame_name"),
            models.CheckConstraint(condition=models.Q(second_share__lte=100), name="frame_second_share"),
        ]
        ordering = ["pk"]
        verbose_name = _("code frame")
        verbose_name_plural = _("code frames")

    def __str__(self) -> str:
        return self.name


class CodedQuestion(models.Model):
    """A question whose texts a frame codes; no other frame does. Once one was read, it stays and has its column."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="coded_questions", db_index=False)
    frame = models.ForeignKey(CodeFrame, models.CASCADE, related_name="questions")
    question = models.PositiveSmallIntegerField(_("question number"))
    begun_at = models.DateTimeField(_("first read"), null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["consultation", "question"], name="coded_by_one_frame")]
        ordering = ["question"]
        verbose_name = _("coded question")
        verbose_name_plural = _("coded questions")

    def __str__(self) -> str:
        return f"{self.frame_id}: {self.question}"


class Code(models.Model):
    """Something that people say. Its key is in files and never changes; one that was used is retired, not deleted."""

    frame = models.ForeignKey(CodeFrame, models.CASCADE, related_name="codes", db_index=False)
    key = models.CharField(_("key"), max_length=40)
    name = models.CharField(
        _("name"),
        max_length=80,
        validators=[RegexValidator(r"^[^;(][^;]*$", _("Write no semicolon, and no bracket in the beginning."))],
    )
    description = models.TextField(_("what it means"), blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text=_("A wider code, which is counted with it."),
    )
    shortcut = models.CharField(
        _("key on the keyboard"),
        max_length=1,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-mo-z]$", _("Choose a digit or a small letter other than n."))],
    )
    theme = models.ForeignKey(
        Theme,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="codes",
        verbose_name=_("theme"),
        help_text=_("Empty: the theme of the question."),
    )
    retired_at = models.DateTimeField(_("no longer applied since"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["frame", "key"], name="code_key"),
            models.UniqueConstraint(fields=["frame", "name"], name="code_name"),
            models.UniqueConstraint(
                fields=["frame", "shortcut"], condition=~models.Q(shortcut=""), name="code_shortcut"
            ),
        ]
        ordering = ["pk"]
        verbose_name = _("code")
        verbose_name_plural = _("codes")

    def __str__(self) -> str:
        return self.name


class Coding(models.Model):
    """That somebody read a text and what they found; without a code, that nothing fits. Written in coding.py.

    decides: it is no coder's own, but says what counts after all.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="codings", db_index=False)
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.PositiveSmallIntegerField(_("option number"), default=0)
    decides = models.BooleanField(_("decides"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("user name"), max_length=150, help_text="Stays when the user is deleted.")
    at = models.DateTimeField(_("when"), auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "option", "name"],
                condition=models.Q(decides=False),
                name="coding_of_coder",
            ),
            models.UniqueConstraint(
                fields=["response", "question", "option"], condition=models.Q(decides=True), name="coding_that_decides"
            ),
        ]
        indexes = [models.Index(fields=["response", "question", "option"], name="coding_of_text")]
        ordering = ["pk"]
        verbose_name = _("coding of a text")
        verbose_name_plural = _("codings of texts")

    def __str__(self) -> str:
        return f"{self.response_id}.{self.question}.{self.option}: {self.name}"


class Application(models.Model):
    """A code that somebody applied to a text."""

    coding = models.ForeignKey(Coding, models.CASCADE, related_name="applications", db_index=False)
    code = models.ForeignKey(Code, models.PROTECT, related_name="applications")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["coding", "code"], name="code_applied_once")]
        ordering = ["pk"]
        verbose_name = _("applied code")
        verbose_name_plural = _("applied codes")

    def __str__(self) -> str:
        return f"{self.coding_id}: {self.code_id}"


class CodedText(models.Model):
    """That a text was read, as figures and files know it. It outlives the words and says neither who nor when."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="coded_texts", db_index=False)
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.PositiveSmallIntegerField(_("option number"), default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["response", "question", "option"], name="coded_text")]
        verbose_name = _("coded text")
        verbose_name_plural = _("coded texts")

    def __str__(self) -> str:
        return f"{self.response_id}.{self.question}.{self.option}"


class CodedAs(models.Model):
    """A code that counts."""

    text = models.ForeignKey(CodedText, models.CASCADE, related_name="codes", db_index=False)
    code = models.ForeignKey(Code, models.PROTECT, related_name="counted")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["text", "code"], name="coded_as_once")]
        verbose_name = _("code of a text")
        verbose_name_plural = _("codes of texts")

    def __str__(self) -> str:
        return f"{self.text_id}: {self.code_id}"
