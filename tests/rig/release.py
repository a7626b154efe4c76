"""The release before this one, as it was, and the way from it to this one while people answer."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from tests import postgres
from tests.conftest import MISSING, ROOT
from tests.rig.citizen import Account, Citizen, Line
from tests.rig.load import IMPATIENT
from tests.rig.place import FEW, PATIENCE, Place, children

# At a release: its tag, and its last migrations into RELEASED of tests/migration_rules.py.
PREVIOUS = "c21f3d8e0512601444637933b1c4a52b52879b74"
PUBLISH = "from tests.rig.asked import one_section; print('path', one_section())"


class Upgrading(Place):
    """A site whose code changes while it runs."""

    @property
    def environment(self) -> dict[str, str]:
        """What every site is told; and its web server lets another listen beside it."""
        return super().environment | {"GUNICORN_CMD_ARGS": "--reuse-port"}

    def switch_to(self, root: Path) -> None:
        """Start other code beside what runs, and then end that, letting it finish what it has begun."""
        ending = self.processes
        self.processes, self.root = {}, root
        web = ["-m", "gunicorn", self.entry, "--pythonpath", "site", "--bind", f"127.0.0.1:{self.port}"]
        web += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "60"]
        self.run("web", sys.executable, *web, "--no-control-socket", "--access-logfile", "-")
        self.run("tick", sys.executable, "manage.py", "tick", "--loop", "--pause", "0.5")
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
        line = Line(place.address, place.port)
        while not over.is_set():
            number = next(numbers)
            citizen = Citizen(line, path, number, time.monotonic() + PATIENCE, number % IMPATIENT == 0)
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
    place.manage("migrate", "--noinput")
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
        place.manage("migrate", "--noinput")
        said = place.manage("shell", "-c", PUBLISH)
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
