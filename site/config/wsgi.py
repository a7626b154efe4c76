"""The server's entry."""

import logging
import os
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import json_lines, masking
from consultation.durability import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

django = get_wsgi_application()
refuse_to_start()
for name in ("gunicorn.access", "gunicorn.error"):  # gunicorn sets its loggers up by itself, with handlers of its own
    logging.getLogger(name).addFilter(masking.mask_record)
if settings.LOGGING["handlers"]["stderr"]["formatter"] == "json":
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.setFormatter(json_lines.Formatter())
CHARSET = re.compile(r";\s*charset=(?!\s*\"?utf-?8\"?\s*(;|$))[^;]*", re.IGNORECASE)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Serve a request. Every form here is UTF-8; Django would take any codec of Python's, and fail with some."""
    if "charset" in environ.get("CONTENT_TYPE", "").lower():
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
    return django(environ, start_response)
