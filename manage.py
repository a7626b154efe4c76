#!/usr/bin/env python3
"""Run Django's commands for this site."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put the project on the path and hand over to Django."""
    # site/ is a folder on the path, never a package: Python already has a module called site.
    sys.path.insert(0, str(Path(__file__).parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
