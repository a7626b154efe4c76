"""The release before this one, as it was, and the way from it to this one while people answer."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from tests import postgres
from tests.conftest import MISSING, ROOT
from tests.rig.citizen import Account, Citizen
from tests.rig.load import IMPATIENT
from tests.rig.place import FEW, PATIENCE, Place, children

# At a release: its tag, and its last migrations into RELEASED of tests/migration_rules.py.
PREVIOUS = "c21f3d8e0512601444637933b1c4a52b52879b74"
PUBLISH = "from tests.rig.asked import one_section; print('path', one_section())"


@dataclass
class Upgrading(Place):
    """A site whose code changes while it runs. root: the code that is started next."""

    root: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        """With that code on the path; and its web server lets another listen beside it."""
        return super().environment | {
            "PYTHONPATH": f"{self.root}{os.pathsep}{self.root / 'site'}",
            "GUNICORN_CMD_ARGS": "--reuse-port",
        }

    def run(self, name: str, *command: str) -> None:
        """Start a process of that code under a name."""
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=self.root, env=self.environment, stdout=log, stderr=log
            )

    def asked(self, *command: str) -> str:
        """Run one of that code's commands, and give what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def switch_to(self, root: Path) -> None:
        """Start other code beside what runs, and then end that, letting it finish what it has begun."""
        ending = self.processes
        self.processes, self.root = {}, root
        web = ["-m", "gunicorn", self.entry, "--pythonpath", "site", "--bind", f"127.0.0.1:{self.port}"]
        web += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "60"]
        self.run("web", *web, "--no-control-socket", "--access-logfile", "-")
        self.run("tick", "manage.py", "tick", "--loop", "--pause", "0.5")
        until = time.monotonic() + PATIENCE
        while len(children(self.processes["web"].pid)) < 2:
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)
        time.sleep(5)  # both serve
        for process in ending.values():
            process.send_signal(signal.SIGTERM)
        for process in ending.values():
            process.wait(PATIENCE)


Step = Callable[[Upgrading], None]


def answering_meanwhile(place: Upgrading, path: str, *steps: Step, at_once: int, between: float) -> list[Account]:
    """Let citizens answer while each step is taken, and so many seconds before and after it; return their accounts."""
    over, numbers, done = Event(), count(), []

    def answer_on() -> None:
        while not over.is_set():
            number = next(numbers)
            citizen = Citizen(place.port, path, number, time.monotonic() + PATIENCE, number % IMPATIENT == 0)
            done.append(citizen.answer())

    with ThreadPoolExecutor(at_once) as pool:
        running = [pool.submit(answer_on) for _ in range(at_once)]
        try:
            for step in steps:
                time.sleep(between)
                step(place)
            time.sleep(between)
        finally:
            over.set()
    for work in running:
        work.result()
    return done


def migrate(place: Upgrading) -> None:
    """Migrate with this release's code, while the release before serves."""
    serving, place.root = place.root, ROOT
    place.asked("migrate", "--noinput")
    place.root = serving


@contextmanager
def previous_site() -> Iterator[tuple[Upgrading, str]]:
    """The release before this one with data of its own, running; and where its citizens answer."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="connected-upgrade-")))
        code = folder / "previous"
        code.mkdir()
        check_out(code)
        try:
            cluster = stack.enter_context(postgres.cluster(True, os.environ.get("TEST_ENGINE", ""), FEW))
        except postgres.NoEngine as reason:
            pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")
        place = Upgrading(cluster, folder, root=code)
        stack.callback(place.stop)
        place.asked("migrate", "--noinput")
        said = place.asked("shell", "-c", PUBLISH)
        path = next(line for line in said.splitlines() if line.startswith("path ")).removeprefix("path ")
        place.start()
        yield place, path


def check_out(folder: Path) -> None:
    """Put the code of the release before this one into a folder. A checkout without its history can't."""
    archive = subprocess.Popen(
        ["git", "archive", PREVIOUS], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    unpacked = subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, stderr=subprocess.DEVNULL)
    if archive.wait() or unpacked.returncode:
        pytest.skip(f"THE UPGRADE WAS NOT TRIED: this checkout lacks the history with {PREVIOUS[:9]}")
