"""What waits to be done by `tick` or by staff: how much, and since when. No query counts the ledger."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from consultation import retention
from consultation.fold import newest
from consultation.models import (
    Consultation,
    Export,
    Message,
    Response,
    RetentionRun,
    Tabulation,
    Upload,
)
from consultation.tasks import SILENT


@dataclass(frozen=True)
class Backlog:
    """So many wait, the oldest of them since then."""

    number: int
    oldest: dt.datetime | None

    def age(self, now: dt.datetime) -> float:
        """Seconds since the oldest came; 0 where nothing waits."""
        return max(0.0, (now - self.oldest).total_seconds()) if self.oldest else 0.0


@dataclass(frozen=True)
class Mail(Backlog):
    """E-mails, and how many were given up lately."""

    given_up: int


@dataclass(frozen=True)
class Tasks(Backlog):
    """Files and figures that are made beside the pages: not ready, silent for long, failed today."""

    stuck: int
    failed: int


@dataclass(frozen=True)
class Stripping:
    """Deletions of personal data: those that go on, since when, those overdue, and those of the next month."""

    running: int
    since: dt.datetime | None
    due: int
    overdue: int
    coming: int


def tail() -> Backlog:
    """Responses that the tally does not include: at most so many. Two queries, by index.

    Ids are those of all consultations, so the number is of what came in since, to whichever.
    """
    reach = Coalesce(OuterRef("watermark__response"), 0)
    behind = Response.objects.filter(consultation=OuterRef("pk"), pk__gt=reach).order_by("pk")
    found = [
        row
        for row in Consultation.objects.filter(version__isnull=False)
        .annotate(first=Subquery(behind.values("pk")[:1]), came=Subquery(behind.values("received_at")[:1]))
        .values_list("first", "came")
        if row[0]
    ]
    if not found:
        return Backlog(0, None)
    return Backlog(newest() - min(first for first, _came in found) + 1, min(came for _first, came in found))


def mail() -> Mail:
    """The outbox. One query: what was sent is not in it."""
    waiting = Q(state=Message.State.WAITING)
    found = Message.objects.aggregate(
        number=Count("pk", filter=waiting),
        oldest=Min("created_at", filter=waiting),
        given_up=Count("pk", filter=Q(state=Message.State.GIVEN_UP)),
    )
    return Mail(**found)


def tasks(kind: type[Export | Tabulation | Upload]) -> Tasks:
    """Those of one kind. One query: what is ready goes after days."""
    states, begun = kind.State, "begun_at" if kind is Upload else "asked_at"
    moving = Q(state__in=[states.WAITING, states.RUNNING])
    found = kind.objects.aggregate(
        number=Count("pk", filter=moving),
        oldest=Min(begun, filter=moving),
        stuck=Count("pk", filter=moving & Q(seen_at__lt=timezone.now() - SILENT)),
        failed=Count("pk", filter=Q(state=states.FAILED, seen_at__gte=timezone.now() - dt.timedelta(days=1))),
    )
    return Tasks(**found)


def held() -> Backlog:
    """Responses that wait for an officer's decision. One query, by an index that has no others."""
    state = Response.State.HELD
    found = Response.objects.filter(state=state).aggregate(number=Count("pk"), oldest=Min("received_at"))
    return Backlog(**found)


def stripping(now: dt.datetime | None = None) -> Stripping:
    """Deletions of personal data. One query; what is due, a run of `tick` has begun with within the minute."""
    now = now or timezone.now()
    runs = RetentionRun.objects.filter(consultation=OuterRef("pk"))
    promised = Q(kept_until__isnull=False) | Q(kept_months__isnull=False)
    rows = list(
        Consultation.objects.filter(promised, version__isnull=False).annotate(
            run=Subquery(runs.values("pk")[:1]),
            begun=Subquery(runs.values("begun_at")[:1]),
            ended=Subquery(runs.values("ended_at")[:1]),
            before=Subquery(runs.values("before")[:1]),
        )
    )
    going = [row.begun for row in rows if row.run and not row.ended]
    day = timezone.localdate(now)
    soon = day + dt.timedelta(days=31)
    return Stripping(
        running=len(going),
        since=min(going, default=None),
        due=sum(_is_untouched(row, now) for row in rows),
        overdue=sum(_is_untouched(row, now - dt.timedelta(days=1)) for row in rows),
        coming=sum(row.kept_until is not None and day < row.kept_until <= soon for row in rows),
    )


def _is_untouched(row: Consultation, now: dt.datetime) -> bool:
    """Whether something was due at that instant with which no run has begun."""
    found = retention.due(row, now)
    if found is None:
        return False
    run, before = getattr(row, "run", None), getattr(row, "before", None)
    if run is None:
        return True
    return before is not None and (found.before is None or found.before > before)
