"""A machine of one's own: embedded SQLite, loopback only, everything under var/."""

import secrets

from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR, database, env

DEBUG = env.bool("DEBUG", default=False)  # DEBUG=1 make run, for tracebacks in the browser
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

VAR_DIR.mkdir(exist_ok=True)
_secret = VAR_DIR / "secret-key"
if not _secret.exists():
    _secret.touch(mode=0o600)
    _secret.write_text(secrets.token_urlsafe(50))
SECRET_KEY = _secret.read_text()

DATABASES = {"default": database(env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}"))}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # EMAIL_URL=smtp://127.0.0.1:1025 for another
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
vars().update(env.email_url("EMAIL_URL") if env("EMAIL_URL", default="") else {})
OFFER_MAIL = True
REQUIRE_TWO_FACTOR = env.bool("REQUIRE_TWO_FACTOR", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys at http://localhost
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
SERVE_MEDIA = True
