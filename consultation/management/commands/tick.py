"""manage.py tick [--loop]"""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from consultation.tick import publish_due, tick

log = logging.getLogger(__name__)

SCHEDULE = 20  # seconds between looks at what editors scheduled


class Command(BaseCommand):
    """Do what is due, once or until told to stop."""

    help = "Do what is due: fold, public figures, scheduled pages. With --loop, again and again until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--loop and its pace."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--pause", type=float, default=2.0, metavar="SECONDS", help="between rounds (default 2)")

    def handle(self, *args: Any, loop: bool, pause: float, **options: Any) -> None:
        """Tick; in a loop, a database that is away is waited for."""
        if not loop:
            publish_due()
            self.stdout.write(f"{tick()} responses folded")
            return
        stop = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        published = float("-inf")
        while not stop.is_set():
            close_old_connections()
            try:
                tick()
                if time.monotonic() - published >= SCHEDULE:
                    publish_due()
                    published = time.monotonic()
            except DatabaseError:
                log.exception("this round was put off")
            stop.wait(pause)
