"""What goes wrong on a bad day, each done to a running site by its process's id, and healed again."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg2

from tests.postgres import Cluster, NoEngine
from tests.rig.hosts import Hosts
from tests.rig.place import Place, children

LENGTH = 3.0  # seconds that something lasts
FULL = 10.0  # seconds that the disk is full: small writes still fit into pages that are there
# What it needs says its argument: a place of any kind, or one of several hosts.
Fault = Callable[[Place], None]
HostsFault = Callable[[Hosts], None]


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
    for name in place.webs:
        place.processes[name].send_signal(signal.SIGHUP)


def tick_dies(place: Place) -> None:
    """The process that folds and sends is killed by -9, and begun again as a service would be."""
    place.kill("tick")
    place.start_tick()


def log_held_back(place: Place) -> None:
    """PostgreSQL's log writer hangs, as on a slow disk. Whoever waits for the disk writes the log without it."""
    for pid in children(place.cluster.pid):
        if b"walwriter" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGSTOP)


def postgres_killed(place: Place) -> None:
    """Every process of PostgreSQL is killed by -9, and it is started again."""
    kill_postgres(place)
    start_again(place)


def kill_postgres(place: Place, cluster: Cluster | None = None) -> None:
    """Kill every process of PostgreSQL by -9. cluster: another than the primary.

    Its first process is held first: a connection that it makes meanwhile would live on without it, and where it waits
    for a lock of somebody who was killed, for ever, so that nothing can start in its place.
    """
    server = (cluster or place.cluster).pid
    os.kill(server, signal.SIGSTOP)
    for pid in [*children(server), server]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


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


# What goes wrong on several hosts

LONG = 8.0  # seconds that a cable is pulled


def host_cut_off(place: Hosts) -> None:
    """A web host's cable is pulled and put back. What is on its way waits, for nobody knows that it is lost."""
    cut_off(place, random.choice(place.webs))


def cut_off(place: Hosts, name: str, seconds: float = LONG) -> None:
    """Pull a host's cable for a while."""
    place.network.cut(name)
    time.sleep(seconds)
    place.network.heal(name)


def host_cut_off_for_long(place: Hosts) -> None:
    """A web host's cable is pulled until the proxy has given up waiting for it."""
    cut_off(place, random.choice(place.webs), 40)


def standby_left_behind_and_promoted(place: Hosts) -> None:
    """The standby is cut off a moment before the primary dies, and then takes its place all the same."""
    assert place.replica
    name = place.host_of(place.replica)
    place.network.cut(name)
    time.sleep(LENGTH)
    kill_postgres(place)
    place.network.heal(name)
    place.promote()


def waiting_cancelled_and_standby_promoted(place: Hosts) -> None:
    """While the standby is away somebody cancels the commits that wait for it; then the primary dies."""
    assert place.replica
    name = place.host_of(place.replica)
    place.network.cut(name)
    for _time in range(3):
        time.sleep(1)
        with place.database() as cursor:
            cursor.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    kill_postgres(place)
    place.network.heal(name)
    place.promote()


def host_killed(place: Hosts) -> None:
    """A web host loses its power: everything on it is gone at once, and nobody is told. Then it starts again."""
    name = random.choice(place.webs)
    place.network.cut(name)
    place.kill(name)
    time.sleep(LENGTH)
    place.network.heal(name)
    place.start_web(name)
    place.wait_for_web(name)


def web_server_killed(place: Hosts) -> None:
    """gunicorn, its first process and all workers, is killed by -9 and started again."""
    name = random.choice(place.webs)
    place.kill(name)
    time.sleep(LENGTH)
    place.start_web(name)
    place.wait_for_web(name)


def deployed(place: Hosts) -> None:
    """A deploy: one web host after the other stops in order and starts again, and the proxy has the time to see it."""
    for name in place.webs:
        place.processes[name].send_signal(signal.SIGTERM)
        place.processes[name].wait()
        place.start_web(name)
        place.wait_for_web(name)
        time.sleep(LENGTH)


def proxy_reloaded(place: Hosts) -> None:
    """The proxy reads its configuration anew."""
    place.processes["nginx"].send_signal(signal.SIGHUP)


