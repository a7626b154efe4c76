"""The officers' lists: consultations with state and responses, themes with what was asked about them.

Each is one query, however long the list, and can be filtered and ordered further.
"""

import datetime as dt

from django.db.models import BooleanField, Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import Page

from consultation.models import OUTCOME_WITHIN, Consultation, Halt, Question, Response, State, Tally, Theme

OVERDUE = "overdue"


def consultations() -> QuerySet[Consultation]:
    """Every consultation with `received`, `held` and `is_live` (its page is published), the most pressing first."""
    folded = Tally.objects.filter(consultation=OuterRef("pk"), question=0, segment="").values("n")
    tail = (
        Response.objects.filter(
            consultation=OuterRef("pk"),
            state=Response.State.COUNTED,
            pk__gt=Coalesce(OuterRef("watermark__response"), 0),
        )
        .order_by()
        .values("consultation")
        .annotate(n=Count("*"))
        .values("n")
    )
    held = Response.objects.filter(consultation=OuterRef("pk"), state=Response.State.HELD).order_by()
    leading = Page.objects.filter(
        translation_key=OuterRef("key"), locale__language_code=OuterRef("language"), live=True, alias_of__isnull=True
    )
    return Consultation.objects.annotate(
        received=Coalesce(Subquery(folded), 0) + Coalesce(Subquery(tail), 0),
        held=Coalesce(Subquery(held.values("consultation").annotate(n=Count("*")).values("n")), 0),
        is_live=Exists(leading, output_field=BooleanField()),
    ).order_by(*_urgency(timezone.now()))


def is_in(state: str, now: dt.datetime | None = None) -> Q:
    """The condition of a state, as Consultation.state() tells it; what is open, but not published, is paused, too.

    OVERDUE is closed for so long that an outcome should have been published.
    """
    now = now or timezone.now()
    withdrawn, begun = Q(halt=Halt.WITHDRAWN), Q(opens_at__lte=now)
    over = ~withdrawn & begun & Q(closes_at__isnull=False, closes_at__lte=now)
    running = ~withdrawn & begun & (Q(closes_at=None) | Q(closes_at__gt=now))
    answered = Q(outcome_on__isnull=False, outcome_on__lte=timezone.localdate(now))
    taken = Q(is_live=True, halt=Halt.NONE)
    conditions = {
        State.FORTHCOMING: ~withdrawn & ~begun,
        State.OPEN: running & taken,
        State.PAUSED: running & ~taken,
        State.CLOSED: over & ~answered,
        State.OUTCOME: over & answered,
        State.WITHDRAWN: withdrawn,
        OVERDUE: over & ~answered & Q(closes_at__lte=now - OUTCOME_WITHIN),
    }
    return conditions[state]


def _urgency(now: dt.datetime) -> list[str | Combinable]:
    """What closes first, then what is always open, what opens first, what closed last, and what is withdrawn."""
    withdrawn, forthcoming = is_in(State.WITHDRAWN, now), is_in(State.FORTHCOMING, now)
    closed = is_in(State.CLOSED, now) | is_in(State.OUTCOME, now)
    rank = Case(
        When(forthcoming, then=1), When(closed, then=2), When(withdrawn, then=3), default=0, output_field=IntegerField()
    )
    ahead = Case(When(forthcoming, then=F("opens_at")), When(closed | withdrawn, then=None), default=F("closes_at"))
    return [rank, ahead.asc(nulls_last=True), F("closes_at").desc(nulls_last=True), "-pk"]


def themes() -> QuerySet[Theme]:
    """Every theme with its numbers of questions and consultations, in the plan's order."""
    return Theme.objects.annotate(
        asked=Count("questions", distinct=True), consultations=Count("questions__consultation", distinct=True)
    ).order_by("number", "pk")  # a query that groups leaves the model's own order out


def about(theme: Theme) -> Exists:
    """The condition of a consultation that asks, or asked, about a theme."""
    return Exists(Question.objects.filter(consultation=OuterRef("pk"), theme=theme))
