"""What staff bring in together: a pile of paper forms that is keyed in, or one spreadsheet; and what came with it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation
from consultation.models.instrument import Version
from consultation.models.ledger import Channel, Response


class Batch(models.Model):
    """Responses that staff brought in together, so that they can be checked, and undone, together.

    It stays when it is undone, and says who did that and when; where it says who and not yet when, it is being undone.
    """

    class Source(models.TextChoices):
        """How its responses came into the ledger."""

        KEYED = "keyed", _("Keyed in")
        FILE = "file", _("Spreadsheet")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="batches")
    source = models.CharField(_("source"), max_length=5, choices=Source)
    name = models.CharField(_("name"), max_length=100, help_text=_("What is written on the pile, or the file's name."))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    language = models.CharField(_("language"), max_length=20)
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="+", verbose_name=_("questionnaire"), db_index=False
    )
    received_on = models.DateField(
        _("received on"),
        null=True,
        blank=True,
        help_text=_(
            "The day on which these arrived, since that decides whether they came in time. A single sheet can have a "
            "day of its own. On the telephone, leave it empty where each call is keyed in as it comes."
        ),
    )
    checked_twice = models.BooleanField(
        _("second check"), default=False, help_text=_("Somebody else keys each response again, and both have to agree.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    operator = models.CharField(_("operator"), max_length=150, help_text="The user's name, which stays.")
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    undone_by = models.CharField(_("undone by"), max_length=150, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        default_permissions = ()
        permissions = [("bring_in_responses", "Can key in and import responses")]
        ordering = ["-begun_at", "-pk"]
        verbose_name = _("batch")
        verbose_name_plural = _("batches")

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """How one response came in with a batch: under which number, who keyed it in, and who checked it."""

    response = models.OneToOneField(Response, models.CASCADE, primary_key=True, related_name="entry")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(_("number"), help_text="Of the sheet in the pile, or of the row in the file.")
    operator = models.CharField(_("operator"), max_length=150, help_text="The user's name, which stays.")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    checked_by = models.CharField(_("checked by"), max_length=150, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="entry_of_batch")]
        ordering = ["batch", "number"]
        verbose_name = _("entry of a batch")
        verbose_name_plural = _("entries of batches")

    def __str__(self) -> str:
        return f"{self.batch} {self.number}"


class SecondKeying(models.Model):
    """What a second person keyed in of the same sheet where it is not the same, until somebody decides.

    It says what a person said, so it goes where their words go.
    """

    response = models.OneToOneField(Response, models.CASCADE, primary_key=True, related_name="second_keying")
    answers = models.JSONField(_("answers"), help_text="As a draft keeps them.")
    operator = models.CharField(_("operator"), max_length=150, help_text="The user's name, which stays.")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("second keying")
        verbose_name_plural = _("second keyings")

    def __str__(self) -> str:
        return f"{self.response_id}: {self.operator}"
