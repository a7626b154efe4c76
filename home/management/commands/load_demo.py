"""manage.py load_demo"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from consultation.tick import tick
from home.demo import pages, responses, sign_ins, translations


class Command(BaseCommand):
    """Add what is missing of the demonstration."""

    help = "Adds what is missing of the demonstration content. Changes no page that exists, except dates nobody edited."

    def handle(self, *args: Any, **options: Any) -> None:
        """Pages, translations, responses, sign-ins."""
        pages.add_all()
        moved = pages.keep_open()
        translations.add_all()
        responses.add()
        tick()
        try:
            sign_ins.add(settings.VAR_DIR / "sign-ins.json")
        except PermissionError as reason:
            self.stdout.write(f"No sign-ins were made: {reason}.")
        for title in moved:
            self.stdout.write(f"The dates of “{title}” were moved on.")
