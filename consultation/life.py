"""What changes in the life of a consultation once it has begun, noted when it is published."""

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
    if _has_begun(before):
        if before.opens_at != after.opens_at:
            yield LifeEvent.Kind.OPENING, {"before": before.opens_at, "after": after.opens_at}
        if before.closes_at != after.closes_at:
            yield LifeEvent.Kind.CLOSING, {"before": before.closes_at, "after": after.closes_at}
    if before.halt != after.halt:
        yield HALTED[Halt(after.halt)], {}


def _has_begun(consultation: Consultation) -> bool:
    """Whether people could answer, or did: until then its dates are a plan."""
    return consultation.opens_at <= timezone.now() or Response.objects.filter(consultation=consultation).exists()
