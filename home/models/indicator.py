"""The indicators of the plan: what is measured, where it began, and which way it should go."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from consultation.models import Theme
from home.models.record import PlanRecord


class Indicator(PlanRecord, index.Indexed):
    """Something that is measured year by year to see how a theme is going.

    Without values it is “data development”: what should be measured, and nobody does yet.
    """

    class Wanted(models.TextChoices):
        """The direction that would be good."""

        UP = "up", _("Should rise")
        DOWN = "down", _("Should fall")
        HOLD = "hold", _("Should stay as it is")

    title = models.CharField(
        _("what is measured"), max_length=255, help_text=_("In one line: “Adults who feel safe after dark”.")
    )
    unit = models.CharField(
        _("unit"), max_length=60, blank=True, default="", help_text=_("What stands behind each value: %, people, days.")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="indicators", verbose_name=_("theme"))
    position = models.PositiveSmallIntegerField(
        _("place"), default=1, help_text=_("Indicators of a theme stand in this order.")
    )
    wanted = models.CharField(_("wanted direction"), max_length=4, choices=Wanted, default=Wanted.UP)
    source = models.CharField(
        _("source"), max_length=255, blank=True, default="", help_text=_("Who measures it, and how it is called there.")
    )
    source_url = models.URLField(_("address of the source"), blank=True, default="")
    note = models.TextField(
        _("note"),
        blank=True,
        default="",
        help_text=_("What a reader has to know about the values; without values, what is being done to get some."),
    )

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("position")]),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("wanted")]),
        InlinePanel(
            "values",
            heading=_("Values"),
            label=_("Value"),
            help_text=_("The earliest is the baseline. Without any, the page says that data is being developed."),
        ),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("source_url")], heading=_("Source")),
        FieldPanel("note"),
    ]
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("unit"),
        TranslatableField("source"),
        TranslatableField("note"),
        *(
            SynchronizedField(name, overridable=False)
            for name in ("theme", "position", "wanted", "source_url", "values")
        ),
    ]
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("note"),
        index.FilterField("theme_id"),
        index.FilterField("locale_id"),
    ]

    class Meta(PlanRecord.Meta):
        ordering = ["theme__number", "position", "pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.title

    @cached_property
    def series(self) -> list["IndicatorValue"]:
        """Its values, the earliest first."""
        return sorted(self.values.all(), key=lambda value: value.year)


class IndicatorValue(Orderable):
    """What was measured for one year."""

    indicator = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="values")
    year = models.PositiveSmallIntegerField(
        _("year"),
        validators=[MinValueValidator(1900), MaxValueValidator(2200)],
        help_text=_("For a year like 2025/26, the one in which it ends."),
    )
    period = models.CharField(
        _("period in words"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Where the year alone says too little: 2025/26."),
    )
    value: "models.DecimalField[Decimal | str, Decimal]" = models.DecimalField(
        _("value"), max_digits=14, decimal_places=3
    )

    panels = [FieldRowPanel([FieldPanel("year"), FieldPanel("period"), FieldPanel("value")])]

    class Meta(Orderable.Meta):
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="one_value_a_year")]

    def __str__(self) -> str:
        return f"{self.period or self.year}: {self.value}"
