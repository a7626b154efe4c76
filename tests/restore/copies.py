"""A site with a database, files and backups of its own, which can be wiped and restored."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests import postgres
from tests.conftest import MISSING, ROOT
from tests.rig.place import filled_from

SCRIPTS = ROOT / "deploy" / "backup"
PICTURE = bytes(range(256)) * 300
LETTER = "A letter, with an é in its name.".encode()


@dataclass(frozen=True)
class Copied:
    """Where everything is. url: of the database; binaries: PostgreSQL's programs."""

    folder: Path
    url: str
    binaries: Path | None = None

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.folder / "backups"

    @property
    def files(self) -> Path:
        """The folder of the site's files."""
        return self.folder / "files"

    def run(self, *command: str | Path, url: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        """Run a program as an administrator does."""
        path = f"{self.binaries}{os.pathsep}{os.environ['PATH']}" if self.binaries else os.environ["PATH"]
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.restore.settings",
            "DATABASE_URL": url or self.url,
            "BACKUPS": str(self.backups),
            "BACKUP_MARK": str(self.folder / "mark"),
            "FILES": str(self.files),
            "PROOF": str(self.folder),
            "PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
            "PATH": f"{path}{os.pathsep}/usr/sbin",
        }
        return subprocess.run(command, env=os.environ | environment | more, cwd=ROOT, capture_output=True, text=True)

    def script(self, name: str, *arguments: str | Path) -> str:
        """Run a script that has to succeed, and give what it says."""
        done = self.run(SCRIPTS / name, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refusal(self, name: str, *arguments: str | Path) -> str:
        """Run a script that has to fail, and give what it says."""
        done = self.run(SCRIPTS / name, *arguments)
        assert done.returncode != 0, done.stdout + done.stderr
        return done.stderr

    def manage(self, *arguments: str | Path, url: str = "") -> str:
        """Run one of the site's commands."""
        done = self.run(sys.executable, "manage.py", *arguments, url=url)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def backup(self) -> Path:
        """Make a backup."""
        return Path(self.script("backup").splitlines()[-1])

    def digests(self, url: str = "") -> str:
        """What all tables hold."""
        return self.manage("digest", url=url)

    def contents(self) -> dict[str, bytes]:
        """What all files hold."""
        return {str(p.relative_to(self.files)): p.read_bytes() for p in self.files.rglob("*") if p.is_file()}


def sign_again(backup: Path) -> None:
    """Make the manifest anew, as if what stands in the backup had stood there from the first."""
    log = [line for line in (backup / "MANIFEST").read_text().splitlines() if "  ../wal/" in line]
    named = "find . -type f ! -name 'MANIFEST*' -print0 | sort -z | xargs -0 sha256sum > MANIFEST"
    subprocess.run(named, shell=True, check=True, cwd=backup)
    with (backup / "MANIFEST").open("a") as manifest:
        manifest.writelines(f"{line}\n" for line in log)
    subprocess.run("sha256sum MANIFEST > MANIFEST.sha256", shell=True, check=True, cwd=backup)


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """A folder that PostgreSQL can reach, whoever it runs as; pytest's are closed to it."""
    with tempfile.TemporaryDirectory(prefix="connected-restore-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def copied(folder: Path) -> Iterator[tuple[Copied, Any]]:
    """A site with what the test's database holds, and some files; and its PostgreSQL, where it has one."""
    for path, data in {"media/images/park.png": PICTURE, "letters/2026/é 1.txt": LETTER}.items():
        (folder / "files" / path).parent.mkdir(parents=True)
        (folder / "files" / path).write_bytes(data)
    archive = folder / "backups" / "wal"
    archive.mkdir(parents=True)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{folder / 'site.sqlite3'}'")
        yield Copied(folder, f"sqlite:///{folder / 'site.sqlite3'}"), None
        return
    postgres.unprivileged("chown", folder)
    with archiving(archive) as cluster:
        filled_from(cluster, connection.get_connection_params())
        yield Copied(folder, cluster.url, cluster.binaries), cluster


@contextmanager
def archiving(archive: Path) -> Iterator[postgres.Cluster]:
    """A PostgreSQL whose log is archived as production's is."""
    command = f"archive_command='{SCRIPTS / 'archive-wal'} {archive} %p %f'"
    try:
        with postgres.cluster(True, os.environ.get("TEST_ENGINE", ""), ("archive_mode=on", command)) as cluster:
            yield cluster
    except postgres.NoEngine as reason:
        pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")


def wipe(site: Copied, cluster: Any) -> None:
    """Lose database and files."""
    shutil.rmtree(site.files)
    if cluster:
        cluster.stop("immediate")
        shutil.rmtree(cluster.data)
    else:
        for path in site.folder.glob("site.sqlite3*"):
            path.unlink()