def proxy_killed(place: Hosts) -> None:
    """The proxy is killed by -9 and started again."""
    place.kill("nginx")
    place.start_proxy()


def pooler_killed(place: Hosts) -> None:
    """The pooler is killed by -9, and is away for a while."""
    place.pooler.stop()
    time.sleep(LENGTH)
    place.pooler.start()


def pooler_cut_off(place: Hosts) -> None:
    """The pooler's cable is pulled: neither web host reaches the database, and none is refused."""
    cut_off(place, "pool")


def primary_killed_and_standby_promoted(place: Hosts) -> None:
    """The primary dies for good; the standby takes its place; the dead one's host becomes the new one's standby."""
    kill_postgres(place)
    place.promote()
    time.sleep(LENGTH)
    place.take_in_again()


def primary_cut_off_and_standby_promoted(place: Hosts) -> None:
    """The primary's cable is pulled, so that it may still believe in itself; it is ended before the cable is back."""
    name = place.host_of(place.cluster)
    place.network.cut(name)
    time.sleep(LENGTH)
    lost = place.cluster
    place.promote()
    kill_postgres(place, lost)
    time.sleep(VANISHED)
    place.network.heal(name)
    place.take_in_again()


VANISHED = 25.0  # seconds: longer than the pooler believes in connections to a host that is silent


def standby_cut_off(place: Hosts) -> None:
    """The standby's cable is pulled: commits wait, and are acknowledged when it is back."""
    assert place.replica
    cut_off(place, place.host_of(place.replica))


def standby_cut_off_for_long(place: Hosts) -> None:
    """The standby is away until an administrator lets the primary go on alone; it is taken in again later."""
    assert place.replica
    name = place.host_of(place.replica)
    place.network.cut(name)
    time.sleep(AWAY)
    place.go_alone()
    time.sleep(LENGTH)
    place.network.heal(name)
    place.replica.catch_up()
    place.wait_again()


AWAY = 70.0  # seconds: longer than the proxy waits for a web host, and for the next


def cache_killed(place: Hosts) -> None:
    """The cache is killed by -9, away for a while, and comes back empty."""
    place.kill("redis")
    time.sleep(LENGTH)
    place.start_redis()


def cache_hangs(place: Hosts) -> None:
    """The cache takes connections and never answers."""
    place.processes["redis"].send_signal(signal.SIGSTOP)
    time.sleep(LONG)
    place.processes["redis"].send_signal(signal.SIGCONT)


def store_away(place: Hosts) -> None:
    """What holds files, and the cache and the mail server beside it, are cut off."""
    cut_off(place, "store")


def files_away(place: Hosts) -> None:
    """What holds files is killed, and comes back empty."""
    place.kill("s3")
    time.sleep(LENGTH)
    place.start_s3()


def thin_line(place: Hosts) -> None:
    """A web host is on a thin line: packets come late, and many do not come."""
    name = random.choice(place.webs)
    place.network.thin(name)
    time.sleep(LONG)
    place.lost_packets += place.network.widen(name)


def clock_ahead(place: Hosts) -> None:
    """A web host starts with a clock that is three hours ahead, and gets the right one later."""
    name = random.choice(place.webs)
    for entry in ("tests.rig.ahead", ""):
        place.kill(name)
        place.start_web(name, entry)
        place.wait_for_web(name)
        time.sleep(LENGTH)


ANYWHERE: list[Fault] = [
    worker_dies,
    reload,
    tick_dies,
    postgres_killed,
    postgres_stopped_at_once,
    postgres_restarted,
    backends_ended,
    tables_locked,
    connections_taken,
    mail_away,
]
BRIEF: list[HostsFault] = [
    host_cut_off,
    host_killed,
    web_server_killed,
    deployed,
    proxy_reloaded,
    proxy_killed,
    pooler_killed,
    pooler_cut_off,
    primary_killed_and_standby_promoted,
    standby_cut_off,
    cache_killed,
    cache_hangs,
    store_away,
    files_away,
    thin_line,
    clock_ahead,
]
LASTING: list[HostsFault] = [
    host_cut_off_for_long,
    primary_cut_off_and_standby_promoted,
    standby_cut_off_for_long,
]
