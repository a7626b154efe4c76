"""manage.py status [--json]"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from home.state.line import State
from home.state.report import lines, worst


class Command(BaseCommand):
    """What the page “State of the site” says, for monitoring."""

    help = "Say how the site is, line by line; the exit code is 1 where something is a fault."
    requires_system_checks: list[str] = []  # it is asked when something is wrong

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json."""
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        """Say it."""
        found = lines()
        state = worst(found)
        if json:
            self.stdout.write(_as_json(state, [line.as_json() for line in found]))
        else:
            for line in found:
                self.stdout.write(f"{line.state.label:<16}{line.title}: {line.found.figure}")
                if line.found.advice:
                    self.stdout.write(f"{'':<16}{line.found.advice}")
        if state == State.FAULT:
            sys.exit(1)


def _as_json(state: State, found: list[dict[str, Any]]) -> str:
    return json.dumps({"state": str(state), "lines": found}, ensure_ascii=False, indent=1)
