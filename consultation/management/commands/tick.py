"""manage.py tick [--loop]"""

import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from config import request_id
from consultation import exports, retention, running, subscribers, tabulations
from consultation.durability import refuse_to_start
from consultation.spreadsheets import uploads
from consultation.tick import Faults, forget_drafts, publish_due, send_mail, tick

SCHEDULE = 20  # seconds between looks at what editors scheduled
FORGET, AGAIN = 60 * 60, 60  # seconds until old files are looked for, and where that failed


class Command(BaseCommand):
    """Do what is due, once or until told to stop."""

    help = (
        "Do what is due: fold, figures, scheduled pages, expired drafts, personal data whose time has come, e-mails,"
        " large downloads and tabulations, imports. With --loop, until told to stop."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--loop and its pace."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--pause", type=float, default=2.0, metavar="SECONDS", help="between rounds (default 2)")

    def handle(self, *args: Any, loop: bool, pause: float, **options: Any) -> None:
        """Tick once, and fail where a part of it did; in a loop, whatever failed is tried again."""
        refuse_to_start()
        if loop:
            _go_on(pause)
            return
        began, faults = time.monotonic(), Faults()
        request_id.begin()
        publish_due(faults)
        forget_drafts(faults)
        self.stdout.write(f"{tick(faults=faults)} responses folded")
        self.stdout.write(f"{retention.strip_due(faults)} responses stripped of personal data")
        retention.forget_staff(faults)
        subscribers.tell_due(faults)
        self.stdout.write(f"{send_mail(faults)} e-mails sent")
        self.stdout.write(f"{exports.make_due(faults)} downloads made")
        self.stdout.write(f"{tabulations.make_due(faults)} tabulations made")
        self.stdout.write(f"{uploads.work_due(faults)} uploads checked or imported")
        Forgetting()(faults)
        _note(began, faults)
        if faults.number:
            raise CommandError("Not everything could be done. The log says what was put off, and why.")


def _go_on(pause: float) -> None:
    """Tick until told to stop."""
    stop = threading.Event()
    failed: list[str] = []  # since it was noted, in whatever thread

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    # Beside the rounds, since a mail server may be slow and a file large; what they had begun when told to stop,
    # another begins again.
    for work in (send_mail, exports.make_due, tabulations.make_due, uploads.work_due, Forgetting()):
        threading.Thread(target=_repeat, args=(work, stop, pause, failed), daemon=True).start()
    published = float("-inf")
    while not stop.is_set():
        close_old_connections()
        request_id.begin()
        began, faults = time.monotonic(), Faults()
        tick(faults=faults)
        if began - published >= SCHEDULE:
            publish_due(faults)
            forget_drafts(faults)
            retention.strip_due(faults)
            retention.forget_staff(faults)
            subscribers.tell_due(faults)
            while failed:
                faults.add(failed.pop())
            _note(began, faults)
            published = time.monotonic()
        else:
            failed += faults.names
        stop.wait(pause)


class Forgetting:
    """Deletes old downloads and uploads: each hour, since it asks for the list of a whole storage, which may be away.

    That it fails is logged once, until it went well; whoever looks at the state of the site sees it all the while.
    """

    def __init__(self) -> None:
        self.next = float("-inf")
        self.failing: list[str] = []

    def __call__(self, faults: Faults) -> None:
        """Do it where it is due."""
        if time.monotonic() < self.next:
            for name in self.failing:
                faults.add(name)
            return
        found = Faults()
        for name, forget in (("exports", exports.forget), ("uploads", uploads.forget)):
            part = f"forgetting of {name}"
            with found.part(part, is_known=part in self.failing):
                forget()
        self.failing = found.names
        self.next = time.monotonic() + (AGAIN if self.failing else FORGET)
        for name in self.failing:
            faults.add(name)


def _note(began: float, faults: Faults) -> None:
    """Say that the round is over: see the state of the site."""
    with faults.part("the note of the round"):
        running.note(running.TICK, time.monotonic() - began, faults.names)


def _repeat(work: Callable[[Faults], object], stop: threading.Event, pause: float, failed: list[str]) -> None:
    """Do what is due until told to stop, over a connection to the database of this thread's own."""
    while not stop.is_set():
        close_old_connections()
        request_id.begin()
        faults = Faults()
        work(faults)
        failed += faults.names
        stop.wait(pause)
