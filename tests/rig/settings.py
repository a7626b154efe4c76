"""Production's settings; static files are served as they stand, since nobody collects them for a test."""

from config.settings.production import *  # noqa: F403

STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
EMAIL_TIMEOUT = 2
