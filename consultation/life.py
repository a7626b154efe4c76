"""What changes in the life of a consultation once it has begun, noted when it is published."""

import datetime as dt
from collections.abc import Iterator
from typing import TypeVar

from django.utils import timezone

from consultation.instants import begin_of
from consultation.models import Consultation, Halt, LifeEvent, Response
from consultation.source import Source

Given = TypeVar("Given", dt.date, int)

NOTICE = dt.timedelta(days=30)  # before a day of deletion: staff read of it, and no earlier one can be chosen

HALTED = {
    Halt.PAUSED: LifeEvent.Kind.PAUSED,
    Halt.WITHDRAWN: LifeEvent.Kind.WITHDRAWN,
    Halt.NONE: LifeEvent.Kind.RESUMED,
}


def note(before: Consultation, after: Source, by: int | None) -> None:
    """Add a row for each change that a publication makes to the hours of what people could rely on."""
    LifeEvent.objects.bulk_create(
        LifeEvent(consultation=before, kind=kind, by_id=by, **moved) for kind, moved in _changes(before, after)
    )


def _changes(before: Consultation, after: Source) -> Iterator[tuple[LifeEvent.Kind, dict[str, object]]]:
    if before.version_id is None:  # it was never published
        return
    if is_a_change(before, after.opens_at, after.closes_at):
        if before.opens_at != after.opens_at:
            yield LifeEvent.Kind.OPENING, {"before": before.opens_at, "after": after.opens_at}
        if before.closes_at != after.closes_at:
            yield LifeEvent.Kind.CLOSING, {"before": before.closes_at, "after": after.closes_at}
    if before.halt != after.halt:
        yield HALTED[Halt(after.halt)], {}
    until, months = promise(before, after)
    moves = (until, months) != (before.kept_until, before.kept_months)
    if before.kept_until and moves and _has_answers(before):  # nobody was promised anything before
        moved: dict[str, object] = {"before": begin_of(before.kept_until), "after": begin_of(until) if until else None}
        yield LifeEvent.Kind.KEPT, moved


def is_a_change(before: Consultation, opens_at: dt.datetime, closes_at: dt.datetime | None) -> bool:
    """Whether these dates are others than those that people could rely on."""
    moved = (before.opens_at, before.closes_at) != (opens_at, closes_at)
    return before.version_id is not None and moved and _has_begun(before)


def promise(before: Consultation, after: Source) -> tuple[dt.date | None, int | None]:
    """Until when personal data is kept, and for how many months after each response, from a publication on.

    What people were promised when they answered is never put off: once somebody has answered, each of the two can only
    become shorter, and neither is dropped.
    """
    until, months = after.kept_until, after.kept_months
    if not _has_answers(before):
        return until, months
    return _shorter(before.kept_until, until), _shorter(before.kept_months, months)


def _shorter(before: Given | None, after: Given | None) -> Given | None:
    return min((each for each in (before, after) if each is not None), default=None)


def _has_begun(consultation: Consultation) -> bool:
    """Whether people could answer, or did: until then its dates are a plan."""
    return consultation.opens_at <= timezone.now() or _has_answers(consultation)


def _has_answers(consultation: Consultation) -> bool:
    return Response.objects.filter(consultation=consultation).exists()
