"""What officers took away: a row for each download, and the files that are made for them beforehand."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.models.consultation import Consultation


class Level(models.TextChoices):
    """How much of what people answered a file has. Each needs a right of its own; none has equality answers."""

    OPEN = "open", _("Open data")
    ANALYSIS = "analysis", _("Analysis")
    FULL = "full", _("With personal data")


class Format(models.TextChoices):
    """What the file is."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel (.xlsx)")
    ODS = "ods", _("OpenDocument (.ods)")
    ZIP = "zip", _("Files in a .zip")


class Downloads(models.QuerySet["Download"]):
    """Rows that nobody changes or deletes, through whatever door; downloads.py forgets them after years."""

    def update(self, **changes: Any) -> int:
        """No row is changed."""
        raise TypeError("a download stays as it was logged: see downloads.py")

    def delete(self) -> tuple[int, dict[str, int]]:
        """No row is deleted."""
        raise TypeError("a download stays logged")


class Download(models.Model):
    """Who began to download what, and when. Rows are added in downloads.py and never changed."""

    class Holds(models.TextChoices):
        """What it is a file of."""

        RESPONSES = "responses", _("a row for each response")
        ANSWERS = "answers", _("a row for each answer")
        PACKAGE = "package", _("the package")
        FIGURES = "figures", _("published figures")
        IDEAS = "ideas", _("ideas")
        CROSSTAB = "crosstab", _("one question by another")

    # The name stays when the account goes.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("by"),
    )
    name = models.CharField(_("user name"), max_length=150)
    # Empty for ideas, which belong to none.
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, null=True, related_name="downloads", verbose_name=_("consultation")
    )
    holds = models.CharField(_("what"), max_length=10, choices=Holds)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    format = models.CharField(_("format"), max_length=5, choices=Format)
    language = models.CharField(_("language"), max_length=20, blank=True)
    filtered = models.TextField(_("filter"), blank=True, help_text="In words; empty: everything.")
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)

    objects = Downloads.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        default_permissions = ()
        permissions = [("view_downloads", "Can see who downloaded what")]
        verbose_name = _("download")
        verbose_name_plural = _("downloads")

    def __str__(self) -> str:
        return f"{self.name}: {self.consultation or self.get_holds_display()}, {self.get_level_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row."""
        if self.pk is not None:
            raise TypeError("a download stays as it was logged")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """No row is deleted."""
        raise TypeError("a download stays logged")

    @property
    def said(self) -> str:
        """What it was, in words."""
        said = [self.get_holds_display(), self.get_format_display(), self.language, self.filtered]
        return ", ".join(str(part) for part in said if part)


class DownloadEnd(models.Model):
    """How a download ended. One that has none is still going on, or the server was stopped meanwhile."""

    download = models.OneToOneField(Download, models.PROTECT, primary_key=True, related_name="end")
    complete = models.BooleanField(_("complete"), help_text="If not, it was broken off.")
    rows = models.PositiveIntegerField(_("rows handed over"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, help_text="Of the whole file.")
    at = models.DateTimeField(_("ended"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("end of a download")
        verbose_name_plural = _("ends of downloads")

    def __str__(self) -> str:
        return self.sha256 or str(_("broken off"))


class Export(models.Model):
    """A file so large that `tick` makes it, and whoever asked for it fetches it afterwards. It is kept for a day."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="exports")
    holds = models.CharField(_("what"), max_length=10, choices=Download.Holds)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    format = models.CharField(_("format"), max_length=5, choices=Format)
    form = models.CharField(_("values"), max_length=10)
    language = models.CharField(_("language"), max_length=20)
    filtered = models.TextField(_("filter"), blank=True, help_text="In words; empty: everything.")
    query = models.TextField(_("filter in an address"), blank=True, help_text="Empty: everything.")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    total = models.PositiveIntegerField(_("responses"))
    rows = models.PositiveIntegerField(_("rows so far"), default=0)
    file = models.CharField(_("file"), max_length=100, blank=True, help_text="Its name in the private storage.")
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last heard of"), auto_now=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.consultation}, {self.get_level_display()}, {self.get_format_display()}"

    @property
    def is_put_off(self) -> bool:
        """Whether there was no place for it, so that it is made again in a minute."""
        return self.state == self.State.WAITING and self.seen_at > timezone.now()

    @property
    def percent(self) -> int:
        """How far it is, as far as is known."""
        return min(99, 100 * self.rows // self.total) if self.total else 0
