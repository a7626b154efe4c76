"""manage.py recount [--check]"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consultation import running
from consultation.fold import rebuild
from consultation.models import Consultation
from consultation.recount import check


class Command(BaseCommand):
    """Compare every tally with the ledger, or make it anew."""

    help = "Make every tally anew from the ledger; with --check, only compare, and fail on any difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check."""
        parser.add_argument("--check", action="store_true", help="change no figure; exit with 1 on any difference")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Check or rebuild each consultation."""
        began = time.monotonic()
        found = {
            consultation.pk: self._check(consultation) if check else self._rebuild(consultation)
            for consultation in Consultation.objects.filter(version__isnull=False)
        }
        if check:
            failed = [f"{n} figures of consultation {pk}" for pk, n in found.items() if n]
            running.note(running.RECOUNT, time.monotonic() - began, failed)
        if wrong := sum(found.values()):
            raise CommandError(f"{wrong} cells differ from the ledger. `recount` without --check makes them anew.")

    def _check(self, consultation: Consultation) -> int:
        differences = check(consultation)
        for found in differences:
            self.stderr.write(f"{consultation}: {found.cell}: tally {found.tally}, ledger {found.ledger}")
        self.stdout.write(f"{consultation}: {len(differences)} differences")
        return len(differences)

    def _rebuild(self, consultation: Consultation) -> int:
        rebuild(consultation)
        self.stdout.write(f"{consultation}: counted anew")
        return 0
