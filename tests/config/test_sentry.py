"""What leaves for Sentry is what broke and where; a real sink takes it, and nothing that anybody sent is in it."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest
from django.conf import settings

from tests.conftest import ROOT

pytestmark = pytest.mark.once

WORDS, ADDRESS, SECRET = "canary-words", "canary-address@example.org", "5ec2e7" * 10 + "abcd"

# A site as in production, with a page that fails over what was sent in each of the ways in which that could leak.
SITE = """
import logging, os, sys
from django.db import connection
from django.test import RequestFactory
from config.wsgi import application
{planted}
def fail(*given, **more):
    local = "{words} {address} {secret}"
    logging.getLogger("home").error("log {address} of /answer/1/en/return/{secret}/?q={words}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [local])
    raise ValueError(local)
import consultation.access
consultation.access.Consultation.objects.raw = fail
browser = RequestFactory(headers={{"user-agent": "{words}", "referer": "https://x/{secret}/"}})
browser.cookies["answering"] = "{secret}"
form = {{"q1": "{words}", "email": "{address}"}}
for asked in (browser.post("/answer/1/en/1/?canary={words}", form), browser.get("/answer/1/en/return/{secret}/")):
    statuses = []
    reply = application(asked.environ, lambda status, headers: statuses.append(status))
    b"".join(reply)
    reply.close()
    assert statuses[0].startswith("500"), statuses
import sentry_sdk
sentry_sdk.flush(10)
"""
PLANTED = """
import sentry_sdk
client = sentry_sdk.get_client()
client.options.update(before_send=None, include_local_variables=True)
client.options.update(max_request_body_size="always", send_default_pii=True)
"""


UNPACKED = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class Sink:
    """A server that takes what is sent, as Sentry would."""

    def __enter__(self):
        taken = self.taken = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken.append(UNPACKED[self.headers.get("Content-Encoding", "")](body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *given):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *fault):
        self.server.shutdown()
        self.server.server_close()

    @property
    def dsn(self):
        return f"http://key@127.0.0.1:{self.server.server_port}/1"

    @property
    def text(self):
        return b"\n".join(self.taken).decode()

    @property
    def events(self):
        found = [json.loads(line) for body in self.taken for line in body.decode().splitlines()]
        return [each for each in found if "event_id" in each and "platform" in each]


def sent(tmp_path, planted=""):
    """What arrives from a site on which those pages were asked for."""
    with Sink() as sink:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.rig.settings",
            "SECRET_KEY": "0123456789abcdefghij" * 3,
            "ALLOWED_HOSTS": "testserver",
            "SECURE_SSL_REDIRECT": "false",
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "SENTRY_DSN": sink.dsn,
            "RELEASE": "demo-1",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        }
        script = SITE.format(planted=planted, words=WORDS, address=ADDRESS, secret=SECRET)
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return sink.text, sink.events, done.stderr


def test_what_broke_arrives_and_nothing_that_was_sent(tmp_path):
    text, events, log = sent(tmp_path)

    faults = [event for event in events if "exception" in event]
    assert faults
    assert faults[0]["exception"]["values"][-1]["type"] == "ValueError"
    assert faults[0]["exception"]["values"][-1]["value"] == ""
    assert any(frame["function"] == "fail" for frame in faults[0]["exception"]["values"][-1]["stacktrace"]["frames"])
    assert faults[0]["release"] == "demo-1"
    assert faults[0]["tags"]["request_id"] in log
    assert {event["request"]["url"] for event in faults} >= {"/answer/1/en/1/", "/answer/1/en/return/***/"}
    assert any(event.get("message", "").startswith("log *** of /answer/1/en/return/***/") for event in events)
    assert [word for word in (WORDS, ADDRESS, SECRET) if word in text] == []
    assert [word for word in (WORDS, ADDRESS, SECRET) if word in log] == []


def test_one_that_sends_all_it_knows_is_found(tmp_path):
    text, _events, _log = sent(tmp_path, PLANTED)

    assert [word for word in (WORDS, ADDRESS, SECRET) if word in text] == [WORDS, ADDRESS, SECRET]


def test_no_browser_is_asked_to_send_anything():
    allowed = json.dumps([settings.CONTENT_SECURITY_POLICY, str(settings.ADMIN_CONTENT_SECURITY_POLICY)])

    assert "http" not in allowed
