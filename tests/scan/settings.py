"""Production's settings for a scan on loopback: no TLS, no second factor, a folder of its own, the planted holes."""

import os
from pathlib import Path

# Before production's settings are read, for they refuse to start without.
os.environ.setdefault("SECRET_KEY", "only-for-scans" * 4)
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1")

from config.settings.production import *  # noqa: E402, F403

VAR_DIR = Path(os.environ["SCAN_FOLDER"])
ROOT_URLCONF = "tests.scan.holes"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
} | {
    name: {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / name},
    }
    for name in ("exports", "imports", "letters")
}
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
OFFER_MAIL = True
REQUIRE_TWO_FACTOR = False  # the scanner signs in by the form, with a password alone
PROXIES = 0
# A scanner does not speak TLS here, and would not send back a cookie that is for TLS alone.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
