"""Figures for Prometheus, where METRICS says so: counts by kind of page, and what waits. They are about nobody.

Several processes add theirs up in the folder PROMETHEUS_MULTIPROC_DIR, which whoever starts the site empties first.
"""

from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # of the histogram's classes
SENT = frozenset({"answering:check", "answering:equality"})  # where answers are sent
LOOPBACK = ("127.0.0.0/8", "::1/128")
# A proxy that passes something on says for whom. What came through one came from outside.
PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
PASSED_ON += ("HTTP_FORWARDED", "HTTP_VIA")  # type: ignore[assignment]


class Figures:
    """What is counted in this process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # an extra: not every site has it

        self.own = CollectorRegistry()
        self.requests = Counter(
            "connected_requests", "Requests by kind of page.", ["method", "route", "status"], registry=self.own
        )
        self.seconds = Histogram(
            "connected_request_seconds", "How long they took.", ["route"], buckets=SECONDS, registry=self.own
        )
        self.acknowledged = Counter(
            "connected_submissions_acknowledged", "Times that somebody was told: received.", registry=self.own
        )
        self.unavailable = Counter("connected_unavailable", "Pages 503.", registry=self.own)

    def note(self, method: str, route: str, reply: HttpResponseBase, seconds: float) -> None:
        """Count a request."""
        self.requests.labels(method, route, str(reply.status_code)).inc()
        self.seconds.labels(route).observe(seconds)
        if reply.status_code == 503:
            self.unavailable.inc()
        if route in SENT and method == "POST" and reply.status_code == 303 and reply["Location"].endswith("/done/"):
            self.acknowledged.inc()

    def text(self) -> bytes:
        """Those of every process, and what waits in the database, as Prometheus reads it."""
        import os

        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(self.own)
        registry.register(Waiting())
        return bytes(generate_latest(registry))


class Waiting:
    """What waits to be done, asked of the database when the figures are fetched."""

    def collect(self) -> Iterator[Any]:
        """A database that is away is a figure, too."""
        from prometheus_client.core import GaugeMetricFamily

        from consultation import backlog

        now = timezone.now()
        try:
            tail, mail = backlog.tail(), backlog.mail()
        except (DatabaseError, InterfaceError):
            yield GaugeMetricFamily("connected_database_answers", "1, or 0 where it does not.", 0)
            return
        yield GaugeMetricFamily("connected_database_answers", "1, or 0 where it does not.", 1)
        yield GaugeMetricFamily("connected_fold_lag_responses", "Responses not folded, at most.", tail.number)
        yield GaugeMetricFamily("connected_fold_lag_seconds", "Age of the oldest.", tail.age(now))
        yield GaugeMetricFamily("connected_outbox_waiting", "E-mails not sent yet.", mail.number)
        yield GaugeMetricFamily("connected_outbox_seconds", "Age of the oldest.", mail.age(now))
        yield GaugeMetricFamily("connected_outbox_given_up", "E-mails given up in 90 days.", mail.given_up)


@cache
def figures() -> Figures | None:
    """This process's, where the site has any."""
    return Figures() if settings.METRICS else None


def show(request: HttpRequest) -> HttpResponse:
    """For those beside the site alone; for everybody else there is no such page."""
    counted = figures()
    if counted is None or not is_near(request):
        return HttpResponse(status=404, headers={"Cache-Control": "no-store"})
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    text = "text/plain; version=0.0.4; charset=utf-8"
    return HttpResponse(counted.text(), content_type=text, headers={"Cache-Control": "no-store"})


def is_near(request: HttpRequest) -> bool:
    """Whether who asks is this machine, or one of METRICS_FROM, and asks without a proxy between."""
    if any(name in request.META for name in PASSED_ON):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a socket has none
        return False
    return any(address in ip_network(near, strict=False) for near in (*LOOPBACK, *settings.METRICS_FROM))
