"""The site as it runs in production, on this machine alone: PostgreSQL, gunicorn with two workers, tick, mail."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
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


@dataclass
class Place:
    """Where it runs, and its processes. Everything they write on standard output and error is in `log`."""

    cluster: Cluster
    folder: Path
    entry: str = "config.wsgi"
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        (self.folder / "mail").mkdir()
        self.mail = MailServer(self.folder / "mail")
        self.log = self.folder / "log"

    def start(self) -> None:
        """Start what runs beside PostgreSQL."""
        self.mail.start()
        web = ["-m", "gunicorn", self.entry, "--pythonpath", "site", "--bind", f"127.0.0.1:{self.port}"]
        web += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "60"]
        self.run("web", *web, "--no-control-socket", "--access-logfile", "-")
        self.run("tick", "manage.py", "tick", "--loop", "--pause", "0.5")
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def run(self, name: str, *command: str) -> None:
        """Start a process under a name."""
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def answers(self) -> bool:
        """Whether the web server takes connections."""
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.rig.settings",
            "SECRET_KEY": "only-for-tests" * 4,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": self.cluster.url,
            # Production refuses it, so a test that wants to see it lose has to say so.
            "DATABASE_MAY_FORGET": str("synchronous_commit=off" in self.cluster.more),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "DEFAULT_FROM_EMAIL": "plan@example.org",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        }

    def manage(self, *command: str) -> None:
        """Run one of the site's commands; what it says where it fails is shown."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

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
        """The web server's worker processes."""
        return children(self.processes["web"].pid)

    def stop(self) -> None:
        """End what `start` and `run` started."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
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


def filled_from(cluster: Cluster, source: dict[str, Any]) -> None:
    """Fill a new cluster with a database that is there already: migrating anew would take half a minute."""
    known = {"host", "port", "user", "password"}
    address = make_dsn(**{name: value for name, value in source.items() if name in known}, dbname=source["dbname"])
    dump = subprocess.Popen(
        [cluster.binaries / "pg_dump", "--no-owner", "--dbname", address], stdout=subprocess.PIPE, text=True
    )
    command = [cluster.binaries / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", cluster.url]
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
