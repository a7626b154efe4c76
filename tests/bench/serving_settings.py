"""The rig's settings, which are production's, with a view that does nothing."""

from tests.rig.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.peer"]  # noqa: F405
ROOT_URLCONF = "tests.bench.peer.urls"
