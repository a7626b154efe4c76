"""The first page of the admin: what needs doing, by those who look at it, each a sentence with a number and a link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from consultation.access import may_decide, may_moderate, may_see_kept, may_see_state, may_see_summaries
from consultation.life import NOTICE
from consultation.models import Consultation, Idea, Response
from home import keeping
from home.keeping_views import KeepingReport
from home.models import checklist
from home.state.line import State
from home.state.report import lines


@dataclass(frozen=True)
class Task:
    """A sentence, and where to go."""

    sentence: str
    url: str


class TodoPanel(Component):
    """What needs doing; where nothing does, it says so."""

    name = "todo"
    order = 80  # above all others
    template_name = "home/panels/todo.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        """The tasks of whoever is signed in."""
        return {"tasks": list(tasks(self.request))}


def tasks(request: HttpRequest) -> Iterator[Task]:
    """What each of the roles has to do. As many queries for much as for little."""
    if may_see_state(request):
        yield from _for_those_who_run_it()
    if KeepingReport.may_see(request.user):
        yield from _for_editors(request.user)
    yield from _for_officers(request)
    if may_see_kept(request):
        yield from _for_those_who_keep(request)
    if may_moderate(request) and (n := Idea.objects.filter(moderation=Idea.Moderation.NEW).count()):
        text = ngettext("%(n)d idea is waiting to be read.", "%(n)d ideas are waiting to be read.", n)
        yield Task(text % {"n": n}, reverse("ideas:index"))


def _for_those_who_run_it() -> Iterator[Task]:
    """What is a fault, in one sentence. Nothing is asked of other machines than the database."""
    faults = [line.title for line in lines(near=True) if line.state == State.FAULT]
    if faults:
        text = _("Something is wrong with the site itself: %(names)s.")
        yield Task(text % {"names": ", ".join(faults)}, reverse("state_of_the_site"))


def _for_editors(user: Any) -> Iterator[Task]:
    pages = keeping.opening_within(user, checklist.SOON)
    lists = checklist.of(pages)
    for page in pages:
        if n := sum(not point.done for point in lists[page.pk]):
            text = ngettext(
                "“%(title)s” opens on %(day)s and has %(n)d gap in its checklist.",
                "“%(title)s” opens on %(day)s and has %(n)d gaps in its checklist.",
                n,
            )
            day = date_format(timezone.localdate(page.opens_at), "DATE_FORMAT")
            values = {"title": page.title, "day": day, "n": n}
            yield Task(text % values, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    if n := len(keeping.overdue(user)):
        text = ngettext("%(n)d thing is overdue.", "%(n)d things are overdue.", n)
        yield Task(text % {"n": n}, reverse("keeping:overdue"))
    if n := sum(lag.is_begun for lag in keeping.lags(user)):
        text = ngettext(
            "%(n)d translation is incomplete or out of date.",
            "%(n)d translations are incomplete or out of date.",
            n,
        )
        yield Task(text % {"n": n}, reverse("keeping:translations"))
    if n := len(keeping.reviews(user)):
        text = ngettext("%(n)d page is to be looked at again.", "%(n)d pages are to be looked at again.", n)
        yield Task(text % {"n": n}, reverse("keeping:reviews"))


def _for_officers(request: HttpRequest) -> Iterator[Task]:
    if may_decide(request) and (held := _by_consultation(Response.State.HELD)):
        n = sum(held.values())
        text = ngettext(
            "%(n)d response is held and waits for a decision.", "%(n)d responses are held and wait for a decision.", n
        )
        alone = next(iter(held)) if len(held) == 1 else None
        url = reverse("consultations:held", args=[alone]) if alone else reverse("consultations:index")
        yield Task(text % {"n": n}, url)
    if may_see_summaries(request):
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        if n := Response.objects.filter(state=Response.State.COUNTED, received_at__gte=today).count():
            text = ngettext("%(n)d response has come in today.", "%(n)d responses have come in today.", n)
            yield Task(text % {"n": n}, reverse("consultations:index"))


def _for_those_who_keep(request: HttpRequest) -> Iterator[Task]:
    """What will be deleted within a month. One query."""
    today = timezone.localdate()
    soon = Consultation.objects.filter(kept_until__gt=today, kept_until__lte=today + NOTICE)
    for day, title in soon.order_by("kept_until", "pk").values_list("kept_until", "title"):
        text = _("On %(day)s what people wrote in “%(title)s” will be deleted. Take what you still need before.")
        said = {"day": date_format(day, "DATE_FORMAT") if day else "", "title": title}
        yield Task(text % said, reverse("consultations:kept"))


def _by_consultation(state: str) -> dict[int, int]:
    rows = Response.objects.filter(state=state).order_by().values("consultation").annotate(n=Count("*"))
    return dict(rows.values_list("consultation", "n"))
