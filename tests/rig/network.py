"""Several hosts on this machine: network namespaces on a switch of their own. Nothing of the machine's network is used.

Only root can have them. A host's cable can be pulled: packets vanish and nobody is told, as behind a dead switch, so
that both sides go on believing in connections that are there no more.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import MISSING

SPACES = Path("/run/netns")
SWITCH = "switch"
THIN = ["rate", "2mbit", "burst", "4kb", "limit", "6kb"]  # what does not fit into the queue is lost
_numbers = count()


@dataclass
class Network:
    """The hosts by name, each with its address."""

    hosts: dict[str, str] = field(default_factory=dict)
    prefix: str = field(default_factory=lambda: f"cn-{os.getpid()}-{next(_numbers)}")

    def add(self, name: str) -> None:
        """Put a host on the switch."""
        address = f"10.77.0.{len(self.hosts) + 2}"
        ip("netns", "add", self.space(name))
        self.hosts[name] = address
        ip(*self._switch, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", self.space(name))
        ip(*self._switch, "link", "set", name, "master", "bridge", "up")
        inside = ("-n", self.space(name))
        ip(*inside, "address", "add", f"{address}/24", "dev", "eth0")
        ip(*inside, "link", "set", "eth0", "up")
        ip(*inside, "link", "set", "lo", "up")

    def space(self, name: str) -> str:
        """The name of a host's namespace."""
        return f"{self.prefix}-{name}"

    @property
    def _switch(self) -> tuple[str, str]:
        return ("-n", self.space(SWITCH))

    def at(self, name: str) -> tuple[str, ...]:
        """What stands before a command to run it on a host."""
        return ("nsenter", f"--net={SPACES / self.space(name)}")

    def cut(self, name: str) -> None:
        """Pull a host's cable."""
        ip(*self._switch, "link", "set", name, "nomaster")

    def heal(self, name: str) -> None:
        """Put it back."""
        ip(*self._switch, "link", "set", name, "master", "bridge")

    def thin(self, name: str) -> None:
        """Lead a host's packets over a thin line with a short queue: they come late, and many do not come."""
        for where, device in ((SWITCH, name), (name, "eth0")):
            command = ["tc", "-n", self.space(where), "qdisc", "replace", "dev", device, "root", "tbf", *THIN]
            subprocess.run(command, check=True)

    def widen(self, name: str) -> int:
        """Give back the usual line, and say how many packets were lost on the thin one."""
        lost = 0
        for where, device in ((SWITCH, name), (name, "eth0")):
            tc = ["tc", "-n", self.space(where)]
            told = subprocess.run([*tc, "-s", "qdisc", "show", "dev", device], capture_output=True, text=True).stdout
            lost += int(told.partition("dropped ")[2].partition(",")[0] or 0)
            subprocess.run([*tc, "qdisc", "delete", "dev", device, "root"], check=True)
        return lost

    def join(self, name: str) -> None:
        """Let this thread be on a host from now on."""
        with (SPACES / self.space(name)).open() as space:
            _set_space(space.fileno())

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Let this thread be on a host for a while."""
        with Path("/proc/thread-self/ns/net").open() as before:
            self.join(name)
            try:
                yield
            finally:
                _set_space(before.fileno())

    def remove(self) -> None:
        """Delete what was made; whatever runs there has to have ended."""
        for name in [*self.hosts, SWITCH]:
            if (SPACES / self.space(name)).exists():
                ip("netns", "delete", self.space(name))


def _set_space(descriptor: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, 0x40000000):  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "setns")


def ip(*words: str) -> None:
    """One command of iproute2."""
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextmanager
def network(*hosts: str) -> Iterator[Network]:
    """Give a network with these hosts; skip where none can be made."""
    made = Network()
    try:
        try:
            ip("netns", "add", made.space(SWITCH))
            ip("-n", made.space(SWITCH), "link", "add", "bridge", "type", "bridge")
            ip("-n", made.space(SWITCH), "link", "set", "bridge", "up")
            for name in hosts:
                made.add(name)
        except (FileNotFoundError, subprocess.CalledProcessError) as reason:
            told = getattr(reason, "stderr", "") or reason
            pytest.skip(f"{MISSING}network namespaces, which root can make with Debian's iproute2: {told}")
        yield made
    finally:
        made.remove()
