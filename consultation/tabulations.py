"""Figures that are counted beside the pages: asked for once, made by `tick`, kept for a week for whoever asks the same.

One that was killed is made again by another tick, and two ticks at once never make the same.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from consultation import crosstab, filters, replica
from consultation.models import Consultation, Tabulation
from consultation.recount import Cell, Counted
from consultation.summary import EVERY
from consultation.tick import Faults

State = Tabulation.State

LARGE = 100_000  # responses in the ledger of a consultation from which on nobody waits for a page
KEPT = dt.timedelta(days=7)
SILENT = dt.timedelta(minutes=10)  # nothing was heard of it, so whoever made it is gone
ATTEMPTS = 3


def is_large(consultation: Consultation) -> bool:
    """Whether its figures are counted beside the page. One query, by index."""
    return consultation.responses.order_by("pk").values("pk")[LARGE : LARGE + 1].exists()


def find(consultation: Consultation, query: str = "", question: int = 0, across: int = 0) -> Tabulation | None:
    """The latest that was asked for and is not too old."""
    fresh = Tabulation.objects.filter(consultation=consultation, seen_at__gte=timezone.now() - KEPT)
    return fresh.filter(query=query, question=question, across=across).last()


def ask(by: Any, consultation: Consultation, query: str = "", question: int = 0, across: int = 0) -> Tabulation:
    """Have it counted. Who asks again while it is not ready gets the same one."""
    with transaction.atomic():
        Consultation.objects.select_for_update().get(pk=consultation.pk)
        found = find(consultation, query, question, across)
        if found is not None and found.is_moving:
            return found
        return Tabulation.objects.create(
            by=by,
            consultation=consultation,
            query=query,
            question=question,
            across=across,
            total=consultation.responses.count(),
        )


def cells(tabulation: Tabulation) -> dict[Cell, Counted]:
    """What was counted."""
    return {Cell(*row[:4]): Counted(row[4], row[5]) for row in tabulation.cells}


def newer(tabulation: Tabulation) -> bool:
    """Whether responses came since."""
    return tabulation.consultation.responses.filter(pk__gt=tabulation.last).exists()


def make_due(faults: Faults | None = None) -> int:
    """Count what was asked for, one after the other, forget the old, and return how many were made."""
    faults, made = faults or Faults(), 0
    with faults.part("forgetting of tabulations"):
        Tabulation.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()
    with faults.part("a look at the tabulations"):
        _give_back()
        while tabulation := _taken():
            with faults.part(f"tabulation {tabulation.pk}"):
                make(tabulation)
                made += 1
    return made


def make(tabulation: Tabulation) -> None:
    """Make one. What goes wrong is raised, and it is tried again until it was tried three times."""
    consultation = tabulation.consultation
    try:
        # Tried again, it is counted on the primary: what failed may be the replica.
        place = replica.chosen() if tabulation.attempts < 2 else replica.PRIMARY
        with _progress(tabulation) as note, replica.on(place):
            asked = tabulation.question, tabulation.across
            found, last = crosstab.cells(consultation, *asked, where=_where(tabulation), progress=note)
    except BaseException:
        state = State.WAITING if tabulation.attempts < ATTEMPTS else State.FAILED
        Tabulation.objects.filter(pk=tabulation.pk).update(state=state, seen_at=timezone.now())
        raise
    tabulation.cells = [[*cell, counted.n, counted.total] for cell, counted in sorted(found.items())]
    tabulation.state, tabulation.last, tabulation.done = State.DONE, last, tabulation.total
    tabulation.segments = consultation.segments
    tabulation.save()


def _where(tabulation: Tabulation) -> Q:
    """The filter. One that can't be read any more is no reason to count all."""
    if not tabulation.query:
        return EVERY
    known = filters.known(tabulation.consultation)
    parsed = filters.parse(parse_qs(tabulation.query), known)
    if parsed.errors:
        raise ValueError("; ".join(parsed.errors))
    return parsed.filter.condition(known)


@contextmanager
def _progress(tabulation: Tabulation) -> Iterator[Any]:
    """Note how far it is, over a connection of its own: that of the counting is in its snapshot."""
    done = 0

    def note(size: int) -> None:
        nonlocal done
        done += size
        thread.submit(_note, tabulation.pk, min(done, tabulation.total)).result()

    with ThreadPoolExecutor(1) as thread:
        try:
            yield note
        finally:
            thread.submit(lambda: connection.close()).result()  # looked up in that thread, it is that thread's own


def _note(pk: int, done: int) -> None:
    Tabulation.objects.filter(pk=pk).update(done=done, seen_at=timezone.now())


def _taken() -> Tabulation | None:
    """The next one that waits, which from then on is nobody else's."""
    for tabulation in Tabulation.objects.filter(state=State.WAITING).select_related("consultation"):
        waiting = Tabulation.objects.filter(pk=tabulation.pk, state=State.WAITING)
        if waiting.update(state=State.RUNNING, attempts=F("attempts") + 1, done=0, seen_at=timezone.now()):
            tabulation.refresh_from_db(fields=["state", "attempts"])
            return tabulation
    return None


def _give_back() -> None:
    """Let be made again what somebody began who is gone."""
    silent = Tabulation.objects.filter(state=State.RUNNING, seen_at__lt=timezone.now() - SILENT)
    silent.filter(attempts__lt=ATTEMPTS).update(state=State.WAITING)
    silent.filter(attempts__gte=ATTEMPTS).update(state=State.FAILED)
