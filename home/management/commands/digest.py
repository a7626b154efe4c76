"""manage.py digest [--restore-point NAME] [--migrations]"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from home import digests


class Command(BaseCommand):
    """For the scripts in deploy/backup."""

    help = "Say how many rows each table has, and a digest of them: the same before a backup and after restoring it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What of."""
        parser.add_argument("--restore-point", metavar="NAME", help="name the instant in PostgreSQL's log")
        parser.add_argument("--migrations", action="store_true", help="of this release's migrations: only their names")

    def handle(self, *args: Any, restore_point: str | None, migrations: bool, **options: Any) -> None:
        """Say it, a line for each."""
        if migrations:
            self.stdout.write("\n".join(digests.migrations()))
            return
        if restore_point and connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL can recover to an instant with a name.")
        found = digests.at_restore_point(restore_point) if restore_point else digests.digests()
        for table, rows, sha256 in found:
            self.stdout.write(f"{sha256}  {rows}  {table}")
