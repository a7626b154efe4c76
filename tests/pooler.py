"""A pgbouncer of our own in front of a cluster, with the configuration of `deploy/` but for paths and size."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import MISSING, ROOT
from tests.postgres import OWNER, Cluster, as_owner, unprivileged

CONFIGURATION = ROOT / "deploy" / "pgbouncer" / "pgbouncer.ini"
PASSWORD = "only-for-tests"  # noqa: S105
PATIENCE = 30  # seconds for it to answer


@dataclass
class Pooler:
    """A pooler that hands transactions on to a cluster, or to another after `lead_to`."""

    folder: Path
    size: int
    host: str
    name: str = "postgres"
    before: tuple[str, ...] = ()  # what stands before its command, where it runs on a host of its own
    port: int = 0
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        if self.port:
            return
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def url(self) -> str:
        """The address, as DATABASE_URL has it."""
        return f"postgresql://{OWNER}:{PASSWORD}@{self.host}:{self.port}/{self.name}"

    @property
    def log(self) -> str:
        """What it said."""
        return (self.folder / "log").read_text()

    def lead_to(self, cluster: Cluster, name: str = "postgres", port: int = 5432) -> None:
        """Write down where the database is, and tell it if it runs: open transactions end first."""
        self.name = name
        (self.folder / "userlist.txt").write_text(f'"{OWNER}" "{PASSWORD}"\n')
        (self.folder / "pgbouncer.ini").write_text(
            f"{CONFIGURATION.read_text()}\n"
            f"listen_addr = {self.host}\n"
            f"listen_port = {self.port}\n"
            f"unix_socket_dir =\n"
            f"auth_file = {self.folder / 'userlist.txt'}\n"
            f"default_pool_size = {self.size}\n"
            f"reserve_pool_size = 0\n"
            f"[databases]\n"
            f"{name} = host={cluster.address or cluster.folder} port={port} dbname={name} user={OWNER}\n"
        )
        unprivileged("chown", self.folder)
        if hasattr(self, "process"):
            subprocess.run(["kill", "-HUP", str(self.pid)], check=True)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        with (self.folder / "log").open("ab") as log:
            # It refuses to be root.
            command = [*self.before, *as_owner(), program(), str(self.folder / "pgbouncer.ini")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < until, self.log
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it takes connections."""
        with socket.socket() as probe:
            return probe.connect_ex((self.host, self.port)) == 0

    @property
    def pid(self) -> int:
        """Its own process: what was started is runuser, where that is needed."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else self.process.pid

    def stop(self) -> None:
        """End it as a crash would."""
        if self.process.poll() is None:
            subprocess.run(["kill", "-KILL", str(self.pid)], check=False)
        self.process.wait(10)


def program() -> str:
    """Debian's pgbouncer."""
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is None:
        pytest.skip(f"{MISSING}Debian's package pgbouncer")
    return found


@contextmanager
def pooler(
    cluster: Cluster, folder: Path, size: int = 4, name: str = "postgres", host: str = "127.0.0.1"
) -> Iterator[Pooler]:
    """Give a running pooler with so many connections to the cluster's database of that name."""
    program()
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    made = Pooler(folder, size, host)
    made.lead_to(cluster, name)
    made.start()
    try:
        yield made
    finally:
        made.stop()
