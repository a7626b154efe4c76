"""Pages over HTTP as people fetch them: gunicorn with one process and with two, behind the proxy, and from its cache.

Asked by wrk (Debian's), which shares the two cores with what it measures: figures hold beside each other, not for other
machines. What is not 200 is an error.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryFile

from django.core.management import call_command
from django.db import connection

from home.models import ThemePage
from tests.bench.lines import Line, step
from tests.conftest import ROOT
from tests.proxy import free_ports, proxy
from tests.rig import faults
from tests.rig.asked import one_section
from tests.rig.load import drive
from tests.rig.place import SECRET, answers

SECONDS = 5
ROUNDS = 3
PEOPLE = 500  # who answer in a round
CONNECTIONS = 16
NOTHING = "a view that does nothing"
KEPT = "home page from the proxy's cache"
SENT = "people who answer four questions"


def serving() -> Iterator[Line]:
    """Fill the site with the demonstration, fetch pages of it and send answers to it."""
    if shutil.which("wrk") is None:
        raise RuntimeError("Missing: wrk (on Debian: apt install wrk)")
    with step("demonstration content"):
        call_command("load_demo", "--force", verbosity=0)
        form, theme = one_section(), ThemePage.objects.live().filter(locale__language_code="en").order_by("path")[0]
    connection.close()
    pages = {
        "home page": "/en/",
        "a theme's page with figures": theme.get_url(),
        "first page of a form": f"{form}1/",
        NOTHING: "/trivial/",
    }
    found: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack, step("pages and answers over HTTP"):
        one, two = (stack.enter_context(_web(processes)) for processes in (1, 2))
        front = stack.enter_context(proxy([f"127.0.0.1:{two}"], SCHEME="https"))
        for port in (one, two):  # connections are opened and templates read
            for path in pages.values():
                _rate(port, path, 3)
        for number in range(ROUNDS):
            for name, path in pages.items():
                found[f"{name}, one process"].append(_rate(one, path))
                found[f"{name}, two processes"].append(_rate(two, path))
            found[KEPT].append(_rate(front.port, "/en/"))
            found[f"{SENT}, one process"].append(_sent(one, form, 2 * number))
            found[f"{SENT}, two processes"].append(_sent(two, form, 2 * number + 1))
    return _lines([*pages, SENT], {name: median(rates) for name, rates in found.items()})


def _lines(names: Sequence[str], rates: dict[str, float]) -> Iterator[Line]:
    nothing = rates[f"{NOTHING}, one process"]
    for name in names:
        one, two = rates[f"{name}, one process"], rates[f"{name}, two processes"]
        yield Line(f"{name}, one process", one, "/s", *(() if name == NOTHING else (nothing, NOTHING)))
        yield Line(f"{name}, two processes", two, "/s", one, "one process")
    yield Line(KEPT, rates[KEPT], "/s", rates["home page, one process"], "one process", "≥", 200)


@contextmanager
def _web(processes: int) -> Iterator[int]:
    """A web server with so many processes of eight threads; its port."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(processes), "--threads", "8", "--no-control-socket"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.serving_settings",
        "SECRET_KEY": SECRET,  # with which citizens who know the form sign theirs
        "ALLOWED_HOSTS": "127.0.0.1",
        "PROXY_CACHES": "http://127.0.0.1:9",
    }
    with TemporaryFile() as log:  # a line for each request
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 60
            while not answers("127.0.0.1", port):
                if server.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise RuntimeError(f"gunicorn does not answer: {log.read().decode()}")
                time.sleep(0.1)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _rate(port: int, path: str, seconds: int = SECONDS) -> float:
    """Replies a second, each of which was 200."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-H", "X-Forwarded-Proto: https"]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{path}: {done.stdout}")
    return float(found[1])


@dataclass(frozen=True)
class _Place:
    """Where the rig's citizens go."""

    address: str
    port: int

    def join(self) -> None:
        """They are here."""


def _sent(port: int, form: str, part: int) -> float:
    """People a second who were told that their answer is in; each fills the form in, checks it and sends it."""
    numbers = range(part * PEOPLE, (part + 1) * PEOPLE)
    start = time.perf_counter()
    accounts = drive(_Place("127.0.0.1", port), form, faults.nothing, numbers, every=PEOPLE, seconds=60, brisk=True)
    took = time.perf_counter() - start
    if any(not account.acknowledged for account in accounts):
        raise RuntimeError("somebody was not told that the answer is in")
    return len(accounts) / took
