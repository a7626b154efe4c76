"""A consultation: what its pages in all languages share, and what its answers hang on."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation import equality

if TYPE_CHECKING:
    from consultation.models.instrument import Version


OUTCOME_WITHIN = dt.timedelta(weeks=12)  # of closing; after that it is overdue


class State(models.TextChoices):
    """Where a consultation is in its life; computed from the time and what editors published, never stored."""

    FORTHCOMING = "forthcoming", _("Opens soon")
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    OUTCOME = "outcome", _("Outcome published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Halt(models.TextChoices):
    """Why no answers are taken although it would be open. It is decided where the opening hours are: decision 20."""

    NONE = "", _("No: it goes by its dates")
    PAUSED = "paused", _("Paused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Consultation(models.Model):
    """The language-neutral record, found by the translation key of its pages.

    Responses hang on it, never on a page, so nothing that happens to a page can reach them.
    """

    class Results(models.TextChoices):
        """When the public sees rounded figures on the theme's page."""

        NEVER = "never", _("Never")
        AFTER = "after", _("After it has closed")
        WHILE_OPEN = "open", _("While it is open, in steps of ten responses")

    MOST_SEGMENTS = 3

    key = models.UUIDField(_("key"), unique=True)
    title = models.CharField(_("title"), max_length=255)
    language = models.CharField(_("leading language"), max_length=20)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    halt = models.CharField(
        _("paused or withdrawn"), max_length=10, choices=Halt, blank=True, default="", db_default=""
    )
    outcome_due = models.DateField(_("outcome expected by"), null=True, blank=True)
    outcome_on = models.DateField(_("date of the outcome"), null=True, blank=True)
    # What people were promised: life.py sees to it that nobody's is broken.
    kept_until = models.DateField(
        _("personal data is kept until"), null=True, blank=True, help_text="Everybody's goes on this day."
    )
    kept_months = models.PositiveSmallIntegerField(
        _("months for which personal data is kept"), null=True, blank=True, help_text="Counted from each response."
    )
    results = models.CharField(_("public figures"), max_length=10, choices=Results, default=Results.AFTER)
    ask_equality = models.BooleanField(_("asks the equality questions"), default=False, db_default=False)
    political_basis = models.TextField(
        _("lawful basis of asking for political opinions"), blank=True, default="", db_default=""
    )
    segments = models.JSONField(
        _("segments"),
        default=list,
        blank=True,
        help_text="Numbers of up to three single-choice questions by which every figure is counted, too.",
    )
    version = models.ForeignKey(
        "Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("current version")
    )
    stamp = models.PositiveIntegerField(
        default=0, help_text="Goes up with each change of structure or wording, so that caches know."
    )

    class Meta:
        ordering = ["-opens_at", "-pk"]
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        permissions = [
            ("view_summary", "Can see officers' summaries"),
            ("download_open", "Can download published figures as open data"),
            ("download_responses", "Can download responses without personal data"),
            ("download_full", "Can download responses with personal data"),
            ("decide_on_held", "Can decide on held responses"),
            ("view_equality", "Can see rounded equality figures"),
            ("read_responses", "Can read single responses"),
            ("redact_responses", "Can redact what people wrote"),
            ("erase_responses", "Can erase single responses"),
            ("view_audit", "Can see who handled which response"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def published(self) -> "Version":
        """The current version. Only what was published can be answered."""
        if self.version is None:
            raise ValueError(f"consultation {self.pk} was never published")
        return self.version

    @property
    def equality_questions(self) -> tuple[equality.Question, ...]:
        """The equality questions that it asks now: none unless its editor says so."""
        return equality.asked(self.ask_equality, self.political_basis)

    def state(self, now: dt.datetime | None = None) -> State:
        """Where it is in its life at that instant (by default, now)."""
        now = now or timezone.now()
        if self.halt == Halt.WITHDRAWN:
            return State.WITHDRAWN
        if now < self.opens_at:
            return State.FORTHCOMING
        if self.has_closed(now):
            return State.OUTCOME if self.has_outcome(now) else State.CLOSED
        return State.PAUSED if self.halt == Halt.PAUSED else State.OPEN

    def has_closed(self, now: dt.datetime | None = None) -> bool:
        """Whether its closing time has come, whatever was published since."""
        return self.closes_at is not None and (now or timezone.now()) >= self.closes_at

    def has_outcome(self, now: dt.datetime | None = None) -> bool:
        """Whether the day of its outcome has come."""
        return self.outcome_on is not None and self.outcome_on <= timezone.localdate(now)

    @property
    def is_overdue(self) -> bool:
        """Whether it closed so long ago that something should have been said about what came of it."""
        return self.state() == State.CLOSED and self.has_closed(timezone.now() - OUTCOME_WITHIN)
