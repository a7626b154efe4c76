"""Where officers' figures and files are read: on a replica, where there is one that keeps up.

Everything else, and everything that is written, goes to the primary. `chosen` decides for a page or a file before its
first query, `on` holds for what is asked inside. A replica that fails is left alone for a while, and what had failed on
it is read on the primary. Whatever the public sees never comes from here.
"""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.http import HttpResponseBase
from django.template.response import SimpleTemplateResponse

log = logging.getLogger(__name__)

REPLICA = "replica"
LIMIT = 30  # seconds behind the primary after which figures are no longer read there
PAUSE = 10  # seconds for which a replica that failed is not asked again
# What has to be read as it was just written, and is no figure.
AT_ONCE = {"tabulation", "export", "download", "downloadend"}

# The clock of the last commit says little while nothing is committed, so places in the log are compared first.
PLACE = "SELECT pg_current_wal_lsn()"
AGE = """
    SELECT CASE
        WHEN NOT pg_is_in_recovery() THEN NULL
        WHEN pg_last_wal_replay_lsn() >= %s THEN 0
        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
    END
"""

FAULTS = (DatabaseError, InterfaceError)
Parts = Generator[bytes, None, None]
P = ParamSpec("P")
Page = TypeVar("Page", bound=HttpResponseBase)


@dataclass(frozen=True)
class Place:
    """A database to read from, and how many seconds it is behind."""

    alias: str = DEFAULT_DB_ALIAS
    age: float = 0

    @property
    def is_replica(self) -> bool:
        """Whether it is one."""
        return self.alias != DEFAULT_DB_ALIAS


PRIMARY = Place()
_place: ContextVar[Place] = ContextVar("place", default=PRIMARY)
_left_alone_until = 0.0  # of the monotonic clock; for every thread of a process


class Router:
    """Reads go to where this module says, writes to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Only the domain's tables: who may do what, and pages, are as they are now."""
        is_ours = model._meta.app_label == "consultation" and model._meta.model_name not in AT_ONCE
        return _place.get().alias if is_ours else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Also of what was read elsewhere."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """It is one set of tables."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A replica follows by itself."""
        return db == DEFAULT_DB_ALIAS


def connection() -> Any:
    """The connection for statements that are written by hand."""
    return connections[_place.get().alias]


def age() -> int | None:
    """For how many seconds what is read now may be out of date; None on the primary."""
    place = _place.get()
    return round(place.age) if place.is_replica else None


def here() -> Place:
    """Where is read now, to be handed to a thread."""
    return _place.get()


@contextmanager
def on(place: Place) -> Iterator[None]:
    """Read there."""
    before = _place.get()
    _place.set(place)
    try:
        yield
    finally:
        _place.set(before)


def chosen() -> Place:
    """The replica, where there is one that answers and keeps up; else the primary."""
    if REPLICA not in connections or time.monotonic() < _left_alone_until:
        return PRIMARY
    try:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(PLACE)
            [place] = cursor.fetchone()
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(AGE, [place])
            [age] = cursor.fetchone()
    except FAULTS as fault:
        leave_alone(fault)
        return PRIMARY
    if age is None or age > LIMIT:
        log.warning("not read on the replica: it is %s", "none" if age is None else f"{age:.0f} seconds behind")
        return PRIMARY
    return Place(REPLICA, float(age))


def leave_alone(fault: BaseException) -> None:
    """Ask the replica nothing for a while."""
    global _left_alone_until
    _left_alone_until = time.monotonic() + PAUSE
    log.warning("the primary is read for %d seconds, the replica failed: %s", PAUSE, type(fault).__name__)
    connections[REPLICA].close()


def preferred(view: Callable[P, Page]) -> Callable[P, Page]:
    """Read a page's figures on the replica. Where that fails, also midway, the page is made anew on the primary."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Page:
        place = chosen()
        if place.is_replica:
            try:
                with on(place):
                    page = view(*args, **kwargs)
                    if isinstance(page, SimpleTemplateResponse):
                        page.render()  # it asks, too
                    return page
            except FAULTS as fault:
                leave_alone(fault)
        return view(*args, **kwargs)

    return wrapped


def streamed(make: Callable[[], Parts], again: Callable[[], object] = lambda: None) -> Parts:
    """Make a file from what is read on the replica. Where that fails before a byte is out, make it on the primary.

    again: called before the second beginning.
    """
    place, begun = chosen(), False
    if place.is_replica:
        try:
            for part in _parts(make(), place):
                begun = True
                yield part
            return
        except FAULTS as fault:
            leave_alone(fault)
            if begun:
                raise
            again()
    yield from _parts(make(), PRIMARY)


def _parts(parts: Parts, place: Place) -> Parts:
    """Let each part be read there, and whoever takes it read where they do."""
    with closing(parts):
        while True:
            with on(place):
                part = next(parts, None)
            if part is None:
                return
            yield part
