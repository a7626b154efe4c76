"""Secrets that can be told again: made from a row's key and the site's, stored as hashes.

Whoever has the site's key and the database could make them, whoever has one of the two could not. Where the site's key
was changed, a row keeps the secret that it was given, as long as the old key is among SECRET_KEY_FALLBACKS.
"""

import hashlib
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import salted_hmac


def hash_secret(secret: str) -> str:
    """The form in which a secret is stored and looked up. It is long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new(salt: str, key: uuid.UUID) -> str:
    """The secret of a row that is new; 256 bits. salt: what such secrets are for."""
    return next(_every(salt, key))


def again(salt: str, key: uuid.UUID, stored: str) -> str | None:
    """The secret of a row that holds its hash; None where the site's key that made it is no longer known."""
    return next((secret for secret in _every(salt, key) if hash_secret(secret) == stored), None)


def _every(salt: str, key: uuid.UUID) -> Iterator[str]:
    for site in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac(salt, key.hex, secret=site, algorithm="sha256").hexdigest()
