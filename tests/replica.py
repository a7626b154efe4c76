"""A hot standby of a cluster of our own, which follows it by streaming and can take its place."""

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from tests.postgres import OWNER, Cluster, unprivileged

PATIENCE = 60  # seconds for a standby to follow


@dataclass(frozen=True)
class Replica(Cluster):
    """A cluster that is read from, until it is promoted."""

    primary: Cluster | None = None

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped."""
        return (self.data / "postmaster.pid").exists()

    def promote(self) -> None:
        """Take the primary's place. Whoever holds the old one has to have stopped it."""
        self.run("pg_ctl", "promote", "--wait", "--silent")

    def catch_up(self) -> None:
        """Wait until everything that the primary has committed by now can be read here."""
        assert self.primary
        [(reached,)] = asked(self.primary, "SELECT pg_current_wal_lsn()")
        wait_for(self, f"SELECT pg_last_wal_replay_lsn() >= '{reached}'")


def replica_of(
    cluster: Cluster, folder: Path, synchronous: bool = False, before: tuple[str, ...] = (), address: str = ""
) -> Replica:
    """Copy a running cluster into the folder and start the copy as its replica; whoever asks for it stops it.

    before, address: the host that it runs on, where that is one of its own.
    Where it is synchronous, a commit of the primary waits for the replica's disk, and for ever once that is away.
    The primary has to be durable for that: one with synchronous_commit=off waits for nobody.
    """
    name = folder.name.replace("-", "_").lower()
    made = Replica(cluster.binaries, folder, cluster.durable, cluster.more, before, address, cluster)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    unprivileged("chown", folder)
    source = f"host={cluster.address or cluster.folder} user={OWNER} application_name={name}"
    options = ["--dbname", source, "--write-recovery-conf", "--checkpoint=fast", "--create-slot", "--slot", name]
    made.run("pg_basebackup", *options, *([] if cluster.durable else ["--no-sync"]))
    made.start()
    wait_for(cluster, f"SELECT state = 'streaming' FROM pg_stat_replication WHERE application_name = '{name}'")
    if synchronous:
        set_up(cluster, "synchronous_standby_names", name)
        wait_for(cluster, f"SELECT sync_state = 'sync' FROM pg_stat_replication WHERE application_name = '{name}'")
    return made


def set_up(cluster: Cluster, name: str, value: str) -> None:
    """Set one of a running server's settings, for good."""
    asked(cluster, f"ALTER SYSTEM SET {name} = '{value}'")
    asked(cluster, "SELECT pg_reload_conf()")


def asked(cluster: Cluster, statement: str) -> list[tuple[Any, ...]]:
    """What the cluster answers to one statement, in a transaction of its own."""
    with closing(psycopg2.connect(cluster.url)) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []


def wait_for(cluster: Cluster, statement: str) -> None:
    """Wait until the statement is true."""
    until = time.monotonic() + PATIENCE
    while not any(row[0] for row in asked(cluster, statement)):
        assert time.monotonic() < until, statement
        time.sleep(0.05)


def of_the_tests(parameters: dict[str, Any]) -> Cluster | None:
    """The cluster that the tests run on, where tests/postgres.py has made it. parameters: of Django's connection."""
    folder = Path(parameters.get("host", ""))
    if not (folder / "data" / "postmaster.pid").exists():
        return None
    [(binaries,)] = asked(Cluster(folder, folder), "SELECT setting FROM pg_config() WHERE name = 'BINDIR'")
    # As the running server has it: a standby allows no fewer connections than its primary.
    return Cluster(Path(binaries), folder)
