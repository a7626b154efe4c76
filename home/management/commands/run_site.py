"""Run the whole site on a machine of one's own: database, demonstration, web server and the work of each minute."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

HOST = "127.0.0.1"
GRACE = 5  # seconds that a process has to end by itself
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    """What `make run` starts."""

    help = "Runs the site on this machine, with demonstration content. Not for production."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Prepare, start, and wait until told to stop or until a process ends."""
        if settings.SETTINGS_MODULE != "config.settings.dev":
            raise CommandError(f"run_site is for config.settings.dev; these are {settings.SETTINGS_MODULE}.")
        refuse_a_taken_port(port)
        self.stdout.write("Bringing the database up to date (the first time takes half a minute) …")
        call_command("migrate", verbosity=0)
        if "load_demo" in get_commands():
            call_command("load_demo")
        with Processes(programs(port)) as processes:
            processes.wait_for(lambda: answers(port))
            self.stdout.write(f"\nThe site:  http://{HOST}:{port}/\nAdmin:     http://{HOST}:{port}/admin/\n")
            self.stdout.write(
                f"E-mails:   {'as EMAIL_URL says' if 'EMAIL_URL' in os.environ else settings.VAR_DIR / 'mail'}\n"
            )
            self.stdout.write(sign_ins(settings.VAR_DIR / "sign-ins.json"))
            self.stdout.write("Ctrl-C stops it.\n")
            self.stdout.flush()
            processes.wait_for(lambda: False)


def programs(port: int) -> dict[str, list[str]]:
    """The commands by what a reader would call them."""
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site", "--bind", f"{HOST}:{port}"]
    # SQLite has one writer at a time, so a second worker process would gain nothing.
    web += ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--timeout", "60"]
    web += ["--log-level", "warning", "--no-control-socket"]
    tick = [sys.executable, "manage.py", "tick", "--loop"]
    return {"web server": web} | ({"tick": tick} if "tick" in get_commands() else {})


class Processes:
    """Processes that live and end together.

    Each leads a group of its own, so that Ctrl-C reaches this process alone and the others end in order.
    """

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.told_to_stop = False

    def __enter__(self) -> "Processes":
        """Start them all."""
        for number in SIGNALS:
            signal.signal(number, self._stop)
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
        for name, command in self.commands.items():
            self.running[name] = subprocess.Popen(  # noqa: S603  the commands are those of programs()  # nosec B603
                command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
        return self

    def __exit__(self, *fault: object) -> None:
        """End what still runs: asked first, killed after the grace."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            # The whole group: a server that died in an accident leaves its workers behind.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Wait until ready; raise CommandError if a process ends first, SystemExit when told to stop."""
        while not ready():
            for name, process in self.running.items():
                if process.poll() is not None:
                    raise CommandError(f"The {name} ended with code {process.returncode}, so the site stops.")
            if self.told_to_stop:
                raise SystemExit(0)
            time.sleep(0.1)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True


def refuse_a_taken_port(port: int) -> None:
    """Say so before anything is done."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as reason:
            message = f"Port {port} can't be used ({reason.strerror}). Choose another: make run PORT={port + 1}"
            raise CommandError(message) from reason


def answers(port: int) -> bool:
    """Whether the web server takes connections."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def sign_ins(file: Path) -> str:
    """A table of one account per role, as load_demo left them."""
    if not file.exists():
        return ""
    rows = [("role", "user name", "password")]
    rows += [(row["role"], row["username"], row["password"]) for row in json.loads(file.read_text())]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n" + "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows) + "\n\n"
