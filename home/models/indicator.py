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
from home.trend import Trend, draw


class Indicator(PlanRecord, index.Indexed):
    """Something that is measured year by year to see how a theme is going.

    Without values it is “data development”: what should be measured, and nobody does yet.
    """

    class Wanted(models.TextChoices):
        """The direction that would be good."""

        UP = "up", _("Should rise")
        DOWN = "down", _("Should fall")
        HOLD = "hold", _("Should stay as it is")

    class Change(models.TextChoices):
        """What became of it since the baseline, beside what is wanted."""

        BETTER = "better", _("Better than at the start")
        WORSE = "worse", _("Worse than at the start")
        UNCHANGED = "unchanged", _("Unchanged since the start")

    ARROWS = {Wanted.UP: "↑", Wanted.DOWN: "↓", Wanted.HOLD: "→"}

    title = models.CharField(
        _("what is measured"), max_length=255, help_text=_("In one line: “Adults who feel safe after dark”.")
    )
    unit = models.CharField(
        _("unit"), max_length=60, blank=True, default="", help_text=_("What stands behind each value: %, people, days.")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("theme"))
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

    texts = ("title", "unit", "source", "note")
    preview_partial, preview_name = "home/_indicator.html", "indicator"
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
        *(TranslatableField(name) for name in texts),
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

    @property
    def baseline(self) -> "IndicatorValue | None":
        """Where it began."""
        return self.series[0] if self.series else None

    @property
    def latest(self) -> "IndicatorValue | None":
        """Where it is."""
        return self.series[-1] if self.series else None

    @property
    def change(self) -> Change | None:
        """How the latest value stands to the baseline; None without two values."""
        if len(self.series) < 2:
            return None
        difference = self.series[-1].figure - self.series[0].figure
        if difference == 0:
            return self.Change.UNCHANGED
        is_wanted = self.wanted == (self.Wanted.UP if difference > 0 else self.Wanted.DOWN)
        return self.Change.BETTER if is_wanted else self.Change.WORSE

    @property
    def arrow(self) -> str:
        """The wanted direction as a sign, which says nothing that its words do not."""
        return self.ARROWS[self.Wanted(self.wanted)]

    @property
    def trend(self) -> Trend | None:
        """Its line, from two values on."""
        return draw([(value.year, value.figure) for value in self.series]) if len(self.series) > 1 else None


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
        return f"{self.when}: {self.figure}"

    @property
    def when(self) -> str:
        """The period as readers see it."""
        return self.period or str(self.year)

    @property
    def figure(self) -> Decimal:
        """The value without the noughts that its column adds."""
        value = Decimal(self.value).normalize()
        return value if value.as_tuple().exponent in range(-3, 1) else value.quantize(Decimal(1))
