"""manage.py fold"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from consultation.tick import Faults, tick


class Command(BaseCommand):
    """Fold every consultation's new responses into its tally."""

    help = "Fold new responses into the tallies and move the public figures on."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fold once, with a bar where somebody watches."""
        faults = Faults()
        with tqdm(unit=" responses", disable=not sys.stderr.isatty()) as bar:
            folded = tick(bar.update, faults)
        self.stdout.write(f"{folded} responses folded")
        if faults.number:
            raise CommandError("Not everything could be folded. The log says what was put off, and why.")
