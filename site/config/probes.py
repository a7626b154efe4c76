"""Whether the process lives, and whether it can take requests: for what distributes them, which asks by address.

Both are answered before anything that looks at the host, the scheme, a cookie or a session.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from django.core.cache import cache
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from config import metrics

log = logging.getLogger(__name__)

PATIENCE = 2.5  # seconds that a check may take


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives. Nothing is asked."""
    return _plain(HttpResponse("ok", content_type="text/plain; charset=utf-8"))


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether a request would be served: 503 names the checks that failed, and never why."""
    asked = {check: check.begin() for check in CHECKS}
    until = time.monotonic() + PATIENCE
    missed = [check for check, answer in asked.items() if not answer.is_yes(until - time.monotonic())]
    failed = [check.name for check in missed if check.matters]
    warnings = [check.name for check in missed if not check.matters]
    said = {"ready": not failed, "failed": failed, "warnings": warnings}
    reply = JsonResponse(said, status=503 if failed else 200)
    reply._has_been_logged = True  # type: ignore[attr-defined]  # Django's mark: asked every few seconds, no news
    return _plain(reply)


def _plain(reply: HttpResponse) -> HttpResponse:
    reply["Cache-Control"] = "no-store"
    reply["X-Content-Type-Options"] = "nosniff"
    return reply


class Answer:
    """What a question brought, as soon as it has; asked in a thread, so that nobody has to wait for it."""

    def __init__(self, ask: Callable[[], bool]) -> None:
        self._ask, self._yes = ask, False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def is_yes(self, seconds: float) -> bool:
        """Whether it is yes, and came in time."""
        self._thread.join(max(0, seconds))
        return self._yes

    @property
    def is_awaited(self) -> bool:
        """Whether there is none yet."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._yes = self._ask()
        except Exception as fault:
            log.warning("a check failed: %s", type(fault).__name__)
        finally:
            connections.close_all()  # this thread's own


class Check:
    """A question about what the site needs. Whoever asks while somebody waits for an answer waits for the same one.

    So a database that hangs gets one connection, and not one with each question.
    """

    def __init__(self, name: str, ask: Callable[[], bool], matters: bool = True) -> None:
        self.name, self.matters = name, matters
        self._ask = ask
        self._lock = threading.Lock()
        self._answer: Answer | None = None

    def begin(self) -> Answer:
        """Ask, or join those who wait."""
        with self._lock:
            if self._answer is None or not self._answer.is_awaited:
                self._answer = Answer(self._ask)
            return self._answer


def is_writable() -> bool:
    """Whether the database answers and takes what is sent: a standby, or one set to read only, does not."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('transaction_read_only') = 'off'")
        else:
            cursor.execute("SELECT count(*) >= 0 FROM sqlite_master")
        answered = bool(cursor.fetchone()[0])
    return answered and (connection.vendor != "sqlite" or os.access(connection.settings_dict["NAME"], os.W_OK))


class Migrations:
    """Which migrations the code has and the database has not. Once there is none, this process asks no more."""

    def __init__(self) -> None:
        self._are_applied = False

    def unapplied(self) -> list[str]:
        """Their names. A database that is ahead, for the next release, is no fault."""
        if self._are_applied:
            return []
        executor = MigrationExecutor(connections["default"])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        self._are_applied = not plan
        return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


migrations = Migrations()


def keeps() -> bool:
    """Whether the cache gives back what it was given."""
    cache.set("readyz", "yes", 10)
    return bool(cache.get("readyz") == "yes")


CHECKS = [
    Check("database", is_writable),
    Check("migrations", lambda: not migrations.unapplied()),
    Check("cache", keeps, matters=False),
]
ANSWERS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics.show,
}
PATHS = frozenset(ANSWERS)


class ProbesMiddleware:
    """Answers what asks about the process, whatever host and scheme it asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what is asked for by exactly these addresses."""
        view = ANSWERS.get(request.path_info)
        return view(request) if view else self.get_response(request)
