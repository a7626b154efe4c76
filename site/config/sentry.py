"""Errors to Sentry, or to what speaks as it does, where SENTRY_DSN says so: what broke and where, about nobody.

An event is built anew from what is named here, so that nothing which a newer sentry-sdk adds goes out by itself.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

from config import request_id, traces
from config.masking import clean

KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "logger", "transaction")
FRAME = ("filename", "function", "module", "lineno", "in_app", "context_line", "pre_context", "post_context")


def start(dsn: str, release: str, **more: Any) -> None:
    """Begin to send. Nothing is asked of a browser: all of it is this server's own doing."""
    import sentry_sdk  # an extra: not every site has it
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger

    ignore_logger("django.security.DisallowedHost")  # whoever looks for holes asks for any host
    sentry_sdk.init(
        dsn=dsn,
        release=release or None,
        environment="production",
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(middleware_spans=False, cache_spans=False),
            LoggingIntegration(level=None, event_level=logging.ERROR),
        ],
        before_send=cleaned,
        **more,
    )


def cleaned(event: Any, hint: dict[str, Any]) -> Any:
    """The event without whom it is about."""
    fault = (hint.get("exc_info") or (None, None))[1]
    kept = {key: event[key] for key in KEPT if key in event}
    kept["tags"] = {"request_id": request_id.current()}
    if message := _message(event):
        kept["message"] = clean(message)
    if "exception" in event:
        said = {type(each).__name__: traces.said(each) for each in traces.chain(fault)}
        values = event["exception"].get("values", [])
        kept["exception"] = {"values": [_exception(value, said.get(value.get("type"), "")) for value in values]}
    if "url" in event.get("request", {}):
        asked = event["request"]
        kept["request"] = {"method": asked.get("method"), "url": clean(urlsplit(asked["url"]).path)}
    return kept


def _message(event: dict[str, Any]) -> str:
    entry = event.get("logentry") or {}
    return str(entry.get("formatted") or entry.get("message") or event.get("message") or "")


def _exception(value: dict[str, Any], said: str) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames", [])
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": said,
        "stacktrace": {"frames": [{key: frame[key] for key in FRAME if key in frame} for frame in frames]},
    }
