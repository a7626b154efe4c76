"""manage.py export_responses"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from consultation import csv_copy, csv_long
from consultation.columns import Form
from consultation.models import Consultation, Level

ROWS = {"responses": csv_copy.responses, "answers": csv_long.responses}


class Command(BaseCommand):
    """Write a consultation's responses as CSV."""

    help = "Write the responses of a consultation as CSV, to a file or to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which consultation, how, and where to."""
        parser.add_argument("consultation", type=int, nargs="?", help="its number; without it, the numbers are listed")
        parser.add_argument("--rows", choices=list(ROWS), default="responses", help="one row for each of these")
        parser.add_argument("--form", choices=[form.value for form in Form], default=Form.LABELS.value)
        levels = [Level.ANALYSIS.value, Level.FULL.value]
        parser.add_argument("--level", choices=levels, default=Level.FULL.value, help="how much (default: all)")
        parser.add_argument("--language", default="", help="of headers and values (default: the leading one)")
        parser.add_argument("--bom", action="store_true", help="begin with the byte order mark that Excel wants")
        parser.add_argument("--output", type=Path, help="a file that does not exist yet (default: standard output)")

    def handle(
        self,
        *args: Any,
        consultation: int | None,
        rows: str,
        form: str,
        level: str,
        language: str,
        bom: bool,
        output: Path | None,
        **options: Any,
    ) -> None:
        """Stream the file."""
        if consultation is None:
            for found in Consultation.objects.all():
                self.stdout.write(f"{found.pk}\t{found}")
            return
        try:
            chosen = Consultation.objects.get(pk=consultation)
        except Consultation.DoesNotExist:
            raise CommandError(f"There is no consultation {consultation}.") from None
        language = language or chosen.language
        parts = ROWS[rows](chosen, language, Form(form), Level(level), bom=bom)
        if output is None:
            self.stdout.writelines(part.decode() for part in parts)
            return
        try:
            with output.open("xb") as file, _progress() as bar:
                for part in parts:
                    bar.update(file.write(part))
        except FileExistsError:
            raise CommandError(f"{output} exists already; nothing was written.") from None


def _progress() -> "tqdm[Any]":
    return tqdm(unit="B", unit_scale=True, disable=not sys.stderr.isatty())
