"""What every environment shares."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE

from config import languages

BASE_DIR = Path(__file__).resolve().parents[3]
env = environ.Env()

# Everything the running site writes where nothing else is configured. Outside of the code, a new release finds it.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "home",
    "consultation",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.access_log.AccessLogMiddleware",
    "config.headers.HeadersMiddleware",
    "config.probes.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "home.shared_pages.SharedPagesMiddleware",  # outside of all that sets a cookie
    "config.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.cookies.SessionKeyShapeMiddleware",
    "config.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.two_factor.RequireTwoFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "home.context.chrome",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# So that nobody waits for long for a machine that vanished without a word. Seconds, but for the last.
VANISHING = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def database(url: str, pooler: bool = False) -> dict[str, Any]:
    """Turn a database URL into Django's settings, made durable: see docs/decisions/0006.

    pooler: it leads through pgbouncer, where nothing outlives a transaction.
    """
    config: dict[str, Any] = env.db_url_config(url)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "timeout": 20,  # seconds a writer waits for another
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        config["DISABLE_SERVER_SIDE_CURSORS"] = pooler
        config["OPTIONS"] = config.get("OPTIONS", {}) | VANISHING
    return config


DATABASE_ROUTERS = ["consultation.replica.Router"]
DATABASE_MAY_FORGET = False  # True: a throw-away one, which need not keep what it acknowledged

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# Signing in, for staff alone: django-allauth in place of Wagtail's own pages.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a long working day
ACCOUNT_ADAPTER = "config.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "config.sign_in.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]  # allauth wants it to fit; nobody signs up
# Or somebody without a role would be sent from the admin to signing in and back for ever.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, too
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators enter the addresses
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
REQUIRE_TWO_FACTOR = False  # of those with the rights in config/two_factor.py
MFA_ADAPTER = "config.sign_in.TwoFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Connected"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute wrong

# Single sign-on through the council's directory, where the environment names one.
SSO_SERVER_URL = env("SSO_SERVER_URL", default="")
SSO_HAS_TWO_FACTOR = env.bool("SSO_HAS_TWO_FACTOR", default=False)
SOCIALACCOUNT_ADAPTER = "config.sign_in.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if SSO_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "council",
                "name": env("SSO_NAME", default="Single sign-on"),
                "client_id": env("SSO_CLIENT_ID"),
                "secret": env("SSO_CLIENT_SECRET"),
                "settings": {
                    "server_url": SSO_SERVER_URL,
                    "verified_email": env.bool("SSO_TRUST_EMAIL", default=False),
                },
            }
        ],
    }

# Languages. wagtail-localize translates pages, Django the words of the templates.
LANGUAGE_CODE = "en"
LANGUAGES = languages.LANGUAGES
INTERFACE_LANGUAGES = languages.INTERFACE_LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
# Without this, making a translation would put untranslated pages live.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
# One zone, or editors would type closing times in another.
WAGTAIL_USER_TIME_ZONES = ["Europe/London"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"  # made from the code, and so each release's own
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
SERVE_MEDIA = False
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Files with what people answered, going out and coming in. They are never served from an address of their own.
    **{
        name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": VAR_DIR / name,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
        for name in ("exports", "imports")
    },
    # Files that came with letters: neither.
    "letters": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "letters",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor has many
# A section of twenty long texts full of emoji, percent-encoded, takes 5 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 15_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

WAGTAIL_SITE_NAME = "Connected"
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "pdf", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # or an editor could make the server call other hosts
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no third-party request, not even in the admin
WAGTAIL_FINISH_WORKFLOW_ACTION = "home.approved.publish"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# Where an environment says how e-mail is sent, citizens are offered theirs, and staff a new password.
OFFER_MAIL = False
WAGTAIL_PASSWORD_RESET_ENABLED = False  # Wagtail's own; ours is below /account/
EMAIL_TIMEOUT = 10  # seconds that a mail server may keep silent

# The licence of published results: its name, and its address.
OPEN_DATA_LICENCE = (
    env("OPEN_DATA_LICENCE", default="Open Government Licence v3.0"),
    env(
        "OPEN_DATA_LICENCE_URL",
        default="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
)

# Proxies that keep pages which everybody may see, and are told when to forget them.
WAGTAILFRONTENDCACHE: dict[str, dict[str, str]] = {}
PROXIES = 0  # our own in front of the site, each of which adds to X-Forwarded-For where a request came from

# Watching the site, see docs/running/watching.md. Errors leave a trace on standard error; what people sent, and the
# secrets in addresses, are never part of it.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.masking.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s",
        },
        "json": {"class": "config.json_lines.Formatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": env("LOG_FORMAT", default="line")}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # pages that are not there are no news
        "access": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},  # INFO: a line for each request
    },
}
METRICS = env.bool("METRICS", default=False)
METRICS_FROM = env.list("METRICS_FROM", default=[])  # addresses and networks beside this machine
BACKUP_MARK = env("BACKUP_MARK", default="")  # a file in which backup and restore note when they were done
RELEASE = env("RELEASE", default="")  # what the software is called; without it, the commit of the checkout

# Public pages: this site and nothing else, no inline script or style. The admin has its own, see config/csp.py.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Inline script is what Wagtail 8 begins its date choosers, inline panels and translation editor with, each with words
# of its own and partly put in later, so neither a nonce nor hashes reach it; and its text fields make inline styles.
# Script in an attribute (onerror and the like) nothing of it needs.
ADMIN_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "script-src-attr": [NONE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],  # previews are shown in a frame
}
_sso = urlsplit(SSO_SERVER_URL)
SIGN_IN_CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {
    "form-action": [SELF, f"{_sso.scheme}://{_sso.netloc}"] if SSO_SERVER_URL else [SELF],
}

SECURE_CONTENT_TYPE_NOSNIFF = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # Wagtail says otherwise of its previews
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
