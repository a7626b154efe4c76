"""The settings of the tests, with the peer beside the site."""

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.peer"]
ROOT_URLCONF = "tests.bench.peer.urls"
