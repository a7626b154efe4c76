"""In which texts something was seen that looks like personal data: a list of work, not a judgement."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.ledger import Response


class Sighting(models.Model):
    """That a text looks as if it held personal data. What was seen is not stored."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="sightings", db_index=False)
    question = models.PositiveSmallIntegerField(_("question number"))
    option = models.PositiveSmallIntegerField(_("option number"), default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["response", "question", "option"], name="sighting_of_answer")]
        verbose_name = _("sighting of personal data")
        verbose_name_plural = _("sightings of personal data")

    def __str__(self) -> str:
        return f"{self.response_id}/{self.question}"


class Search(models.Model):
    """How far the texts of a consultation were looked through, and by which rules."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="+")
    response = models.BigIntegerField(_("last response looked at"), default=0)
    rules = models.PositiveSmallIntegerField(_("rules"), default=0)

    class Meta:
        default_permissions = ()
        verbose_name = _("search for personal data")
        verbose_name_plural = _("searches for personal data")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.response}"
