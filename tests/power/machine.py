"""A computer whose power can be cut: User-Mode Linux, a kernel with a disk of its own that runs as a process.

Killing the process takes everything that its kernel had not written to its disk yet, as pulling the plug does. What it
has written is there: the disk keeps what it has taken, and has no cache that forgets.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

from tests.power import guest

KERNEL = "linux.uml"
SIZE = 1024 * 1024 * 1024  # of the disk; what is empty of it takes no place
PATIENCE = 240  # seconds for a system to come up and count on a busy machine
WRITING = (0.5, 3.0)  # seconds from the first acknowledgement to the cut: any instant between


class Running:
    """A machine that is on."""

    def __init__(self, command: list[str], folder: Path, log: Path) -> None:
        self._timers: list[Timer] = []
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                errors="replace",
                env={"PATH": os.environ["PATH"], "TMPDIR": str(folder), "HOME": str(folder)},
                start_new_session=True,  # so that all its processes die at one instant
            )

    def lines(self) -> Iterator[str]:
        """Each whole line that its system says until the power goes, and what was said by then."""
        assert self._process.stdout is not None
        yield from (line for line in self._process.stdout if line.endswith("\n"))

    def cut(self) -> None:
        """Cut the power."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def cut_in(self, seconds: float) -> None:
        """Cut the power so many seconds from now."""
        self._timers.append(Timer(seconds, self.cut))
        self._timers[-1].start()

    def end(self) -> None:
        """Leave nothing that runs."""
        for timer in self._timers:
            timer.cancel()
        self.cut()
        self._process.wait()


@dataclass(frozen=True)
class Machine:
    """A disk with a store on it, and how its system is told to use it. told: more words for the guest."""

    folder: Path
    told: dict[str, str] = field(default_factory=dict)

    def install(self, contents: Path) -> None:
        """Make its disk of a folder's contents."""
        with self.disk.open("wb") as file:
            file.truncate(SIZE)
        subprocess.run([program("mkfs.ext4"), "-q", "-d", contents, self.disk], check=True)
        self.outside.mkdir()

    @property
    def disk(self) -> Path:
        """The disk, a file of the host's."""
        return self.folder / "disk"

    @property
    def outside(self) -> Path:
        """The folder of the host's that its system writes to."""
        return self.folder / "outside"

    @property
    def log(self) -> Path:
        """What its kernel and its programs said."""
        return self.folder / "log"

    def until_cut(self) -> list[str]:
        """Switch it on, let it write, and cut the power at a random instant: the keys that were acknowledged."""
        keys: list[str] = []
        with self._on("write") as running:
            for line in self._said(running):
                if line.startswith("acknowledged "):
                    keys.append(line.split()[1])
                    if len(keys) == 1:
                        running.cut_in(random.uniform(*WRITING))
        assert keys, self.log.read_text(errors="replace")
        return keys

    def stored(self) -> dict[str, str]:
        """What was in its ledger when it was last switched on: words by key."""
        lines = (self.outside / "stored").read_text().splitlines()
        return dict(line.split("\t", 1) for line in lines)

    def counted(self) -> dict[str, str]:
        """Switch it on only to count: what is in its ledger."""
        (self.outside / "stored").unlink(missing_ok=True)
        with self._on("count") as running:
            for line in self._said(running):
                if line.startswith("counted "):
                    running.cut()
        return self.stored()

    @contextmanager
    def _on(self, action: str) -> Iterator[Running]:
        words = {"root": "/dev/root", "rootfstype": "hostfs", "rootflags": "/", "mem": "384M", "ubda": str(self.disk)}
        words |= {"con": "null", "con0": "null,fd:2", "ssl": "null", "ssl0": "null,fd:1", "console": "tty0"}
        words |= {"ACTION": action, "OUTSIDE": str(self.outside)} | self.told
        words["init"] = sys.executable  # not resolved: its place is what makes it the environment's own
        command = [KERNEL, "ro", "quiet", *(f"{name}={value}" for name, value in words.items()), "--", guest.__file__]
        running = Running(command, self.folder, self.log)
        running.cut_in(PATIENCE)
        try:
            yield running
        finally:
            running.end()

    def _said(self, running: Running) -> Iterator[str]:
        for line in running.lines():
            if line.startswith(("broken", "failed")):
                raise AssertionError(self.log.read_text(errors="replace"))
            yield line


def program(name: str) -> str:
    """A program, also where the path has no sbin."""
    return shutil.which(name) or f"/usr/sbin/{name}"
