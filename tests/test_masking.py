"""The secret of a return link stands in no log: not in Django's, not in gunicorn's, not in a traceback."""

import importlib
import logging
import os
import socket
import subprocess
import sys
import time
from io import StringIO
from logging.config import DictConfigurator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from config import masking
from tests.conftest import ROOT
from tests.test_settings import PRODUCTION

SECRET = "5ec2e7" * 10 + "abcd"
ADDRESS = f"/answer/1/en/return/{SECRET}/"
ASKED = [f"/tell/1/{language}/{step}/{SECRET}/" for language in ("en", "sco-ulster") for step in ("confirm", "stop")]


@pytest.fixture
def logged(monkeypatch):
    """What the handlers of the settings write; the root has pytest's beside them."""
    stream = StringIO()
    handlers = {*logging.getLogger().handlers, *logging.getLogger("django").handlers}
    for handler in handlers:
        if type(handler) is logging.StreamHandler:
            monkeypatch.setattr(handler, "stream", stream)
    return stream.getvalue


def test_what_the_settings_log_has_no_secret_not_even_in_a_traceback(logged):
    logging.getLogger("django.request").error("Internal Server Error: %s", ADDRESS)
    try:
        raise RuntimeError(f"no such thing: {ADDRESS}")
    except RuntimeError:
        logging.getLogger("consultation.tick").exception("put off")

    text = logged()
    assert text.count("/answer/1/en/return/***/") == 2
    assert "RuntimeError: no such thing" in text
    assert SECRET not in text


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        ADDRESS.replace("/return/", "/return%2F"),
        f'"GET {ADDRESS[:-1]} HTTP/1.1" 301',
        f"{ADDRESS}?a=1",
        *ASKED,
        *(address.replace("/", "%2F") for address in ASKED),
    ],
)
def test_a_secret_is_masked_however_the_address_is_written(text):
    assert SECRET not in masking.mask(text)
    assert "***" in masking.mask(text)


def test_nobody_writes_a_line_of_the_log_by_what_they_ask_for(logged):
    forged = "2026-11-28 02:00:00 ERROR django [-]: forged"
    for break_ in ("\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[2J"):
        logging.getLogger("django.request").error("Not Found: %s", f"/x{break_}{forged}")
    try:
        raise RuntimeError(f"no such thing\n{forged}")
    except RuntimeError:
        logging.getLogger("consultation.tick").exception("put off")

    lines = logged().splitlines()
    assert [line for line in lines if line.startswith("2026-11-28 02:00:00")] == []
    assert "\x1b" not in "".join(lines)
    assert sum("Not Found: /x\\" in line for line in lines) == 6
    assert f"  {forged}" in lines


@pytest.mark.parametrize("settings_module", ["production", "base"])  # whichever comes first
def test_every_handler_that_we_configure_masks(settings_module, monkeypatch):
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    told = importlib.import_module(f"config.settings.{settings_module}").LOGGING
    assert told["handlers"]["stderr"]["formatter"] == {"base": "line", "production": "json"}[settings_module]
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "asked for %s", (ADDRESS,), None)

    for name, handler in told["handlers"].items():
        formatter = DictConfigurator(told).configure_formatter(dict(told["formatters"][handler["formatter"]]))
        written = formatter.format(record)
        assert SECRET not in written and "***" in written, name


def test_other_addresses_are_written_in_full():
    assert masking.mask("/answer/1/en/2/?return=check") == "/answer/1/en/2/?return=check"


def test_gunicorn_writes_no_secret_where_an_administrator_turns_its_access_log_on(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--bind", f"127.0.0.1:{port}", "--access-logfile", "-", "--no-control-socket", "--log-level", "debug"]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site", *options]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",  # without tables: every page is a fault
    }
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
        try:
            status = ask(port)
        finally:
            process.terminate()
            process.wait()

    text = log.read_text()
    assert status == 503
    assert text.count("/answer/1/en/return/***/") >= 2  # gunicorn's line and Django's
    assert SECRET not in text


def ask(port):
    """Open the return link, as soon as somebody answers, and give the status."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            return urlopen(f"http://127.0.0.1:{port}{ADDRESS}").status
        except HTTPError as fault:
            return fault.code
        except OSError:
            time.sleep(0.2)
    raise AssertionError("gunicorn did not start")
