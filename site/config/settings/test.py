"""Tests: what production is, but quick and on a throw-away database."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import database, env

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105  and for nothing else  # nosec B105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
_pooler = env.bool("DATABASE_POOLER", default=False)
DATABASES = {"default": database(env("DATABASE_URL", default="sqlite:///:memory:"), _pooler)}
DATABASE_MAY_FORGET = True  # it is emptied in the end; tests of what is kept ask for a cluster of their own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
OFFER_MAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys at http://localhost
MEDIA_ROOT = Path(tempfile.gettempdir()) / "connected-test-media"
worker = env("PYTEST_XDIST_WORKER", default="")  # which would meet the files of another
for name in ("exports", "imports", "letters"):
    STORAGES[name]["OPTIONS"]["location"] = Path(tempfile.gettempdir()) / f"connected-test-{name}{worker}"  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
