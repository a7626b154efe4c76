"""Each request has a number: in its reply, in every line of the log about it, and on the page of a fault."""

import logging
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from config import masking, request_id
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("given", [GIVEN, GIVEN[:16], "01234567-89ab-cdef-0123-456789abcdef"])
def test_the_number_that_a_proxy_gives_is_taken(visitor, given):
    assert visitor.get("/robots.txt", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given",
    [
        "",
        "abc",
        GIVEN + "0",
        GIVEN.upper(),
        "a@example.org",
        "x" * 32,
        f"{GIVEN[:16]}\n",
        '"}{"level":"ERROR"',
        "../..",
    ],
)
def test_what_is_no_number_is_replaced_by_one(visitor, given):
    found = visitor.get("/robots.txt", headers={"X-Request-ID": given})["X-Request-ID"]

    assert re.fullmatch("[0-9a-f]{16}", found)


def test_two_requests_have_two_numbers(visitor):
    assert visitor.get("/robots.txt")["X-Request-ID"] != visitor.get("/robots.txt")["X-Request-ID"]


def test_a_fault_has_the_number_on_its_page_and_in_each_of_its_lines(written, monkeypatch):
    def fail(*given):
        logging.getLogger("home.search").warning("something odd")
        raise RuntimeError("planted")

    monkeypatch.setattr("home.search.render", fail)

    page = Client(raise_request_exception=False).get(reverse("search"), headers={"X-Request-ID": GIVEN})

    assert page.status_code == 500
    assert GIVEN in page.content.decode()
    assert "quote this number" in page.content.decode()
    assert page["X-Request-ID"] == GIVEN
    lines = written()
    assert {line["logger"] for line in lines} == {"home.search", "django.request", "access"}
    assert {line["request"] for line in lines} == {GIVEN}


def test_a_page_that_asks_to_try_again_has_it_too(visitor, monkeypatch):
    path = f"/answer/{make_consultation_page().consultation.pk}/en/1/"

    def away(*given, **more):
        raise OperationalError("away")

    monkeypatch.setattr("consultation.access.Consultation.objects.raw", away)

    page = visitor.get(path, headers={"X-Request-ID": GIVEN})

    assert page.status_code == 503
    assert GIVEN in page.content.decode()


def test_a_line_for_people_has_it_too():
    request_id.begin(GIVEN)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "put off", (), None)

    assert masking.Formatter("[%(request_id)s] %(message)s").format(record) == f"[{GIVEN}] put off"


def test_a_round_of_tick_has_a_number(written, monkeypatch):
    request_id.begin(GIVEN)

    def fail():
        raise RuntimeError("planted")

    monkeypatch.setattr("consultation.tick.outbox.send_due", fail)
    with pytest.raises(Exception, match="Not everything"):
        call_command("tick", stdout=StringIO())

    numbers = {line["request"] for line in written()}
    assert len(numbers) == 1
    assert re.fullmatch("[0-9a-f]{16}", numbers.pop())
    assert GIVEN not in numbers
