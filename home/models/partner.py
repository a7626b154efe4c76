"""The partners of the plan."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from home.models.record import PlanRecord


class Partner(PlanRecord, index.Indexed):
    """An organisation that takes part in community planning, from one day to another."""

    class Sector(models.TextChoices):
        """Where it belongs."""

        STATUTORY = "statutory", _("Statutory")
        BUSINESS = "business", _("Business")
        EDUCATION = "education", _("Education")
        HEALTH = "health", _("Health")
        COMMUNITY = "community", _("Community")
        VOLUNTARY = "voluntary", _("Voluntary")

    name = models.CharField(_("name"), max_length=255)
    sector = models.CharField(_("sector"), max_length=10, choices=Sector)
    description = models.TextField(
        _("what it does"), blank=True, default="", help_text=_("One or two sentences about its part in the plan.")
    )
    website = models.URLField(_("website"), blank=True, default="")
    since = models.DateField(
        _("from"), null=True, blank=True, help_text=_("The first day as a partner. Empty: from the start.")
    )
    until = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("The last day as a partner. It is listed as a former partner from then on."),
    )

    texts = ("name", "description")
    preview_partial, preview_name = "home/_partner.html", "partner"
    panels = [
        FieldPanel("name"),
        FieldPanel("sector"),
        FieldPanel("description"),
        FieldPanel("website"),
        FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
    ]
    translatable_fields = [
        *(TranslatableField(name) for name in texts),
        *(SynchronizedField(name, overridable=False) for name in ("sector", "website", "since", "until")),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("sector"),
        index.FilterField("locale_id"),
    ]

    class Meta(PlanRecord.Meta):
        ordering = ["name", "pk"]
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse dates that leave no day."""
        super().clean()
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The last day must not be before the first.")})

    def is_partner_on(self, day: dt.date) -> bool:
        """Whether it is a partner on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def is_partner(self) -> bool:
        """Whether it is a partner today."""
        return self.is_partner_on(timezone.localdate())

    @property
    def is_former(self) -> bool:
        """Whether its last day as a partner has passed."""
        return self.until is not None and self.until < timezone.localdate()
