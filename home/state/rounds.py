"""What runs by itself: tick, the nightly recount, backup and restore."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from consultation import running
from consultation.models import LastRun
from home.state.line import Found, State, attention, fault, fine

SILENT = dt.timedelta(minutes=5)  # since the last round of tick
RECOUNTED = dt.timedelta(days=8)
BACKED_UP, TOO_LONG = dt.timedelta(hours=26), dt.timedelta(hours=74)
RESTORED = dt.timedelta(days=100)


def tick() -> Found:
    """The last round: when, how long it took, and what failed in it."""
    row = LastRun.objects.filter(name=running.TICK).first()
    start = _("Start the service that runs “manage.py tick --loop”.")
    if row is None:
        return attention(_("It has never run"), start)
    took = {"ago": timesince(row.ended_at), "seconds": f"{row.seconds:.1f}"}
    figure = _("Last round %(ago)s ago, it took %(seconds)s s") % took
    if timezone.now() - row.ended_at > SILENT:
        advice = _("Nothing is lost, but e-mails, scheduled pages and public figures wait.")
        return fault(figure, f"{start} {advice}", row.ended_at)
    if row.failed:
        failing = _("put off: %(names)s") % {"names": ", ".join(row.failed)}
        advice = _("The log says why. What was put off is tried again with each round.")
        return attention(f"{figure}; {failing}", advice, row.since)
    return fine(figure, row.since)


def recount() -> Found:
    """Whether the stored counts were last found to be those of the ledger."""
    row = LastRun.objects.filter(name=running.RECOUNT).first()
    advice = _("Run “manage.py recount --check” each night.")
    if row is None:
        return attention(_("Never checked"), advice)
    figure = _("Checked %(ago)s ago") % {"ago": timesince(row.ended_at)}
    if row.failed:
        differ = _("these differ from the answers: %(names)s") % {"names": ", ".join(row.failed)}
        more = _(
            "“manage.py recount” makes them anew from the answers, of which none is lost. Say so to the developers."
        )
        return fault(f"{figure}; {differ}", more, row.since)
    if timezone.now() - row.ended_at > RECOUNTED:
        return attention(figure, advice, row.ended_at)
    return fine(figure, row.ended_at)


def backup() -> Found:
    """When the last backup was made, as its script noted."""
    advice = _("Look at the backup’s own log, and make one now.")
    at, trouble = _mark("backup")
    if trouble:
        return trouble
    if at is None:
        return attention(_("Never, as far as is known"), _("Set up backups, and name their mark in BACKUP_MARK."))
    age = timezone.now() - at
    figure = _("%(ago)s ago") % {"ago": timesince(at)}
    if age > TOO_LONG:
        return fault(figure, advice, at)
    return attention(figure, advice, at) if age > BACKED_UP else fine(figure, at)


def restore() -> Found:
    """When it was last shown that a backup can be restored."""
    advice = _("Restore a backup on another machine, as the guide says: only then it is known to be one.")
    at, trouble = _mark("restored")
    if trouble:
        return trouble
    if at is None:
        return attention(_("Never, as far as is known"), advice)
    figure = _("%(ago)s ago") % {"ago": timesince(at)}
    return attention(figure, advice, at) if timezone.now() - at > RESTORED else fine(figure, at)


def _mark(name: str) -> tuple[dt.datetime | None, Found | None]:
    """What stands in the file of marks under a name, or what is wrong with the file."""
    if not settings.BACKUP_MARK:
        return None, None
    try:
        if not Path(settings.BACKUP_MARK).exists():
            return None, None
        marks: Any = json.loads(Path(settings.BACKUP_MARK).read_text())
        written = marks.get(name)
        at = dt.datetime.fromisoformat(written) if written else None
    except (OSError, ValueError, AttributeError, TypeError):
        said = _("The file of marks can’t be read")
        return None, Found(State.ATTENTION, said, None, _("Its backup script writes it anew: see BACKUP_MARK."))
    return (timezone.make_aware(at, dt.UTC) if at and timezone.is_naive(at) else at), None
