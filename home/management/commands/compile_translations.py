"""manage.py compile_translations

Compiles the translations of the interface in site/locale without gettext; the compiled files are committed. Collecting
new texts does need gettext:

    manage.py makemessages -l ga -l pl -l sco_Ulster --add-location=file --no-wrap \\
        --ignore .venv --ignore var --ignore tests --ignore docs
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Write a .mo beside each .po."""

    help = "Compiles the translations in site/locale; needs polib, from requirements-dev.txt, and no gettext."

    def handle(self, *args: Any, **options: Any) -> None:
        """Entries that are empty or fuzzy are left out, so those texts stay English."""
        try:
            import polib
        except ImportError:
            raise CommandError("polib is missing: install requirements-dev.txt.") from None
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                catalogue = polib.pofile(str(source))
                catalogue.save_as_mofile(str(source.with_suffix(".mo")))
                self.stdout.write(f"{source.parts[-3]}: {len(catalogue.translated_entries())} of {len(catalogue)}")
