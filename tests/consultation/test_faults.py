"""A database that can't be written: the page that says so keeps what was sent, to be sent again under its key."""

import html
import re
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection

from consultation.models import Draft, Response
from tests.consultation.test_answering import hidden, send
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db(transaction=True)

TYPED = "More trees\r\n  <b>and</b> “quiet” =1+1 'places' 🌳\r\n"
BROKEN = {
    "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
}


@contextmanager
def nothing_can_be_written():
    """As on a standby, or on a disk that has gone read-only."""
    before, after = BROKEN[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(before)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(after)


@pytest.fixture
def path():
    return f"/answer/{make_consultation_page().consultation.pk}/en/"


def kept(page):
    """What "Try again" sends. A browser drops the line break that follows the tag."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page.content.decode(), re.DOTALL)
    fields = {}
    for name, text in found:
        fields.setdefault(name, []).append(html.unescape(text))
    return fields


def away(execute, sql, params, many, context):
    """As if the database had gone."""
    raise OperationalError("server closed the connection unexpectedly")


def test_a_section_that_could_not_be_saved_is_sent_again_as_it_was(visitor, path):
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "41", "q4": TYPED}
    with nothing_can_be_written():
        page = visitor.post(f"{path}2/", form)

    assert page.status_code == 503
    assert page["Retry-After"]
    assert "no-store" in page["Cache-Control"]
    assert {name: texts[0] for name, texts in kept(page).items()} == form
    assert visitor.post(f"{path}2/", kept(page)).status_code == 303
    assert "🌳" in Draft.objects.get().answers["words"]["4.0"]


def test_answers_that_could_not_be_sent_are_sent_again_and_count_once(visitor, path):
    send(visitor, f"{path}1/", q1="2", q2=["1", "2"])
    form = hidden(visitor.get(f"{path}check/"))
    with nothing_can_be_written():
        page = visitor.post(f"{path}check/", form)
        assert page.status_code == 503
        assert not Response.objects.exists()

    for _ in range(2):
        assert visitor.post(f"{path}check/", kept(page))["Location"] == f"{path}done/"
    assert Response.objects.get().answers["2"] == [1, 2]


def test_a_form_that_nothing_can_be_read_for_is_kept_as_well(visitor, path):
    form = hidden(visitor.get(f"{path}1/")) | {"q1": "2", "q2": ["1", "2"]}
    with connection.execute_wrapper(away):
        page = visitor.post(f"{path}1/", form)

    assert page.status_code == 503
    assert kept(page)["q2"] == ["1", "2"]
    assert visitor.post(f"{path}1/", kept(page)).status_code == 303


@pytest.mark.parametrize(("error", "status"), [(DatabaseError, 503), (ProgrammingError, 500)])
def test_a_server_that_dies_midway_is_a_fault_and_a_wrong_statement_is_not(visitor, path, error, status):
    def dies(execute, sql, params, many, context):
        raise error("server closed the connection unexpectedly")

    visitor.raise_request_exception = False
    form = hidden(visitor.get(f"{path}1/")) | {"q1": "2"}
    with connection.execute_wrapper(dies):
        assert visitor.post(f"{path}1/", form).status_code == status


@pytest.mark.parametrize("step", ["1/", "check/", "later/", "receipt/", "return/secret/"])
def test_every_step_says_so_without_the_database(visitor, path, step):
    with connection.execute_wrapper(away):
        page = visitor.get(path + step)

    assert page.status_code == 503
    assert "What you saved before is not lost" in page.content.decode()


def test_the_page_says_so_in_the_language_of_the_form(visitor, path):
    with connection.execute_wrapper(away):
        page = visitor.get(path.replace("/en/", "/pl/") + "1/").content.decode()

    assert 'lang="pl"' in page
    assert "W tej chwili nie możemy niczego zapisać" in page
