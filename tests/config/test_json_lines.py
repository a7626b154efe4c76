"""Lines of the log are JSON, one for each request among them, and hold nothing that anybody sent."""

import datetime as dt
import json
import logging
import smtplib
from io import StringIO

import pytest
from django.db import IntegrityError
from django.test import Client

from config import json_lines, traces
from config.access_log import AccessLogMiddleware
from config.masking import clean
from tests.factories import make_consultation_page
from tests.test_settings import import_production

SECRET = "5ec2e7" * 10 + "abcd"


def access(lines):
    return [line for line in lines if line["logger"] == "access"]


@pytest.mark.django_db
def test_a_request_is_one_line_with_the_kind_of_page_and_how_it_ended(visitor, written):
    path = f"/answer/{make_consultation_page().consultation.pk}/en/1/"

    visitor.get(path + "?canary=1", headers={"user-agent": "canary-browser"}, REMOTE_ADDR="203.0.113.9")

    (line,) = access(written())
    assert set(line) == {"time", "level", "logger", "message", "request", "method", "route", "status", "ms"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "answering:section", 200)
    assert abs(dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(line["time"])) < dt.timedelta(minutes=1)
    assert line["time"].endswith("+00:00")
    assert 0 < line["ms"] < 60_000
    for word in ("canary", "203.0.113", path):
        assert word not in json.dumps(line)


@pytest.mark.django_db
def test_of_pages_the_path_is_named_and_never_what_was_asked_for(visitor, written):
    visitor.get("/en/no-such-page/?email=canary@example.org")

    (line,) = access(written())
    assert (line["route"], line["path"], line["status"]) == ("wagtail_serve", "/en/no-such-page/", 404)
    assert "canary" not in json.dumps(line)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        f"/en/retrun/{SECRET}/",
        "/en/write-to/canary.name@example.org/",
        "/en/aB3_cD4-eF5gH6iJ7kL8mN9oP0/",
        f"/no/answer/1/en/return/{SECRET}",
    ],
)
def test_a_mistyped_address_gives_no_secret_away(visitor, written, path):
    visitor.get(path)

    said = json.dumps(written())
    assert "***" in said
    assert SECRET not in said
    assert "canary" not in said
    assert "aB3" not in said


@pytest.mark.django_db
def test_staff_are_a_number_in_the_admin_and_nothing_elsewhere(officer, officer_client, written):
    officer_client.get("/admin/consultations/")
    officer_client.get("/en/search/")

    inside, outside = access(written())
    assert inside["user"] == officer.pk
    assert "user" not in outside
    assert officer.username not in json.dumps([inside, outside])


@pytest.mark.django_db
def test_probes_leave_no_line(visitor, written):
    visitor.get("/healthz")
    visitor.get("/readyz")

    assert access(written()) == []


@pytest.mark.django_db
def test_a_method_that_nobody_knows_is_not_repeated(visitor, written):
    visitor.generic("CANARY", "/robots.txt")

    assert access(written())[0]["method"] == "other"
    assert "CANARY" not in json.dumps(access(written()))


def line_of(raised):
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_lines.Formatter())
    words = "canary-words"
    log = logging.Logger("x")
    log.addHandler(handler)
    try:
        raise raised if isinstance(raised, BaseException) else raised(words)
    except Exception:
        log.exception("put off")
    return json.loads(stream.getvalue())


@pytest.mark.parametrize(
    "raised",
    [
        ValueError("no number: 'canary-words'"),
        KeyError("canary-words"),
        IntegrityError("null value in column\nDETAIL:  Failing row contains (1, canary-words)."),
        smtplib.SMTPRecipientsRefused({"canary-words@example.org": (550, b"canary-words")}),
        UnicodeEncodeError("utf-8", "canary-words", 0, 1, "surrogates"),
    ],
)
def test_an_exception_says_its_type_and_place_and_no_value(raised):
    line = line_of(raised)

    assert "canary" not in json.dumps(line)
    (fault,) = line["exception"]
    assert fault["type"].endswith(type(raised).__name__)
    assert fault["at"][-1].startswith("tests/config/test_json_lines.py:")
    assert fault["at"][-1].endswith(" line_of")


def test_what_the_machinery_says_is_kept():
    assert line_of(IntegrityError("UNIQUE constraint failed: x.y"))["exception"][0]["said"].startswith("UNIQUE")
    assert line_of(ConnectionRefusedError("refused"))["exception"][0]["said"] == "refused"


def test_causes_are_named_too():
    try:
        try:
            raise KeyError("canary")
        except KeyError as cause:
            raise RuntimeError from cause
    except RuntimeError as fault:
        assert [each["type"] for each in traces.described(fault)] == ["RuntimeError", "KeyError"]


@pytest.mark.parametrize(
    "text",
    [
        "e-mail 81aa0000-0000-4000-8000-000000000000 was put off: SMTPDataError 451",
        "home/search.py:12 in search",
        "/en/plan/",
    ],
)
def test_what_an_administrator_needs_is_left(text):
    assert clean(text) == text


def test_cleaning_a_long_hostile_address_is_quick():
    import time

    began = time.perf_counter()
    for text in ("/" * 16_000, "a@" * 8_000, "aA1-" * 4_000, "/return/" * 2_000, "?" * 16_000, "a." * 8_000):
        clean(text)
    assert time.perf_counter() - began < 2


def test_production_writes_json_and_refuses_what_it_does_not_know():
    base = {
        "SECRET_KEY": "0123456789abcdefghij" * 3,
        "ALLOWED_HOSTS": "example.org",
        "DATABASE_URL": "postgres://user@example.org/name",
    }

    assert import_production(**base, LOG_FORMAT="line").returncode == 0
    refused = import_production(**base, LOG_FORMAT="xml")
    assert refused.returncode != 0
    assert "LOG_FORMAT is none of json, line" in refused.stderr


@pytest.mark.django_db
def test_the_outermost_middleware_gives_a_line_to_what_others_refuse(settings, written):
    settings.ALLOWED_HOSTS = ["plan.example.org"]

    Client(headers={"host": "canary.example.org"}).get("/robots.txt")

    assert settings.MIDDLEWARE[0] == f"{AccessLogMiddleware.__module__}.{AccessLogMiddleware.__name__}"
    assert access(written())[0]["status"] == 400
