"""The site as it runs in production, on this machine alone: PostgreSQL, gunicorn with two workers, tick, mail."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection
from psycopg2.extensions import make_dsn

from tests import postgres
from tests.conftest import MISSING, ROOT
from tests.mail_server import MailServer
from tests.postgres import Cluster

PATIENCE = 120  # seconds for a process to answer
SECRET = "only-for-tests" * 4


@dataclass
class Place:
    """Where it runs, and its processes. Everything they write on standard output and error is in `log`."""

    cluster: Cluster
    folder: Path
    entry: str = "config.wsgi"
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    webs: tuple[str, ...] = ("web",)  # the web servers, by the names of their processes
    root: Path = ROOT  # the code that is started next

    def __post_init__(self) -> None:
        (self.folder / "mail").mkdir()
        self.log = self.folder / "log"
        self.address, self.port = self.front()
        self.mail = self.mail_server()

    def front(self) -> tuple[str, int]:
        """Where citizens go."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return "127.0.0.1", probe.getsockname()[1]

    def mail_server(self) -> MailServer:
        """Where the site's mail goes."""
        return MailServer(self.folder / "mail")

    def join(self) -> None:
        """What a citizen's thread does first."""

    def start(self) -> None:
        """Start what runs beside PostgreSQL."""
        self.mail.start()
        for name in self.webs:
            self.start_web(name)
        self.start_tick()
        for name in self.webs:
            self.wait_for_web(name)

    def start_web(self, name: str, entry: str = "") -> None:
        """Start a web server. entry: another than the usual."""
        address, port = self.bind(name)
        web = ["-m", "gunicorn", entry or self.entry, "--pythonpath", "site", "--bind", f"{address}:{port}"]
        web += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "60"]
        self.run(name, sys.executable, *web, "--no-control-socket", "--access-logfile", "-")

    def bind(self, name: str) -> tuple[str, int]:
        """Where a web server listens."""
        return self.address, self.port

    def start_tick(self) -> None:
        """Start the process that folds and sends."""
        self.run("tick", sys.executable, "manage.py", "tick", "--loop", "--pause", "0.5")

    def run(self, name: str, *command: str) -> None:
        """Start a process under a name."""
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*self.at(name), *command], cwd=self.root, env=self.environment, stdout=log, stderr=log
            )

    def at(self, name: str) -> tuple[str, ...]:
        """What stands before a command to run it where the process of that name belongs."""
        return ()

    def wait_for(self, address: str, port: int) -> None:
        """Wait until somebody takes connections there."""
        until = time.monotonic() + PATIENCE
        while not answers(address, port):
            assert time.monotonic() < until, f"{address}:{port}\n{self.log.read_text()[-20_000:]}"
            time.sleep(0.1)

    def wait_for_web(self, name: str) -> None:
        """Wait until a web server answers: it takes connections long before it has read the site.

        A worker of the one before, which still dies, takes them too, and drops them.
        """
        until = time.monotonic() + PATIENCE
        while True:
            self.wait_for(*self.bind(name))
            connection = http.client.HTTPConnection(*self.bind(name), timeout=PATIENCE)
            try:
                connection.request("GET", "/healthz", headers={"Host": self.address, "X-Forwarded-Proto": "https"})
                connection.getresponse()
                return
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < until, self.log.read_text()[-20_000:]
                time.sleep(0.1)
            finally:
                connection.close()

    def kill(self, name: str) -> None:
        """End a process and what it has started by -9, all at once."""
        process = self.processes[name]
        for pid in [process.pid, *children(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.rig.settings",
            "SECRET_KEY": SECRET,
            "ALLOWED_HOSTS": self.address,
            "DATABASE_URL": self.cluster.url,
            # Production refuses it, so a test that wants to see it lose has to say so.
            "DATABASE_MAY_FORGET": str("synchronous_commit=off" in self.cluster.more),
            "EMAIL_URL": f"smtp://{self.mail.host}:{self.mail.port}",
            "DEFAULT_FROM_EMAIL": "plan@example.org",
            "BASE_URL": f"https://{self.address}",
            "PYTHONPATH": f"{self.root}{os.pathsep}{self.root / 'site'}",
        }

    @property
    def direct(self) -> dict[str, str]:
        """What an administrator's command is told."""
        return self.environment

    def manage(self, *command: str) -> str:
        """Run one of the site's commands, and give what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=self.root, env=self.direct, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def database(self) -> Iterator[Any]:
        """A cursor of one's own, each statement a transaction."""
        opened = psycopg2.connect(self.cluster.url)
        opened.autocommit = True
        try:
            yield opened.cursor()
        finally:
            opened.close()

    def workers(self) -> list[int]:
        """The web servers' worker processes."""
        return [pid for name in self.webs for pid in children(self.processes[name].pid)]

    def stop(self) -> None:
        """End what `start` and `run` started."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGCONT)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                for pid in [*children(process.pid), process.pid]:
                    os.kill(pid, signal.SIGKILL)
                process.wait()
        if hasattr(self.mail, "process"):
            self.mail.stop()


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []


def answers(address: str, port: int) -> bool:
    """Whether somebody takes connections there."""
    with closing(socket.socket()) as probe:
        probe.settimeout(2)
        return probe.connect_ex((address, port)) == 0


def filled_from(cluster: Cluster, source: dict[str, Any]) -> None:
    """Fill a new cluster with a database that is there already: migrating anew would take half a minute."""
    known = {"host", "port", "user", "password"}
    address = make_dsn(**{name: value for name, value in source.items() if name in known}, dbname=source["dbname"])
    dump = subprocess.Popen(
        [cluster.binaries / "pg_dump", "--no-owner", "--dbname", address], stdout=subprocess.PIPE, text=True
    )
    command: list[str | Path] = [
        cluster.binaries / "psql",
        "--quiet",
        "--set",
        "ON_ERROR_STOP=1",
        "--single-transaction",
        cluster.url,
    ]
    subprocess.run(command, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)
    assert dump.wait() == 0
    # Also a server that does not wait for the disk has that on it, before anything is killed.
    subprocess.run([cluster.binaries / "psql", "--quiet", "--command", "CHECKPOINT", cluster.url], check=True)


FEW = ("max_connections=40",)


@contextmanager
def site(entry: str = "config.wsgi", more: tuple[str, ...] = FEW, place: Path | None = None) -> Iterator[Place]:
    """The whole site, with what the test's own database holds. place: the folder for PostgreSQL's data."""
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(postgres.cluster(True, os.environ.get("TEST_ENGINE", ""), more, place))
        except postgres.NoEngine as reason:
            pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")
        filled_from(cluster, connection.get_connection_params())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="connected-site-")))
        made = Place(cluster, folder, entry)
        stack.callback(made.stop)
        made.start()
        yield made


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A file system of 160 MB in memory, which can be filled. Only root can have one."""
    with tempfile.TemporaryDirectory(prefix="connected-disk-") as name:
        command = ["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", name]
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip(f"{MISSING}the right to mount a small file system, to fill it")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)
