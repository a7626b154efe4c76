"""manage.py load_demo"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultation.tick import tick
from home.demo import consultations, events, ideas, pages, responses, results, sign_ins, translations, workspace


class Command(BaseCommand):
    """Add what is missing of the demonstration."""

    help = "Adds what is missing of the demonstration content. Changes no page that exists, except dates nobody edited."

    def add_arguments(self, parser: CommandParser) -> None:
        """--force."""
        parser.add_argument("--force", action="store_true", help="even on a site that others can reach")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        """Pages, translations, responses, ideas, sign-ins, what officers did."""
        if not force and not set(settings.ALLOWED_HOSTS) <= sign_ins.LOOPBACK:
            raise CommandError("This site can be reached from elsewhere. --force adds the demonstration all the same.")
        pages.add_all()
        moved = [*consultations.keep_open(), *events.keep_coming()]
        translations.add_all()
        responses.add()
        ideas.add_all()
        try:
            sign_ins.add(settings.VAR_DIR / "sign-ins.json")
        except PermissionError as reason:
            self.stdout.write(f"No sign-ins were made: {reason}.")
        workspace.add()
        tick()
        results.add()
        for title in moved:
            self.stdout.write(f"The dates of “{title}” were moved on.")
