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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from consultation.models import Consultation
from home.models import ThemePage
from tests.bench.lines import Line, step
from tests.conftest import ROOT
from tests.proxy import answers, free_ports, proxy

SECONDS = 6
ROUNDS = 3
CONNECTIONS = 16


def serving() -> list[Line]:
    """Fill the site with the demonstration, and fetch pages of it."""
    if shutil.which("wrk") is None:
        raise RuntimeError("Missing: wrk (on Debian: apt install wrk)")
    with step("demonstration content"):
        call_command("load_demo", verbosity=0)
    connection.close()
    theme = ThemePage.objects.live().filter(locale__language_code="en").order_by("path").first()
    addresses = {
        "home page": "/en/",
        "a theme's page with figures": theme.get_url(),
        "first page of a form": f"/answer/{_open().pk}/en/1/",
        "a view that does nothing": "/trivial/",
    }
    with step("pages over HTTP"), _web(1) as one, _web(2) as two:
        alone = {name: [] for name in addresses}
        both = {name: [] for name in addresses}
        kept: list[float] = []
        with proxy([f"127.0.0.1:{two}"], SCHEME="https") as front:
            for _ in range(ROUNDS):
                for name, path in addresses.items():
                    alone[name].append(_rate(one, path))
                    both[name].append(_rate(two, path))
                kept.append(_rate(front.port, "/en/"))
    return _lines(alone, both, kept)


def _open() -> Consultation:
    found = next(c for c in Consultation.objects.order_by("pk") if c.is_open)
    return found


def _lines(alone: dict[str, list[float]], both: dict[str, list[float]], kept: list[float]) -> list[Line]:
    middle = {name: sorted(rates)[len(rates) // 2] for name, rates in alone.items()}
    with_two = {name: sorted(rates)[len(rates) // 2] for name, rates in both.items()}
    nothing = "a view that does nothing"
    lines = [Line(f"{nothing}, one process", middle[nothing], "/s")]
    for name in alone:
        lines.append(Line(f"{name}, two processes", with_two[name], "/s", middle[name], "one process"))
        if name != nothing:
            lines.append(Line(f"{name}, one process", middle[name], "/s", middle[nothing], nothing))
    cached = sorted(kept)[len(kept) // 2]
    lines.append(Line("home page from the proxy's cache", cached, "/s", middle["home page"], "one process", "≥", 200))
    return lines


@contextmanager
def _web(processes: int) -> Iterator[int]:
    """A web server with so many processes of eight threads; its port."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(processes), "--threads", "8", "--no-control-socket"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.serving_settings",
        "SECRET_KEY": "only-for-measuring" * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
        "PROXY_CACHES": "http://127.0.0.1:9",
    }
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not answers("127.0.0.1", port):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("gunicorn does not answer")
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _rate(port: int, path: str) -> float:
    """Replies a second, each of which was 200."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "X-Forwarded-Proto: https"]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{path}: {done.stdout}")
    return float(found[1])
