"""What goes wrong on a bad day, each done to a running site by its process's id, and healed again."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg2

from tests.postgres import NoEngine
from tests.rig.place import Place, children

LENGTH = 3.0  # seconds that something lasts
FULL = 10.0  # seconds that the disk is full: small writes still fit into pages that are there
Fault = Callable[[Place], None]


def nothing(place: Place) -> None:
    """A good day, to compare with."""


def worker_dies(place: Place) -> None:
    """A worker of the web server is killed by -9."""
    workers = place.workers()
    if workers:
        with suppress(ProcessLookupError):
            os.kill(random.choice(workers), signal.SIGKILL)


def reload(place: Place) -> None:
    """As a deploy does it."""
    place.processes["web"].send_signal(signal.SIGHUP)


def tick_dies(place: Place) -> None:
    """The process that folds and sends is killed by -9, and begun again as a service would be."""
    place.processes["tick"].kill()
    place.processes["tick"].wait()
    place.run("tick", "manage.py", "tick", "--loop", "--pause", "0.5")


def log_held_back(place: Place) -> None:
    """PostgreSQL's log writer hangs, as on a slow disk. Whoever waits for the disk writes the log without it."""
    for pid in children(place.cluster.pid):
        if b"walwriter" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGSTOP)


def postgres_killed(place: Place) -> None:
    """Every process of PostgreSQL is killed by -9.

    Its first process is held first: a connection that it makes meanwhile would live on without it, and where it waits
    for a lock of somebody who was killed, for ever, so that nothing can start in its place.
    """
    server = place.cluster.pid
    os.kill(server, signal.SIGSTOP)
    for pid in [*children(server), server]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    start_again(place)


def postgres_stopped_at_once(place: Place) -> None:
    """PostgreSQL is stopped without a checkpoint."""
    place.cluster.stop("immediate")
    start_again(place)


def postgres_restarted(place: Place) -> None:
    """PostgreSQL is restarted in order, under whoever is connected."""
    place.cluster.stop("fast")
    start_again(place)


def start_again(place: Place) -> None:
    """Start PostgreSQL, as soon as what is left of it has gone."""
    until = time.monotonic() + 60
    while True:
        try:
            place.cluster.start()
            return
        except NoEngine:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


OTHERS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"


def backends_ended(place: Place) -> None:
    """Every connection of the site is ended by the server."""
    with place.database() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")


def tables_locked(place: Place) -> None:
    """Somebody holds the tables of drafts and responses."""
    with place.database() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE consultation_draft, consultation_response IN ACCESS EXCLUSIVE MODE")
        time.sleep(LENGTH)
        cursor.execute("ROLLBACK")


def connections_taken(place: Place) -> None:
    """Others take every connection that the server has."""
    backends_ended(place)
    taken = []
    try:
        until = time.monotonic() + LENGTH
        while time.monotonic() < until:
            try:
                taken.append(psycopg2.connect(place.cluster.url))
            except psycopg2.OperationalError:
                time.sleep(0.1)
    finally:
        for connection in taken:
            connection.close()


def disk_full(place: Place) -> None:
    """Something fills the disk that PostgreSQL's data and log are on; then it is cleared away.

    What was refused can't be read in the log, which finds no space either: citizens say whether they met it. A server
    that panics meanwhile and can't come back by itself is started again, as a service would be.
    """
    ballast = place.cluster.folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    time.sleep(FULL)
    ballast.unlink()
    try:
        with place.database():
            pass
    except psycopg2.OperationalError:
        with suppress(NoEngine):
            place.cluster.stop("immediate")
        start_again(place)


def mail_away(place: Place) -> None:
    """The mail server goes, and comes back."""
    place.mail.stop()
    time.sleep(LENGTH)
    place.mail.start()
