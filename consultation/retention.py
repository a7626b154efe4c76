"""When the time of personal data has come, and that it goes then: `tick` strips in short steps, by changes.py.

A run belongs to one consultation and goes on where it was stopped, by whomever. Two ticks at once share its steps.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from consultation import apart, changes, downloads, exports, trail
from consultation.instants import begin_of, months_after
from consultation.models import Batch, Consultation, Response, RetentionRun, Watermark
from consultation.tick import Faults

STEP = 1_000  # responses in one transaction
MOST = 50  # steps of a consultation in one round, so that nothing else waits long

# What staff did is kept for these months, and then forgotten: who handled which response, and who took what away.
TRAIL, DOWNLOADS = 24, 72


@dataclass(frozen=True)
class Due:
    """What has to go: everything that was received before an instant, or, where that is empty, everything."""

    before: dt.datetime | None

    @property
    def which(self) -> Q:
        """As the database is asked, of Response."""
        return Q() if self.before is None else Q(received_at__lt=self.before)


def due(consultation: Consultation, now: dt.datetime | None = None) -> Due | None:
    """What of a consultation has to go at that instant (by default, now): None where nothing has yet.

    The day on which it is kept no longer begins where the site is. Months are full once the month of the response is:
    so what was sent in a month goes at once, and never late.
    """
    now = now or timezone.now()
    today = timezone.localdate(now, timezone.get_default_timezone())
    over = consultation.kept_until is not None and consultation.kept_until <= today
    if over and consultation.has_closed(now):
        return Due(None)
    ends = [begin_of(consultation.kept_until)] if over and consultation.kept_until else []
    if consultation.kept_months is not None:
        ends.append(begin_of(months_after(today.replace(day=1), 1 - consultation.kept_months)))
    return Due(max(ends)) if ends else None


def strip_due(
    faults: Faults | None = None, now: dt.datetime | None = None, progress: Callable[[int], object] = lambda n: None
) -> int:
    """Strip what is due, as far as one round goes, and return how many responses were stripped."""
    faults, stripped = faults or Faults(), 0
    with faults.part("a look at what is due for deletion"):
        promised = Q(kept_until__isnull=False) | Q(kept_months__isnull=False)
        for consultation in Consultation.objects.filter(promised, version__isnull=False).order_by("pk"):
            with faults.part(f"deletion of personal data of consultation {consultation.pk}"):
                for _step in range(MOST):
                    n = step(consultation, now)
                    if n is None:
                        break
                    stripped += n
                    progress(n)
    return stripped


def forget_staff(faults: Faults | None = None, now: dt.datetime | None = None) -> None:
    """Forget what staff did so long ago that nobody has to answer for it any more."""
    faults, today = faults or Faults(), timezone.localdate(now, timezone.get_default_timezone())
    for name, forget, months in (
        ("trail", trail.forget, TRAIL),
        ("log of downloads", downloads.forget, DOWNLOADS),
    ):
        with faults.part(f"forgetting of the {name}"):
            forget(begin_of(months_after(today, -months)))


def step(consultation: Consultation, now: dt.datetime | None = None) -> int | None:
    """Do the next step of what is due, and return how many responses it stripped: None where nothing is left to do."""
    begun = _run(consultation, now)
    if begun is None:
        return None
    with transaction.atomic():
        run = RetentionRun.objects.select_for_update().get(pk=begun.pk)
        if run.ended_at is not None:  # by another tick, meanwhile
            return 0
        folded = _folded(consultation)
        waiting = _waiting(consultation, Due(run.before), run.reached, folded)
        keys = list(waiting.values_list("pk", flat=True)[:STEP])
        if keys:
            stripped = changes.strip(consultation, keys)
            run.responses += stripped
            run.reached = keys[-1]
            run.save(update_fields=["responses", "reached"])
            return stripped
        if run.responses and run.mixed != apart.LAST:
            run.mixed = apart.mix(consultation.pk, run.mixed or apart.FIRST)
            run.save(update_fields=["mixed"])
            return 0
        exports.forget_full(consultation)
        _end(run, folded)
    return 0


def _run(consultation: Consultation, now: dt.datetime | None) -> RetentionRun | None:
    """The run that is going on, or a new one where something is due that no run has looked at."""
    last = RetentionRun.objects.filter(consultation=consultation).first()
    if last is not None and last.ended_at is None:
        return last
    found = due(consultation, now)
    if found is None:
        return None
    reached = 0
    if last is not None and (last.before is None or (found.before is not None and found.before <= last.before)):
        # It looked at all that there was; what was brought in since may be as old.
        reached, found = last.reached, Due(last.before)
        if not _waiting(consultation, found, reached, _folded(consultation)).exists():
            return None
    run, _created = RetentionRun.objects.get_or_create(
        consultation=consultation, ended_at=None, defaults={"before": found.before, "reached": reached}
    )
    return run


def _waiting(consultation: Consultation, what: Due, reached: int, folded: int) -> QuerySet[Response]:
    """What is to be looked at next. Above the watermark, a response may appear below one that is there already."""
    return Response.objects.filter(what.which, consultation=consultation, pk__gt=reached, pk__lte=folded).order_by("pk")


def _end(run: RetentionRun, folded: int) -> None:
    """Note how far it looked. Names of piles and files may be those of people, so they go, too."""
    over = Q() if run.before is None else Q(begun_at__lt=run.before)
    Batch.objects.filter(over, consultation=run.consultation).update(name=Cast("pk", CharField()))
    run.reached, run.ended_at = max(run.reached, folded), timezone.now()
    run.save(update_fields=["reached", "ended_at"])


def _folded(consultation: Consultation) -> int:
    return Watermark.objects.filter(consultation=consultation).values_list("response", flat=True).first() or 0
