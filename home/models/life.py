"""The life of a consultation as its editors write it: dates, pauses, and what came of it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import get_text_for_indexing
from wagtail_localize.fields import SynchronizedField

from consultation import instrument, life
from consultation.models import Consultation, Halt
from consultation.source import TOLD
from home.models import retention
from home.models.base import BasePage
from home.models.statement import StatementBlock

SHORT = dt.timedelta(weeks=12)
FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol"]


def told(get: Callable[[str], Any]) -> dict[str, str]:
    """What a page tells beside its questionnaire, by the names that answering knows it under."""
    return {name: str(get(name) or "").strip() for name in TOLD}


class ShortTimePanel(HelpPanel):
    """A warning that stands in the editor while the time is short. It blocks nothing."""

    class BoundPanel(HelpPanel.BoundPanel):
        """Bound to a page."""

        def is_shown(self) -> bool:
            """While the dates that are stored leave less than twelve weeks."""
            return bool(self.instance.is_short)


class LifeForm(WagtailAdminPageForm):
    """The editor's form; it says in plain words what is wrong with a time in the night when the clocks change, and
    refuses what is a slip on the day on which it is typed.
    """

    def clean(self) -> dict[str, Any]:
        """Refuse an outcome before its day, and the reason for an earlier change of the dates under a new one."""
        given: dict[str, Any] = super().clean()
        outcome_on, from_when = given.get("outcome_on"), given.get("go_live_at", self.instance.go_live_at)
        if outcome_on and outcome_on > timezone.localdate(max(filter(None, [timezone.now(), from_when]))):
            self.add_error(
                "outcome_on",
                _("This day is still to come. Give the day when it is published, or schedule the page for that day."),
            )
        for field, fault in retention.faults(self.instance, given).items():
            self.add_error(field, fault)
        if self._repeats_the_reason(given):
            self.add_error(
                "dates_reason",
                _("This reason was given for an earlier change. Write the one for this change, or empty it."),
            )
        return given

    def _repeats_the_reason(self, given: dict[str, Any]) -> bool:
        """Whether the dates are others than those that are published, and the reason is the one that is."""
        record = Consultation.objects.filter(key=self.instance.translation_key).first()
        if record is None or not given.get("opens_at") or "closes_at" not in given:
            return False
        if not life.is_a_change(record, given["opens_at"], given["closes_at"]):
            return False
        stands = instrument.told(record, "dates_reason", self.instance.locale.language_code).text
        return bool(stands) and given.get("dates_reason", "").strip() == stands

    def add_error(self, field: str | None, error: Any) -> None:
        """Replace Django's words for an hour that comes twice or never."""
        if getattr(error, "code", None) == "ambiguous_timezone":
            error = ValidationError(
                _("In the night when the clocks change this time comes twice or not at all. Choose another one.")
            )
        super().add_error(field, error)


