"""What the line in the log costs a request, in this process: with it, against without, for a view that does nothing.

DJANGO_SETTINGS_MODULE=tests.bench.settings PYTHONPATH=.:site python -m tests.bench.access_lines
"""

import logging
import statistics
import time
from collections.abc import Callable
from io import StringIO

import django


def main() -> None:
    """Both in turn, so that a busy machine slows both, and the medians."""
    django.setup()
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory
    from django.urls import resolve

    from config import json_lines
    from config.access_log import AccessLogMiddleware

    handler = logging.StreamHandler(StringIO())
    handler.setFormatter(json_lines.Formatter())
    log = logging.getLogger("access")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)

    def view(request: HttpRequest) -> HttpResponse:
        request.resolver_match = match
        return HttpResponse("ok")

    match = resolve("/robots.txt")
    without, with_it = view, AccessLogMiddleware(view)
    request = RequestFactory().get("/robots.txt")
    times: dict[str, list[float]] = {"without": [], "with": []}
    for _round in range(30):
        for name, ask in (("without", without), ("with", with_it)):
            times[name].append(per_call(lambda ask=ask: ask(request)))
    before, after = (statistics.median(times[name]) * 1e6 for name in ("without", "with"))
    said = (
        f"a view that does nothing: {before:.1f} µs; with its line: {after:.1f} µs; the line: {after - before:.1f} µs"
    )
    print(said)  # noqa: T201


def per_call(ask: Callable[[], object], calls: int = 500) -> float:
    """Seconds of one."""
    began = time.perf_counter()
    for _call in range(calls):
        ask()
    return (time.perf_counter() - began) / calls


if __name__ == "__main__":
    main()
