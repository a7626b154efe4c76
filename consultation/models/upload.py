"""Spreadsheets of responses on their way into the ledger, and what officers said their columns mean."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.batch import Batch
from consultation.models.consultation import Consultation
from consultation.models.download import Format


class Upload(models.Model):
    """A file of responses that an officer brings in, step by step: see spreadsheets/uploads.py.

    The file goes once its rows are in the ledger, or when nothing happens to it for some days. What stays of one that
    was imported is that it was: its name, its digest and its batch, and nothing that stood in it.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Being prepared")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being read")
        CHECKED = "checked", _("Checked")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")

    class Task(models.TextChoices):
        """What is done with its rows."""

        CHECK = "check", _("Check")
        IMPORT = "import", _("Import")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    operator = models.CharField(_("operator"), max_length=150, help_text="The user's name, which stays.")
    name = models.CharField(_("name"), max_length=100, help_text="Of the file, as it was called.")
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    format = models.CharField(_("format"), max_length=5, choices=Format)
    file = models.CharField(_("file"), max_length=100, blank=True, help_text="Its name in the private storage.")
    # How it is read. table: the name in the storage of its rows as plain CSV.
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    sheet = models.CharField(_("sheet"), max_length=255, blank=True)
    header = models.PositiveIntegerField(_("row of the headers"), default=1)
    table = models.CharField(_("table"), max_length=100, blank=True)
    headers = models.JSONField(_("headers"), default=list)
    mapping = models.JSONField(_("mapping"), default=dict, help_text="See spreadsheets/mapping.py.")
    # What was found.
    total = models.PositiveIntegerField(_("rows"), default=0)
    rows = models.PositiveIntegerField(_("rows so far"), default=0)
    good = models.PositiveIntegerField(_("responses"), default=0)
    wrong = models.PositiveIntegerField(_("rows with an error"), default=0)
    kept = models.PositiveIntegerField(_("answers kept against a rule"), default=0)
    problems = models.CharField(_("errors"), max_length=100, blank=True, help_text="Their file in the private storage.")
    # What is being done.
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    task = models.CharField(_("task"), max_length=10, choices=Task, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    only_good = models.BooleanField(_("without the rows with an error"), default=False)
    again = models.BooleanField(_("once more"), default=False, help_text="Although the same file was imported before.")
    batch = models.OneToOneField(Batch, models.PROTECT, null=True, related_name="upload")
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last heard of"), auto_now=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["consultation", "sha256"], name="upload_same")]
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        """How far it is, as far as is known."""
        return min(99, 100 * self.rows // self.total) if self.total else 0

    @property
    def is_moving(self) -> bool:
        """Whether `tick` has it, or soon will."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class KnownColumns(models.Model):
    """What the columns under some headers mean, offered again for the next file with the same headers."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="known_columns")
    digest = models.CharField(_("digest of the headers"), max_length=64)
    mapping = models.JSONField(_("mapping"), help_text="See spreadsheets/mapping.py.")
    at = models.DateTimeField(_("when"), auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["consultation", "digest"], name="columns_of_headers")]
        verbose_name = _("known columns")
        verbose_name_plural = _("known columns")

    def __str__(self) -> str:
        return self.digest[:8]