class Life(BasePage):
    """The fields of a consultation's page that say when it runs and how it ends.

    Dates and switches are one for all languages; words are translated.
    """

    opens_at = models.DateTimeField(_("opens"), help_text=_("UK time. From this minute people can answer."))
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_("UK time. Answers sent after it are refused. Leave empty for a form that is always open."),
    )
    short_reason = models.TextField(
        _("why the time is short"),
        blank=True,
        default="",
        help_text=_("Shown to everybody where it is open for less than twelve weeks."),
    )
    dates_reason = models.TextField(
        _("why the dates were changed"),
        blank=True,
        default="",
        help_text=_(
            "The start page says by itself that a date was moved, from when to when. Say here why; it is shown below."
        ),
    )
    kept_until = models.DateField(
        _("personal data is kept until"),
        null=True,
        blank=True,
        help_text=_(
            "On this day what people wrote, and what could tell who they are, is deleted for good; figures stay. Shown "
            "under “Your privacy”. Empty: as many months after closing as administrators set under Settings, Personal "
            "data. Once somebody has answered it can become earlier, and never later."
        ),
    )
    halt = models.CharField(
        _("stop answering"),
        max_length=10,
        choices=Halt,
        blank=True,
        default="",
        help_text=_(
            "Takes effect when you publish, in all languages at once. What people began stays saved. A pause ends when "
            "you publish “No” again; something withdrawn keeps its page, without answering and without figures."
        ),
    )
    halt_reason = models.TextField(
        _("why it is paused or withdrawn"),
        blank=True,
        default="",
        help_text=_("Shown to everybody, also to people who are answering just then."),
    )
    next_steps = models.TextField(
        _("what happens next, and when"),
        blank=True,
        default="",
        help_text=_(
            "Who reads the answers, who decides, and when people will hear. Shown on the start page, after sending, "
            "and in the copy by e-mail."
        ),
    )
    outcome_due = models.DateField(
        _("outcome expected by"),
        null=True,
        blank=True,
        help_text=_("Within twelve weeks of closing. After those, officers see the consultation as overdue."),
    )
    outcome_on = models.DateField(
        _("date of the outcome"),
        null=True,
        blank=True,
        help_text=_("With this date and the three texts below, the page says what came of the consultation."),
    )
    we_asked = RichTextField(_("we asked"), blank=True, default="", features=FEATURES)
    you_said = RichTextField(_("you said"), blank=True, default="", features=FEATURES)
    we_did = RichTextField(_("we did"), blank=True, default="", features=FEATURES)
    decision_url = models.URLField(
        _("address of the decision"),
        blank=True,
        default="",
        help_text=_("Where the decision can be read: minutes, a report, the plan."),
    )

    statements = StreamField(
        [("statement", StatementBlock())],
        blank=True,
        default=list,
        db_default=[],
        verbose_name=_("one by one"),
        help_text=_("What people said, point by point, each with what is done about it or why it is not taken up."),
    )

    base_form_class = LifeForm
    one_for_all_languages = [
        SynchronizedField(name, overridable=False)
        for name in ("opens_at", "closes_at", "kept_until", "halt", "outcome_due", "outcome_on", "decision_url")
    ]
    dates_panel = MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
            ShortTimePanel(
                _(
                    "It is open for less than twelve weeks. That is allowed, but leaves groups and people who need "
                    "help little time: say below why it is so."
                )
            ),
            FieldPanel("short_reason"),
            FieldPanel("dates_reason"),
        ],
        heading=_("Dates"),
    )
    next_panel = MultiFieldPanel([FieldPanel("next_steps"), FieldPanel("outcome_due")], heading=_("What happens next"))
    course_panels = [
        MultiFieldPanel([FieldPanel("halt"), FieldPanel("halt_reason")], heading=_("Pause or withdraw")),
        MultiFieldPanel(
            [
                HelpPanel(_("Shown once the consultation has closed: all three texts with the date, or none.")),
                FieldPanel("outcome_on"),
                FieldPanel("we_asked"),
                FieldPanel("you_said"),
                FieldPanel("we_did"),
                FieldPanel("statements"),
                FieldPanel("decision_url"),
            ],
            heading=_("What came of it"),
        ),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse what would be shown by halves; a short time is no fault."""
        super().clean()
        faults = dict(self._faults())
        if faults:
            raise ValidationError(faults)

    def _faults(self) -> Iterator[tuple[str, Any]]:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            yield "closes_at", _("It must close after it opens.")
        if self.halt and not self.halt_reason.strip():
            yield "halt_reason", _("Say to everybody why it is paused or withdrawn.")
        missing = [name for name in OUTCOME if not said(getattr(self, name))]
        if len(missing) < len(OUTCOME):
            for name in missing:
                yield name, _("An outcome has a date and three parts: fill in all of them, or none.")
            if not self.closes_at:
                yield "closes_at", _("An outcome is shown after closing, so give a closing time.")

    @property
    def is_short(self) -> bool:
        """Whether it is open for less than twelve weeks, counted in days of the calendar."""
        if not self.opens_at or not self.closes_at:
            return False
        return timezone.localdate(self.closes_at) - timezone.localdate(self.opens_at) < SHORT

    @property
    def has_outcome(self) -> bool:
        """Whether this page says what came of it: a translation may not yet."""
        return all(said(getattr(self, name)) for name in OUTCOME)

    @property
    def we_did_in_words(self) -> str:
        """What was done, without its marks, for lists."""
        return str(get_text_for_indexing(self.we_did)).strip()

    def as_record(self) -> Consultation:
        """The record that publishing this would make, as far as its life goes."""
        return Consultation(
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            halt=self.halt,
            outcome_due=self.outcome_due,
            outcome_on=self.outcome_on,
        )


OUTCOME = ("outcome_on", "we_asked", "you_said", "we_did")


def said(value: Any) -> bool:
    """Whether a field says anything: an empty editor leaves an empty paragraph."""
    return bool(strip_tags(value).strip() if isinstance(value, str) else value)
