"""A planted fault: the site's entry, but it writes what people send into the log."""

import io
import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus

from config.wsgi import application as quiet

log = logging.getLogger(__name__)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Log the body, then serve the request."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    log.warning("sent: %s", unquote_plus(body.decode()))
    return quiet(environ, start_response)
