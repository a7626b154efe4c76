"""manage.py forget_second_factor"""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """For somebody who lost phone, key and recovery codes."""

    help = "Takes away somebody's second factor and recovery codes. They sign in by password and set up new ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Take them away, and say how many."""
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody is called {username} here.")
        count, _each = Authenticator.objects.filter(user_id=user.pk).delete()
        self.stdout.write(f"Taken away from {username}: {count}.")
