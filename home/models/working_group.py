"""The working group of a theme: who is in it, when it meets, what it starts from and what it suggests."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.search import index

from home.models.base import BasePage
from home.models.blocks import FEATURES, PaperBlock
from home.models.papers import Paper, papers, papers_of_each
from home.models.partner import Partner
from home.models.record import put_in_words


class MeetingBlock(blocks.StructBlock):
    """A meeting of the group, past or to come."""

    date = blocks.DateBlock(label=_("Date"))
    place = blocks.CharBlock(
        label=_("Place"),
        required=False,
        default="",
        max_length=255,
        help_text=_("Where it is, or that it is online."),
    )
    papers = blocks.ListBlock(
        PaperBlock(), label=_("Papers"), default=[], help_text=_("Agenda, minutes, and what the group read.")
    )

    class Meta:
        icon = "calendar"
        label = _("Meeting")
        label_format = "{date} {place}"


@dataclass(frozen=True)
class Meeting:
    """A meeting as its page lists it."""

    date: dt.date
    place: str
    papers: list[Paper]
    is_next: bool


class WorkingGroupPage(BasePage):
    """People and organisations who prepare one theme of the plan. What they write suggests and does not settle."""

    purpose = RichTextField(
        _("purpose"), blank=True, default="", features=FEATURES, help_text=_("What the group was asked to do.")
    )
    terms = RichTextField(
        _("terms of reference"),
        blank=True,
        default="",
        features=FEATURES,
        help_text=_("Who can be in it, how it works and decides, and until when it sits."),
    )
    meetings = StreamField(
        [("meeting", MeetingBlock())],
        blank=True,
        verbose_name=_("meetings"),
        help_text=_("In any order: the page shows the latest first and marks the next one."),
    )
    baseline = RichTextField(
        _("agreed baseline data"),
        blank=True,
        default="",
        features=FEATURES,
        help_text=_("The figures that the group agreed to start from, in words."),
    )
    baseline_papers = StreamField(
        [("paper", PaperBlock())], blank=True, verbose_name=_("documents of the baseline data")
    )
    report = RichTextField(
        _("report"), blank=True, default="", features=FEATURES, help_text=_("What the group found, in short.")
    )
    report_papers = StreamField([("paper", PaperBlock())], blank=True, verbose_name=_("the report to read"))
    priorities = StreamField(
        [("priority", blocks.CharBlock(label=_("Priority"), max_length=500, default="", icon="pick"))],
        blank=True,
        verbose_name=_("priorities that it suggests"),
    )
    outcomes = StreamField(
        [("outcome", blocks.CharBlock(label=_("Outcome"), max_length=500, default="", icon="tick"))],
        blank=True,
        verbose_name=_("outcomes that it suggests"),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("purpose"),
        FieldPanel("terms"),
        InlinePanel("members", heading=_("Organisations in the group"), label=_("Organisation")),
        FieldPanel("meetings"),
        MultiFieldPanel([FieldPanel("baseline"), FieldPanel("baseline_papers")], heading=_("Agreed baseline data")),
        MultiFieldPanel(
            [FieldPanel("report"), FieldPanel("report_papers"), FieldPanel("priorities"), FieldPanel("outcomes")],
            heading=_("Its report"),
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        *(index.SearchField(name) for name in ("purpose", "terms", "baseline", "report", "priorities", "outcomes")),
    ]
    parent_page_types = ["home.ThemePage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")

    @cached_property
    def schedule(self) -> list[Meeting]:
        """Its meetings, the latest first; the next one is marked."""
        values = sorted((block.value for block in self.meetings), key=lambda value: value["date"], reverse=True)
        read = papers_of_each([value["papers"].bound_blocks for value in values], *dict(PaperBlock.KINDS))
        upcoming = self.next_meeting
        return [
            Meeting(value["date"], value.get("place") or "", read[place], value["date"] == upcoming)
            for place, value in enumerate(values)
        ]

    @property
    def next_meeting(self) -> dt.date | None:
        """The day on which it meets next."""
        today = timezone.localdate()
        return min((block.value["date"] for block in self.meetings if block.value["date"] >= today), default=None)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the theme, the members and the papers."""
        kinds = dict(PaperBlock.KINDS)
        return {
            **super().get_context(request, *args, **kwargs),
            "theme": self.get_parent().specific,
            "members": members(self, self.lang),
            "baseline_papers": papers(self.baseline_papers, *kinds),
            "report_papers": papers(self.report_papers, *kinds),
        }


class WorkingGroupMember(Orderable):
    """An organisation in a working group. wagtail-localize copies these rows as they are to every translation."""

    page = ParentalKey(WorkingGroupPage, on_delete=models.CASCADE, related_name="members")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="working_groups", verbose_name=_("partner"))

    panels = [FieldPanel("partner")]

    class Meta(Orderable.Meta):
        verbose_name = _("member of a working group")
        verbose_name_plural = _("members of working groups")

    def __str__(self) -> str:
        return str(self.partner)


def members(group: WorkingGroupPage, language: str) -> list[Partner]:
    """The partners in a group, in the editor's order and a reader's words. Three queries at most."""
    partners = [row.partner for row in group.members.select_related("partner") if row.partner.live]
    put_in_words(partners, language)
    return partners
