"""Equality answers, apart from everything else that was answered."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.ledger import Response


class EqualityAnswers(models.Model):
    """What one person said to the equality questions, and neither who nor when. Rows change in apart.py alone.

    The key is random, so that the order of the rows says nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="equality_answers")
    answers = models.JSONField(_("answers"), help_text="Option by question, see consultation/equality.py.")

    class Meta:
        default_permissions = ()
        verbose_name = _("equality answers")
        verbose_name_plural = _("equality answers")

    def __str__(self) -> str:
        return f"{self.consultation_id}"


class EqualityLink(models.Model):
    """Whose equality answers they are: read to take them back, to erase them and to count, and cut in the end."""

    response = models.OneToOneField(Response, models.CASCADE, primary_key=True, related_name="+")
    answers = models.OneToOneField(EqualityAnswers, models.CASCADE, related_name="link")

    class Meta:
        default_permissions = ()
        verbose_name = _("link to equality answers")
        verbose_name_plural = _("links to equality answers")

    def __str__(self) -> str:
        return ""


class EqualityFigures(models.Model):
    """Rounded figures as officers see them, frozen until at least ten more people have said something.

    A question's own are frozen until ten more people have answered it.
    """

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="equality_figures")
    answered = models.PositiveIntegerField(_("people included"), help_text="Exact, never shown to anybody.")
    cut_off = models.DateTimeField(_("cut-off"))
    figures = models.JSONField(_("rounded figures"), help_text="See consultation/equality_figures.py.")
    bases = models.JSONField(
        _("people behind the figures, by question"), default=dict, help_text="Exact, never shown to anybody."
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("equality figures")
        verbose_name_plural = _("equality figures")

    def __str__(self) -> str:
        return f"{self.consultation_id} at {self.cut_off}"
