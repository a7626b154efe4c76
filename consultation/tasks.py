"""Tasks: rows that wait until `tick` does them. Two ticks at once never do the same one, and what somebody left undone
is done by another.

A task has `state`, `attempts`, and `seen_at`: when something was last heard of it or, while it waits, from when on it
is due.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection
from django.db.models import F
from django.utils import timezone

from consultation.models import Export, Tabulation, Upload
from consultation.tick import Faults

Task = TypeVar("Task", Export, Tabulation, Upload)

SILENT = dt.timedelta(minutes=10)  # nothing was heard of it, so whoever did it is gone
ATTEMPTS = 3
PUT_OFF = dt.timedelta(minutes=1)  # where the storage or the disk failed, which is no fault of the task


def do_due(kind: type[Task], do: Callable[[Task], None], faults: Faults | None = None) -> int:
    """Do what is due, one after the other, and return how many were done."""
    faults, name, done = faults or Faults(), kind._meta.model_name, 0
    with faults.part(f"a look at the {name}s"):
        _give_back(kind)
        while task := _next(kind):
            with faults.part(f"{name} {task.pk}"):
                do(task)
                done += 1
    return done


def take(task: Task) -> Task | None:
    """A task that waits, which from then on is nobody else's; none where another was faster."""
    rows = type(task).objects.filter(pk=task.pk)
    waiting = rows.filter(state=task.State.WAITING)
    if waiting.update(state=task.State.RUNNING, attempts=F("attempts") + 1, seen_at=timezone.now()):
        return rows.select_related("consultation__version").get()
    return None


@contextmanager
def doing(task: Export | Tabulation | Upload, until: dt.datetime | None = None) -> Iterator[None]:
    """What goes wrong meanwhile is raised, and the task is tried again until it was tried three times.

    Where the storage or the disk fails, that is no attempt: it is tried each minute, until an instant.
    """
    state, now = task.State, timezone.now
    running = type(task).objects.filter(pk=task.pk, state=state.RUNNING)
    try:
        yield
    except OSError:
        again = state.WAITING if until is None or now() < until else state.FAILED
        running.update(state=again, attempts=F("attempts") - 1, seen_at=now() + PUT_OFF)
        raise
    except BaseException:
        again = state.WAITING if task.attempts < ATTEMPTS else state.FAILED
        running.update(state=again, seen_at=now())
        raise


def heard(task: Export | Tabulation | Upload, **how_far: int) -> None:
    """Note how far it is, which also says that somebody is at it."""
    type(task).objects.filter(pk=task.pk).update(**how_far, seen_at=timezone.now())


@contextmanager
def heard_aside(task: Export | Tabulation | Upload) -> Iterator[Callable[..., None]]:
    """Note it over a connection of its own: that of the task is in its snapshot, or in what is all or nothing."""

    def note(**how_far: int) -> None:
        thread.submit(lambda: heard(task, **how_far)).result()

    with ThreadPoolExecutor(1) as thread:
        try:
            yield note
        finally:
            thread.submit(lambda: connection.close()).result()  # looked up in that thread, it is that thread's own


def _next(kind: type[Task]) -> Task | None:
    due = kind.objects.filter(state=kind.State.WAITING, seen_at__lte=timezone.now())
    for task in due.order_by("seen_at", "pk"):
        if taken := take(task):
            return taken
    return None


def _give_back(kind: type[Any]) -> None:
    """Let be done again what somebody began who is gone."""
    silent = kind.objects.filter(state=kind.State.RUNNING, seen_at__lt=timezone.now() - SILENT)
    silent.filter(attempts__lt=ATTEMPTS).update(state=kind.State.WAITING)
    silent.filter(attempts__gte=ATTEMPTS).update(state=kind.State.FAILED)
