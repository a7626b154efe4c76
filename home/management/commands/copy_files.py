"""manage.py copy_files FOLDER [--back]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home import kept_files


class Command(BaseCommand):
    """For the scripts in deploy/backup."""

    help = "Copy pictures, documents, letters and imports into a new folder, or back to where the site looks for them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and which way."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--back", action="store_true", help="from the folder to the site, which has none yet")

    def handle(self, *args: Any, folder: Path, back: bool, **options: Any) -> None:
        """Copy them; say the digest of each."""
        try:
            if back:
                self.stdout.write(f"{kept_files.bring_back(folder)} files brought back")
                return
            for sha256, name in kept_files.save(folder):
                self.stdout.write(f"{sha256}  {name}")
        except kept_files.NotEmpty as found:
            raise CommandError(f"The site has files already ({found}). Nothing is overwritten.") from None
