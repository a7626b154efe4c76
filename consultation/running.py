"""Notes how what runs by itself went, so that somebody who looks sees that it runs, and what fails."""

from collections.abc import Sequence

from django.utils import timezone

from consultation.models import LastRun

TICK, RECOUNT = "tick", "recount"
MOST = 20  # names of what failed


def note(name: str, seconds: float, failed: Sequence[str]) -> None:
    """Note that it ended just now. Of two that do so at once, the later one stays."""
    now = timezone.now()
    before = LastRun.objects.filter(name=name).first()
    is_as_before = before is not None and bool(before.failed) == bool(failed)
    ended = {
        "ended_at": now,
        "seconds": round(seconds, 3),
        "failed": sorted(set(failed))[:MOST],
        "since": before.since if before and is_as_before else now,
    }
    LastRun.objects.update_or_create(name=name, defaults=ended)
