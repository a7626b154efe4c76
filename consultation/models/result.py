"""Results that were published: frozen figures in frozen words, version by version."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation


class PublishedResult(models.Model):
    """One version of what people told us in a consultation. Taking it back alone changes its row; nothing deletes it.

    Everything a reader sees of it is stored here and in its editions: neither answers nor wordings are read again.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="published_results")
    number = models.PositiveSmallIntegerField(_("version"))
    cut_off = models.DateTimeField(_("cut-off"))
    figures = models.JSONField(_("rounded figures"), help_text="See consultation/pin.py.")
    received = models.PositiveIntegerField(_("responses included"), help_text="Exact, never shown to the public.")
    bases = models.JSONField(_("people behind the figures, by question"), help_text="Exact, never shown to the public.")
    licence = models.CharField(_("licence"), max_length=120)
    licence_url = models.URLField(_("address of the licence"))
    published_at = models.DateTimeField(_("published"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    publisher = models.CharField(_("publisher"), max_length=150, help_text="The user's name, which stays.")
    taken_back_at = models.DateTimeField(_("taken back"), null=True)
    taken_back_by = models.CharField(_("taken back by"), max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("publish_results", "Can publish results and take them back")]
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="result_number")]
        ordering = ["number"]
        verbose_name = _("published result")
        verbose_name_plural = _("published results")

    def __str__(self) -> str:
        return f"{self.consultation_id}/{self.number}"

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.taken_back_at is None


class ResultEdition(models.Model):
    """A version in one language: what its page shows, and its files to the letter.

    Texts by officers are empty where the leading language's stand for them.
    """

    result = models.ForeignKey(PublishedResult, models.PROTECT, related_name="editions")
    language = models.CharField(_("language"), max_length=20)
    note = models.TextField(_("how to read it"), blank=True)
    reason = models.TextField(_("why there is a new version"), blank=True)
    taken_back_reason = models.TextField(_("why it was taken back"), blank=True, default="", db_default="")
    content = models.JSONField(_("content"), help_text="See consultation/edition.py.")
    files = models.JSONField(_("files"), help_text="Texts by the name of the file.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["result", "language"], name="edition_language")]
        verbose_name = _("edition of a published result")
        verbose_name_plural = _("editions of published results")

    def __str__(self) -> str:
        return f"{self.result} {self.language}"
