"""Canaries of personal data go through answering, saving, mail and faults; no log, cache or address holds one after."""

import json
import logging
import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DataError, connection
from django.test import Client

from config import json_lines
from tests.consultation.test_answering import send
from tests.rig import faults
from tests.rig.asked import one_section
from tests.rig.citizen import Citizen, Line
from tests.rig.place import Place, site

WORDS, ADDRESS, ORIGIN = "canary-words", "canary-address@example.org", "203.0.113.9"


class Canary(Citizen):
    """Somebody who saves, asks for the link and comes back with it, whose answers and secret can be told apart."""

    def go(self, place: Place) -> list[str]:
        """All of it, with a database that dies midway, and return what nobody may find anywhere."""
        form = self._get("1/").hidden
        typed = [("q1", "1"), ("q4", WORDS)]
        assert self._post("1/", [*form, *typed]).status == 303
        assert ADDRESS in self._post("later/", [("email", ADDRESS)]).text
        secret = self.cookie.partition("=")[2]
        self._get(f"return/{secret}/")
        assert self._post(f"return/{secret}/", []).status == 303
        place.cluster.stop("immediate")
        assert self._ask("POST", "1/", [*form, *typed]).status == 503
        assert self._ask("GET", f"return/{secret}/", []).status == 503
        faults.start_again(place)
        assert self._post("check/", self._get("check/").hidden).status == 303
        assert ADDRESS in self._post("done/", [("email", ADDRESS)]).text
        return [WORDS, ADDRESS, secret]


def left_behind(path: str, entry: str) -> list[str]:
    """The canaries that stand in the log of the web server and tick, its lines of addresses included."""
    with site(entry) as place:
        place.mail.stop()
        sought = Canary(Line(place.address, place.port), path, 1, until=time.monotonic() + 120).go(place)
        while '"consultation.outbox"' not in place.log.read_text():  # it puts the e-mail off: the mail server is away
            time.sleep(0.2)
        log = place.log.read_text()
        place.mail.start()
    assert re.search(r"GET /answer/\d+/en/return/\*\*\*/", log), "nothing was logged"
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"access", "consultation.outbox"} <= {line["logger"] for line in lines}
    assert any(line.get("route") == "answering:return" and line["status"] == 303 for line in lines)
    assert "a step of answering was put off" in log
    return [word for word in sought if word in log]


@pytest.mark.xdist_group("rig")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: the rig has one of its own")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("entry", "found"),
    # Of what is logged by mistake the formatter takes addresses out all the same; words look like any others.
    [("config.wsgi", []), pytest.param("tests.rig.talkative", [WORDS], marks=pytest.mark.battery)],
)
def test_no_log_holds_what_people_sent_and_one_that_does_is_found(entry, found):
    assert left_behind(one_section(), entry) == found


@pytest.mark.django_db
def test_no_cache_and_no_address_holds_what_people_sent(visitor, page_path: str):
    secret, addresses = "", []
    for step, fields in {
        "1/": {"q1": "1", "q4": WORDS},
        "later/": {"email": ADDRESS},
        "check/": {},
        "done/": {"email": ADDRESS},
    }.items():
        page = send(visitor, page_path + step, **fields)
        addresses.append(page.get("Location", ""))
        secret = visitor.cookies["answering"].value

    kept = str(vars(cache)) + str(list(getattr(cache, "_cache", {}).values()))
    assert addresses[0] and addresses[2]
    assert [word for word in (WORDS, ADDRESS, secret) if word in kept + str(addresses)] == []


quiet = json_lines.Formatter.format


def talkative(formatter: json_lines.Formatter, record: logging.LogRecord) -> str:
    """A planted fault: a formatter that says what was sent, too."""
    sent = getattr(record, "request", None)
    return json.dumps(json.loads(quiet(formatter, record)) | {"body": str(sent.POST) if sent else ""})


@pytest.mark.django_db
@pytest.mark.parametrize(("written_by", "found"), [(quiet, []), (talkative, [WORDS, ADDRESS])])
def test_no_line_of_json_holds_what_people_sent_not_even_of_a_fault(page_path, written, monkeypatch, written_by, found):
    monkeypatch.setattr(json_lines.Formatter, "format", written_by)
    visitor = Client(raise_request_exception=False, headers={"user-agent": "canary-browser", "x-forwarded-for": ORIGIN})
    send(visitor, page_path + "1/", q1="1", q4=WORDS)
    send(visitor, page_path + "later/", email=ADDRESS)
    secret = visitor.cookies["answering"].value
    visitor.get(f"{page_path}return/{secret}/")
    visitor.get(f"{page_path}1/?q4={WORDS}")

    def refuse(*given: Any, **more: Any) -> None:
        """As databases do: they quote the row."""
        raise DataError(f"invalid input: {WORDS} {ADDRESS} {secret}")

    monkeypatch.setattr("consultation.drafts.save", refuse)
    fault = send(visitor, page_path + "1/", q1="1", q4=WORDS, email=ADDRESS)

    lines = written()
    said = json.dumps(lines)
    assert fault.status_code == 500
    assert {"access", "django.request"} <= {line["logger"] for line in lines}
    assert any("exception" in line for line in lines)
    assert [word for word in (WORDS, ADDRESS) if word in said] == found
    assert [word for word in (secret, "canary-browser", ORIGIN) if word in said] == []


@pytest.fixture
def page_path(db: Any) -> str:
    """Where it is answered."""
    return one_section()
