"""What protects a form that nobody signed in to: a signed token with the key of the answering, and the Origin header.

There is no cookie before the first saved section, so Django's own protection, which needs one, does not fit.
"""

import datetime as dt
import uuid

from django.core import signing
from django.http import HttpRequest

SALT = "consultation.answering"
LIFETIME = 28 * 24 * 60 * 60  # seconds a form may stay open


IDEAS = "ideas"  # the form that belongs to no consultation

Form = int | str  # a consultation's number, or IDEAS


def issue(form: Form, key: uuid.UUID | None = None) -> str:
    """A token for one form; without a key, an answering is born here."""
    return signing.dumps({"c": form, "k": (key or uuid.uuid4()).hex}, salt=SALT)


def read(token: str, form: Form) -> uuid.UUID | None:
    """The key in a token of this form; None where the token is forged, foreign or too old."""
    try:
        content = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    return uuid.UUID(hex=content["k"]) if content["c"] == form else None


def born(token: str) -> dt.datetime:
    """The second in which a token was signed. It has to be one that `read` took."""
    seconds = signing.b62_decode(token.rsplit(":", 2)[1])
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if origin == "null" and site == "same-origin":  # so it is from a page that sends no referrer
        return False
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"
