"""The site on loopback for scanners: production-like settings, demonstration content, a throw-away database."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds for the server to answer


@dataclass(frozen=True)
class Place:
    """Where the site is, and who can sign in there."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The site's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def passwords(self) -> dict[str, str]:
        """By user name."""
        rows = json.loads((self.folder / "sign-ins.json").read_text())
        return {row["username"]: row["password"] for row in rows}

    @property
    def environment(self) -> dict[str, str]:
        """What the site's processes are told. DATABASE_URL is that of tests/postgres.py, where it stands before."""
        return (
            {"DATABASE_URL": f"sqlite:///{self.folder / 'db.sqlite3'}"}
            | os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.scan.settings",
                "SCAN_FOLDER": str(self.folder),
                "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            }
        )

    def manage(self, *command: str) -> str:
        """Run one of the site's commands, and give what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def answers(self) -> bool:
        """Whether the server takes connections."""
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def site() -> Iterator[Place]:
    """Make it, start it, and take everything away again."""
    with tempfile.TemporaryDirectory(prefix="connected-scan-", ignore_cleanup_errors=True) as name:
        place = Place(Path(name), free_port())
        place.manage("migrate", "--verbosity", "0")
        place.manage("load_demo")
        with (place.folder / "log").open("wb") as log:
            server = subprocess.Popen(serving(place), cwd=ROOT, env=place.environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + PATIENCE
            while not place.answers():
                if time.monotonic() > until:
                    raise RuntimeError((place.folder / "log").read_text())
                time.sleep(0.1)
            yield place
        finally:
            server.terminate()
            server.wait(30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def serving(place: Place) -> list[str]:
    """One worker: what a planted hole keeps is in its memory."""
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site", "--bind", f"127.0.0.1:{place.port}"]
    return [*web, "--worker-class", "gthread", "--workers", "1", "--threads", "8", "--no-control-socket"]
