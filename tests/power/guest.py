"""What runs inside the computer whose power is cut, as its first process: see machine.py. It is root of nothing real.

`guest.py write` stores answers by the site's own `ledger.submit` until the power goes, and says of each that it was
acknowledged; `guest.py count` lists what is in the ledger and stops. Both look at the disk first, as after any cut.
"""

import os
import shlex
import sqlite3
import subprocess
import sys
import time
import traceback
import uuid
from pathlib import Path

ROOT = Path(__file__).parents[2]
DISK = Path("/run/disk")  # the only thing that outlives the power
OUTSIDE = Path("/run/outside")  # a folder of the host
CONSOLE = "/dev/ttyS0"
WRITERS = 4
WORDS = "answer {}, in words"
STORED = """
    SELECT r.key, w.text FROM consultation_response r
    LEFT JOIN consultation_answerwords w ON w.response_id = r.id AND w.question = 5
"""


def say(*words: object) -> None:
    """Write a line to the host. It is there when this returns."""
    os.write(console, f"{' '.join(map(str, words))}\n".encode())


def run(command: str) -> None:
    """Run a command whose output is for the log."""
    subprocess.run(shlex.split(command), check=True)


def mount() -> None:
    """Make the folders that a system has. Mounting the disk plays its journal back, as after any cut."""
    os.environ |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    run("mount -t proc proc /proc")
    run("mount -t tmpfs -o mode=755 tmpfs /run")
    Path("/dev/shm").mkdir(exist_ok=True)
    run("mount -t tmpfs -o mode=1777 tmpfs /dev/shm")
    os.environ["TMPDIR"] = "/run"
    for folder in (DISK, OUTSIDE):
        folder.mkdir()
    run(f"mount -t ext4 /dev/ubda {DISK}")
    run(f"mount -t hostfs -o {os.environ['OUTSIDE']} none {OUTSIDE}")
    run("ip link set lo up")


def open_store() -> str:
    """Start the store as it was left, and return its address."""
    if (DISK / "db.sqlite3").exists():
        with sqlite3.connect(DISK / "db.sqlite3") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return f"sqlite:///{DISK / 'db.sqlite3'}"
    from tests import postgres

    binaries = Path(os.environ["BINARIES"])
    settings = tuple(filter(None, os.environ.get("MORE", "").split(",")))
    cluster = postgres.Cluster(binaries, DISK / "cluster", True, settings)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)  # as Debian does when the machine starts
    cluster.start()
    return cluster.url


def count() -> None:
    """List what is in the ledger, for the host to compare."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(STORED)
        lines = [f"{uuid.UUID(str(key))}\t{text}\n" for key, text in cursor]
        connection.close()
    (OUTSIDE / "stored").write_text("".join(lines))
    say("counted", len(lines))


def write() -> None:
    """Store answers until the power goes, several at once."""
    from consultation.models import Consultation

    chosen = Consultation.objects.get().pk
    from django.db import connections

    connections.close_all()
    for _writer in range(WRITERS - 1):
        if os.fork() == 0:
            break
    while True:
        try:
            submit_for_ever(chosen)
        except Exception:
            traceback.print_exc()
            say("failed")
            time.sleep(1)


def submit_for_ever(chosen: int) -> None:
    """Answer, and say so once it is acknowledged."""
    from consultation import ledger
    from consultation.answers import Answers
    from consultation.models import Channel, Consultation

    consultation = Consultation.objects.get(pk=chosen)
    version = consultation.published
    while True:
        key = uuid.uuid4()
        answers = Answers({1: 1, 2: [1, 3], 3: 41, 4: None, 5: True}, {(5, 0): WORDS.format(key)})
        ledger.submit(consultation, key, version, "en", Channel.WEB, answers)
        say("acknowledged", key)


def main() -> None:
    """Look at the disk, count, and then write if told so."""
    import django

    os.environ["DATABASE_URL"] = open_store()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.power.settings"
    django.setup()
    count()
    if os.environ["ACTION"] == "write":
        write()


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    mount()
    console = os.open(CONSOLE, os.O_WRONLY | os.O_NOCTTY)
    try:
        main()
    except Exception:
        traceback.print_exc()
        say("broken")
    Path("/proc/sysrq-trigger").write_text("o")  # off
    time.sleep(60)
