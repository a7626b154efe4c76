"""manage.py fold"""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from consultation.tick import tick


class Command(BaseCommand):
    """Fold every consultation's new responses into its tally."""

    help = "Fold new responses into the tallies and move the public figures on."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fold once, with a bar where somebody watches."""
        with tqdm(unit=" responses", disable=not sys.stderr.isatty()) as bar:
            folded = tick(bar.update)
        self.stdout.write(f"{folded} responses folded")
