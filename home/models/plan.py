"""The community plan."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from consultation.access import is_public
from home.models.base import BasePage
from home.models.blocks import BodyBlock, PaperBlock
from home.models.papers import papers
from home.models.partners import PartnersPage
from home.models.plan_listing import progress, working_groups
from home.models.theme import ThemePage
from home.plan_dates import review_due, statement_due

LAST_YEAR = dt.date(2200, 12, 31)


class OverduePanel(HelpPanel):
    """A warning that stands in the editor while something the law wants is overdue. Readers do not see it."""

    def __init__(self, content: Any = "", due: str = "", **kwargs: Any) -> None:
        """Say which property of the page tells by when."""
        super().__init__(content, **kwargs)
        self.due = due

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep it when Wagtail binds the panel."""
        kwargs: dict[str, Any] = super().clone_kwargs()
        return kwargs | {"due": self.due}

    class BoundPanel(HelpPanel.BoundPanel):
        """Bound to a page."""

        def is_shown(self) -> bool:
            """While the day has passed, by the dates that are stored."""
            day = getattr(self.instance, self.panel.due)
            return day is not None and day < timezone.localdate()


class PlanPage(BasePage):
    """The plan on a page: its vision, its stage, and its themes below it.

    Dates, year and stage are one for all languages; words are translated.
    """

    class Stage(models.TextChoices):
        """How far the plan has come."""

        PREPARING = "preparing", _("Being prepared")
        PUBLISHED = "published", _("Published")
        DELIVERING = "delivering", _("Being delivered")
        REVIEW = "review", _("Under review")

    vision = models.TextField(
        _("vision"),
        blank=True,
        default="",
        help_text=_("What the borough will be like, in one sentence. It is shown in large letters."),
    )
    horizon_year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("The year that the vision looks to, such as 2030.")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.PREPARING)
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LAST_YEAR)],
        help_text=_("From this day it is counted when a statement of progress and a review are due."),
    )
    statement_on = models.DateField(
        _("last statement of progress"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LAST_YEAR)],
        help_text=_("The day when it was published. The next one is due two years after the day when this one was."),
    )
    reviewed_on = models.DateField(
        _("last review"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LAST_YEAR)],
        help_text=_("The day when it was done. A review is due before every fourth anniversary of the plan."),
    )
    papers = StreamField(
        [("paper", PaperBlock())],
        blank=True,
        default=list,
        db_default=[],
        verbose_name=_("documents"),
        help_text=_("The plan to read, statements of progress, reviews: as web pages first, then as files."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("vision"), FieldRowPanel([FieldPanel("horizon_year"), FieldPanel("stage")])],
            heading=_("The plan"),
        ),
        MultiFieldPanel(
            [
                OverduePanel(
                    _(
                        "A statement of progress is overdue: one is due every two years from the day of publication. "
                        "Once it is published, give its date below and add it to the documents."
                    ),
                    "statement_due",
                ),
                OverduePanel(
                    _(
                        "The review of the plan is overdue: one is due before every fourth anniversary of the "
                        "publication. Once it is done, give its date below."
                    ),
                    "review_due",
                ),
                FieldPanel("published_on"),
                FieldRowPanel([FieldPanel("statement_on"), FieldPanel("reviewed_on")]),
            ],
            heading=_("Publication, progress and review"),
        ),
        FieldPanel("papers"),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        SynchronizedField(name, overridable=False)
        for name in ("horizon_year", "stage", "published_on", "statement_on", "reviewed_on")
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("vision"), index.SearchField("body")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.ThemePage", "home.PartnersPage", "home.StandardPage"]
    show_in_menus_default = True

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def clean(self) -> None:
        """Refuse what cannot have been before the plan was."""
        super().clean()
        faults = dict(self._faults())
        if faults:
            raise ValidationError(faults)

    def _faults(self) -> Iterator[tuple[str, Any]]:
        for name in ("statement_on", "reviewed_on"):
            day = getattr(self, name)
            if day and not self.published_on:
                yield "published_on", _("Give the day when the plan was published.")
            elif day and day < self.published_on:
                yield name, _("This must not be before the plan was published.")

    @property
    def statement_due(self) -> dt.date | None:
        """By when the next statement of progress is to be published."""
        return statement_due(self.published_on, self.statement_on) if self.published_on else None

    @property
    def review_due(self) -> dt.date | None:
        """By when the next review is to be done."""
        return review_due(self.published_on, self.reviewed_on) if self.published_on else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add its themes with their working groups, its partners and papers, and how many actions are how far."""
        themes = ThemePage.objects.live().child_of(self).filter(is_public()).defer("body", "introduction")
        shown = list(themes.order_by("number", "path"))
        groups = working_groups(shown, self.lang)
        partners = PartnersPage.objects.live().filter(is_public(), locale_id=self.locale_id, alias_of=None)
        return {
            **super().get_context(request, *args, **kwargs),
            "themes": [(theme, groups.get(theme.translation_key)) for theme in shown],
            "has_groups": bool(groups),
            "partners": partners.defer_streamfields().first(),
            "progress": progress([theme.translation_key for theme in shown]),
            "papers": papers(self.papers, *dict(PaperBlock.KINDS)),
        }
