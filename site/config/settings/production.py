"""Production: everything from the environment, and a clear refusal where something is missing."""

import os
from copy import deepcopy

from config import environment

environment.check(os.environ)  # before anything of it is used, so that all that is missing is named at once

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import LOGGING, RELEASE, database, env  # noqa: E402

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]
_pooler = env.bool("DATABASE_POOLER", default=False)
DATABASES = {"default": database(env("DATABASE_URL"), _pooler)}
if env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = database(env("DATABASE_REPLICA_URL"), _pooler)
    DATABASES["replica"]["OPTIONS"]["connect_timeout"] = 2
DATABASE_MAY_FORGET = env.bool("DATABASE_MAY_FORGET", default=False)

if env("CACHE_URL", default=""):
    CACHES = {"default": {"BACKEND": "config.cache.SharedCache", "LOCATION": env("CACHE_URL")}}

if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")
    OFFER_MAIL = ACCOUNT_EMAIL_NOTIFICATIONS = True

STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env("S3_BUCKET", default=""):
    # The bucket is private as a whole: whatever is in it, somebody asks the site for.
    _bucket = {
        "bucket_name": env("S3_BUCKET"),
        "endpoint_url": env("S3_ENDPOINT_URL", default=None),
        "region_name": env("S3_REGION", default=None),
        "access_key": env("S3_ACCESS_KEY_ID", default=None),
        "secret_key": env("S3_SECRET_ACCESS_KEY", default=None),
    }
    STORAGES |= {
        "default": {"BACKEND": "config.bucket.Media", "OPTIONS": {**_bucket, "location": "media"}},
        **{
            name: {"BACKEND": "config.bucket.Private", "OPTIONS": {**_bucket, "location": name}}
            for name in ("exports", "imports", "letters")
        },
    }
    SERVE_MEDIA = True
    MIDDLEWARE = [*MIDDLEWARE, "config.bucket.AwayMiddleware"]  # noqa: F405
    WAGTAILDOCS_SERVE_METHOD = "serve_view"  # so that restrictions hold, and no address of the bucket is ever given out

WAGTAILFRONTENDCACHE = {
    address: {"BACKEND": "home.forgetting.Proxy", "LOCATION": address}
    for address in env.list("PROXY_CACHES", default=[])
}
REQUIRE_TWO_FACTOR = env.bool("REQUIRE_TWO_FACTOR", default=True)
PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
# These two bind every other host of the council's domain, whether it speaks https or not, so they are asked for; and
# where they are not, `check --deploy` need not ask again.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = [
    *([] if SECURE_HSTS_INCLUDE_SUBDOMAINS else ["security.W005"]),
    *([] if SECURE_HSTS_PRELOAD else ["security.W021"]),
]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

# Watching: a line of JSON for each request and each fault, and errors to Sentry where it is named.
LOGGING = deepcopy(LOGGING)
LOGGING["handlers"]["stderr"]["formatter"] = env("LOG_FORMAT", default="json")
LOGGING["loggers"]["access"]["level"] = "INFO"
if env("SENTRY_DSN", default=""):
    from config import sentry

    sentry.start(env("SENTRY_DSN"), RELEASE)
