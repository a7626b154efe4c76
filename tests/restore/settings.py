"""The site's settings with its files in one folder, which a test can wipe."""

from pathlib import Path

from config.settings.test import *  # noqa: F403
from config.settings.test import STORAGES, env

FILES = Path(env("FILES"))
MEDIA_ROOT = FILES / "media"
for name in ("exports", "imports", "letters"):
    STORAGES[name]["OPTIONS"]["location"] = FILES / name
