"""What production is told by the environment, looked at as a whole: every fault is named at once."""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_network
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 50  # characters of a secret
DIFFERENT = 10  # characters in it
# What stands in examples is known to everybody.
KNOWN = ("insecure", "changeme", "change-me", "change_me", "example", "your-secret", "replace-me")
POSTGRESQL = ("postgres", "postgresql")
DATABASES = (*POSTGRESQL, "sqlite")

Check = Callable[[str], str]  # what is wrong with a value; empty where nothing is


def check(told: Mapping[str, str]) -> None:
    """Refuse to start where something is missing or wrong, and say all of it."""
    found = list(faults(told))
    if found:
        raise ImproperlyConfigured("These environment variables have to be mended:\n  " + "\n  ".join(found))


def faults(told: Mapping[str, str]) -> Iterator[str]:
    """Each fault in a line that begins with the name. Values are not repeated: some are secrets."""
    for name in REQUIRED:
        if not told.get(name):
            yield f"{name} is missing"
    for name, needed in TOGETHER.items():
        missing = [other for other in needed if not told.get(other)] if told.get(name) else []
        yield from (f"{other} is missing, which {name} needs" for other in missing)
    for name, wrong in CHECKS.items():
        if told.get(name) and (said := wrong(told[name])):
            yield f"{name} {said}"


def _secret(value: str) -> str:
    if len(value) < SHORTEST or len(set(value)) < DIFFERENT:
        return f"is too short or too simple: at least {SHORTEST} random characters"
    if any(word in value.lower() for word in KNOWN):
        return "is one that stands in an example, and so one that everybody knows"
    return ""


def _secrets(value: str) -> str:
    return next((said for one in value.split(",") if (said := _secret(one))), "")


def _hosts(value: str) -> str:
    names = [name.strip() for name in value.split(",")]
    if "*" in names:
        return "has *, which lets anybody choose what the site's links lead to"
    return "" if all(name and not set(name) & set("/: ") for name in names) else "is not host names with commas between"


def _database(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in DATABASES:
        return "is no address of a database: postgresql://USER:PASSWORD@HOST/NAME or sqlite:////PATH"
    if parts.scheme == "sqlite":
        return "" if parts.path.strip("/") and ":memory:" not in value else "names no file"
    return "" if parts.path.strip("/") else "names no database"


def _postgresql(value: str) -> str:
    return _database(value) if urlsplit(value).scheme in POSTGRESQL else "is no address of a PostgreSQL database"


def _address(*schemes: str) -> Check:
    def wrong(value: str) -> str:
        try:
            parts = urlsplit(value)
            fits = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            fits = False
        return "" if fits else f"is no address that begins with {' or '.join(f'{one}://' for one in schemes)}"

    return wrong


def _addresses(value: str) -> str:
    wrong = _address("http", "https")
    return next((said for one in value.split(",") if (said := wrong(one.strip()))), "")


def _networks(value: str) -> str:
    try:
        for one in value.split(","):
            ip_network(one, strict=False)
    except ValueError:
        return "is not addresses and networks, such as 10.0.0.0/24, with commas between"
    return ""


def _mail(value: str) -> str:
    known = ("smtp", "smtp+tls", "smtps", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")
    return (
        "" if urlsplit(value).scheme in known else "is no address that begins with smtp://, smtp+tls:// or smtp+ssl://"
    )


def _number(value: str) -> str:
    return "" if value.isascii() and value.isdecimal() else "is not a number"


def _folder(value: str) -> str:
    return "" if value.startswith("/") else "is no folder that begins with /"


def _switch(value: str) -> str:
    return "" if value.lower() in ("true", "false", "1", "0", "yes", "no", "on", "off") else "is neither true nor false"


def _one_of(*words: str) -> Check:
    return lambda value: "" if value in words else f"is none of {', '.join(words)}"


REQUIRED = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")
TOGETHER = {
    "EMAIL_URL": ["DEFAULT_FROM_EMAIL", "BASE_URL"],
    "SSO_SERVER_URL": ["SSO_CLIENT_ID", "SSO_CLIENT_SECRET"],
    "S3_ENDPOINT_URL": ["S3_BUCKET"],
    "S3_ACCESS_KEY_ID": ["S3_BUCKET", "S3_SECRET_ACCESS_KEY"],
    "S3_SECRET_ACCESS_KEY": ["S3_ACCESS_KEY_ID"],
}
CHECKS: dict[str, Check] = {
    "SECRET_KEY": _secret,
    "SECRET_KEY_FALLBACKS": _secrets,
    "ALLOWED_HOSTS": _hosts,
    "DATABASE_URL": _database,
    "DATABASE_REPLICA_URL": _postgresql,
    "CACHE_URL": _address("redis", "rediss"),
    "BASE_URL": _address("https", "http"),
    "EMAIL_URL": _mail,
    "SSO_SERVER_URL": _address("https", "http"),
    "S3_ENDPOINT_URL": _address("https", "http"),
    "PROXY_CACHES": _addresses,
    "SENTRY_DSN": _address("https", "http"),
    "METRICS_FROM": _networks,
    "LOG_FORMAT": _one_of("json", "line"),
    "PROXIES": _number,
    "SECURE_HSTS_SECONDS": _number,
    "VAR_DIR": _folder,
    **dict.fromkeys(
        [
            "DATABASE_POOLER",
            "DATABASE_MAY_FORGET",
            "METRICS",
            "REQUIRE_TWO_FACTOR",
            "SECURE_HSTS_INCLUDE_SUBDOMAINS",
            "SECURE_HSTS_PRELOAD",
            "SECURE_SSL_REDIRECT",
            "SSO_HAS_TWO_FACTOR",
            "SSO_TRUST_EMAIL",
        ],
        _switch,
    ),
}
