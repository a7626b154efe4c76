"""What changes in the life of a consultation once it has begun, noted when it is published."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from consultation.models import Consultation, Halt, LifeEvent, Response
from consultation.source import Source

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


def is_a_change(before: Consultation, opens_at: dt.datetime, closes_at: dt.datetime | None) -> bool:
    """Whether these dates are others than those that people could rely on."""
    moved = (before.opens_at, before.closes_at) != (opens_at, closes_at)
    return before.version_id is not None and moved and _has_begun(before)


def _has_begun(consultation: Consultation) -> bool:
    """Whether people could answer, or did: until then its dates are a plan."""
    return consultation.opens_at <= timezone.now() or Response.objects.filter(consultation=consultation).exists()
