"""manage.py erasures"""

from typing import Any

from django.core.management.base import BaseCommand

from home import erasures


class Command(BaseCommand):
    """What `erase_again` reads."""

    help = "List which responses were erased or taken back, by random keys, to repeat it after restoring a backup."

    def handle(self, *args: Any, **options: Any) -> None:
        """List them."""
        for line in erasures.erasures():
            self.stdout.write(line)
