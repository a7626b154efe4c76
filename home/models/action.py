"""The actions of the plan: who does what, until when, and how far it is."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from consultation.models import Theme
from home.models.partner import Partner
from home.models.record import PlanRecord


class Action(PlanRecord, index.Indexed):
    """Something that partners do for a theme."""

    class Status(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        DELAYED = "delayed", _("Delayed")
        STOPPED = "stopped", _("Stopped")

    FINISHED = (Status.DONE, Status.STOPPED)
    ORDER = (Status.UNDER_WAY, Status.DELAYED, Status.PLANNED, Status.STOPPED, Status.DONE)  # on a theme's page

    title = models.CharField(_("what is done"), max_length=255, help_text=_("In one line: “Open a repair café”."))
    description = models.TextField(_("description"), blank=True, default="")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("theme"))
    lead = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("lead partner"),
        help_text=_("Who answers for it."),
    )
    begins = models.DateField(_("begins"), null=True, blank=True)
    due = models.DateField(
        _("to be done by"), null=True, blank=True, help_text=_("After this day, editors see it as overdue.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    status_on = models.DateField(
        _("status as of"),
        default=timezone.localdate,
        help_text=_("The day on which somebody last looked how far it is."),
    )
    status_note = models.TextField(
        _("how it is going"), blank=True, default="", help_text=_("Shown to everybody beside the status.")
    )

    texts = ("title", "description", "status_note")
    preview_partial, preview_name = "home/_action.html", "action"
    panels = [
        FieldPanel("title"),
        FieldPanel("description"),
        FieldPanel("theme"),
        MultiFieldPanel(
            [FieldPanel("lead"), InlinePanel("supporting", heading=_("Supporting partners"), label=_("Partner"))],
            heading=_("By whom"),
        ),
        FieldRowPanel([FieldPanel("begins"), FieldPanel("due")], heading=_("When")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("status"), FieldPanel("status_on")]), FieldPanel("status_note")],
            heading=_("How far it is"),
        ),
    ]
    translatable_fields = [
        *(TranslatableField(name) for name in texts),
        *(
            SynchronizedField(name, overridable=False)
            for name in ("theme", "lead", "begins", "due", "status", "status_on", "supporting")
        ),
    ]
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("description"),
        index.FilterField("theme_id"),
        index.FilterField("status"),
        index.FilterField("locale_id"),
    ]

    class Meta(PlanRecord.Meta):
        ordering = ["theme__number", "due", "pk"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse dates that leave no day."""
        super().clean()
        if self.begins and self.due and self.due < self.begins:
            raise ValidationError({"due": _("It can't be done before it begins.")})

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and it is neither done nor stopped."""
        return self.due is not None and self.due < timezone.localdate() and self.status not in self.FINISHED

    @property
    def shown_lead(self) -> Partner | None:
        """Who answers for it, where that partner is shown."""
        return self.lead if self.lead and self.lead.live else None

    @property
    def shown_supporting(self) -> list[Partner]:
        """Who helps, as far as they are shown, in the editor's order."""
        return [row.partner for row in self.supporting.all() if row.partner.live]

    @property
    def shown_partners(self) -> list[Partner]:
        """All of them."""
        return [*filter(None, [self.shown_lead]), *self.shown_supporting]


class SupportingPartner(Orderable):
    """A partner that helps with an action. wagtail-localize copies these rows as they are to every translation."""

    action = ParentalKey(Action, on_delete=models.CASCADE, related_name="supporting")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="supports", verbose_name=_("partner"))

    panels = [FieldPanel("partner")]

    class Meta(Orderable.Meta):
        verbose_name = _("supporting partner")
        verbose_name_plural = _("supporting partners")

    def __str__(self) -> str:
        return str(self.partner)
