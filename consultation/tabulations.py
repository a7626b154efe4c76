"""Figures that are counted beside the pages: asked for once, made by `tick`, kept a week for whoever asks the same."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consultation import crosstab, filters, replica, tasks
from consultation.models import Consultation, Tabulation
from consultation.recount import Cell, Counted
from consultation.summary import EVERY
from consultation.tick import Faults

State = Tabulation.State

LARGE = 100_000  # responses in the ledger of a consultation from which on nobody waits for a page
KEPT = dt.timedelta(days=7)


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
    faults = faults or Faults()
    with faults.part("forgetting of tabulations"):
        Tabulation.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()
    return tasks.do_due(Tabulation, make, faults)


def make(tabulation: Tabulation) -> None:
    """Make one."""
    consultation, done = tabulation.consultation, 0

    def progress(size: int) -> None:
        nonlocal done
        done += size
        note(done=min(done, tabulation.total))

    with tasks.doing(tabulation), tasks.heard_aside(tabulation) as note, replica.on(_place(tabulation)):
        asked = tabulation.question, tabulation.across
        found, last = crosstab.cells(consultation, *asked, where=_where(tabulation), progress=progress)
    tabulation.cells = [[*cell, counted.n, counted.total] for cell, counted in sorted(found.items())]
    tabulation.state, tabulation.last, tabulation.done = State.DONE, last, tabulation.total
    tabulation.segments = consultation.segments
    tabulation.save()


def _place(tabulation: Tabulation) -> replica.Place:
    """Where it is read. Tried again, that is the primary: what failed may be the replica."""
    return replica.chosen() if tabulation.attempts < 2 else replica.PRIMARY


def _where(tabulation: Tabulation) -> Q:
    """The filter. One that can't be read any more is no reason to count all."""
    if not tabulation.query:
        return EVERY
    known = filters.known(tabulation.consultation)
    parsed = filters.parse(parse_qs(tabulation.query), known)
    if parsed.errors:
        raise ValueError("; ".join(parsed.errors))
    return parsed.filter.condition(known)
