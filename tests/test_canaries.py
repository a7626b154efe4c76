"""Canaries of personal data go through answering, saving, mail and faults; no log, cache or address holds one after."""

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from tests.consultation.test_answering import send
from tests.rig import faults
from tests.rig.asked import one_section
from tests.rig.citizen import Citizen, Line
from tests.rig.place import Place, site

WORDS, ADDRESS = "canary-words", "canary-address@example.org"


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
        while "was put off" not in place.log.read_text():  # the e-mail, since the mail server is away
            time.sleep(0.2)
        log = place.log.read_text()
        place.mail.start()
    assert re.search(r"GET /answer/\d+/en/return/\*\*\*/", log), "nothing was logged"
    assert "a step of answering was put off" in log
    return [word for word in sought if word in log]


@pytest.mark.xdist_group("rig")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: the rig has one of its own")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("entry", "found"),
    [("config.wsgi", []), pytest.param("tests.rig.talkative", [WORDS, ADDRESS], marks=pytest.mark.battery)],
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


@pytest.fixture
def page_path(db: Any) -> str:
    """Where it is answered."""
    return one_section()
