"""Production: everything from the environment, and a clear refusal where something is missing."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING, RELEASE, database, env

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]
DATABASES = {"default": database(env("DATABASE_URL"))}

if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")
    OFFER_MAIL = ACCOUNT_EMAIL_NOTIFICATIONS = True

STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

REQUIRE_TWO_FACTOR = env.bool("REQUIRE_TWO_FACTOR", default=True)
PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
# These two bind every other host of the council's domain, so they are asked for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

# Watching: a line of JSON for each request and each fault, and errors to Sentry where it is named.
if env("LOG_FORMAT", default="json") not in ("json", "line"):
    raise ImproperlyConfigured("LOG_FORMAT is json or line")
LOGGING["handlers"]["stderr"]["formatter"] = env("LOG_FORMAT", default="json")
LOGGING["loggers"]["access"]["level"] = "INFO"
if env("SENTRY_DSN", default=""):
    from config import sentry

    sentry.start(env("SENTRY_DSN"), RELEASE)
