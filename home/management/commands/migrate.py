"""manage.py migrate"""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.utils import OperationalError

PATIENCE = "2s"  # that a migration waits for a lock, and whoever comes after it waits for the migration
TRIES = 60
PAUSE = 2  # seconds between two tries, in which everybody gets on
NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    """Django's own, which on PostgreSQL never makes people wait for long.

    A migration that waits for a table waits behind whoever reads it, and everybody else waits behind the migration. So
    it gives up after a moment, lets them through, and tries again. Each migration is a transaction: those that are
    done stay done.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, as often as it takes."""
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        for attempt in range(1, TRIES + 1):
            try:
                with connection.cursor() as cursor:
                    cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", "") != NOT_AVAILABLE:
                    raise
                self.stderr.write(f"Somebody holds a table that is to change; trying again ({attempt} of {TRIES}).")
            finally:
                if connection.is_usable():
                    with connection.cursor() as cursor:
                        cursor.execute("RESET lock_timeout")
            time.sleep(PAUSE)
        raise CommandError("A table was held all the time. Nothing is half done: look who holds it, and try again.")
