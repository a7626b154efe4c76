"""manage.py erase_again FILE"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home import erasures


class Command(BaseCommand):
    """After restoring a backup from before somebody's answers were erased."""

    help = "Erase or take back again what a list of `erasures` names, where a backup has brought it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The list."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Do it, and say how much."""
        try:
            n = erasures.repeat(file.read_text().splitlines())
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} is no list of erasures: {error}") from None
        self.stdout.write(f"{n} responses erased or taken back again")
