"""The blank form is rendered once; whether it may be shown is asked each time."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from consultation.models import Consultation
from tests.consultation.test_answering import hidden, send
from tests.factories import make_consultation_page, raw_questionnaire, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def shown(address):
    """The page for somebody new, and how many queries it took."""
    with CaptureQueriesContext(connection) as asked:
        page = Client().get(address)
    return page, len(asked)


def test_the_second_visitor_gets_the_same_form_for_one_query_with_a_token_of_their_own(path):
    first, _many = shown(f"{path}1/")
    second, queries = shown(f"{path}1/")

    tokens = [hidden(page)["token"] for page in (first, second)]
    assert queries == 1
    assert tokens[0] != tokens[1]
    assert second.content.decode().replace(tokens[1], tokens[0]) == first.content.decode()
    same = {"Cache-Control", "Content-Language", "Content-Type", "Content-Security-Policy", "Vary", "Referrer-Policy"}
    assert {name: first.get(name) for name in same} == {name: second.get(name) for name in same}


def test_two_who_begin_from_it_are_two(path):
    for option in ("1", "2"):
        client = Client()
        send(client, f"{path}1/", q1=option)
        send(client, f"{path}check/")

    assert Consultation.objects.get().responses.count() == 2


def test_a_change_that_is_published_shows_at_once(page, path):
    shown(f"{path}1/")
    raw = raw_questionnaire()
    raw[0]["value"]["questions"][0]["value"]["label"] = "Asked anew"
    page.questionnaire = page.questionnaire.stream_block.to_python(raw)
    page.save_revision().publish()

    assert "Asked anew" in shown(f"{path}1/")[0].content.decode()


def test_a_translation_that_is_published_or_taken_back_shows_at_once(page, path, at_once):
    shown(f"{path}1/")
    irish = translate(page, "ga", {})
    assert '/ga/1/"' in shown(f"{path}1/")[0].content.decode()

    irish.unpublish()
    assert not re.search('/ga/1/"', shown(f"{path}1/")[0].content.decode())


def close(page):
    Consultation.objects.update(closes_at=timezone.now())


def restrict(page):
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")


def unpublish(page):
    page.unpublish()


@pytest.mark.parametrize("change", [close, restrict, unpublish])
def test_what_may_not_be_shown_any_more_is_not_shown(page, path, change):
    assert "Continue" in shown(f"{path}1/")[0].content.decode()

    change(page)

    assert "Continue" not in shown(f"{path}1/")[0].content.decode()


def test_entries_and_staffs_own_pages_are_never_kept_for_others(path, editor_client):
    visitor = Client()
    send(visitor, f"{path}1/", q1="2")
    assert "checked" in visitor.get(f"{path}1/").content.decode()
    assert "userbar" in editor_client.get(f"{path}1/").content.decode()

    page = shown(f"{path}1/")[0].content.decode()
    assert "checked" not in page
    assert "userbar" not in page


def test_a_notice_for_one_person_is_not_kept_for_others(path):
    assert "questions changed" in shown(f"{path}1/?moved=1")[0].content.decode()

    assert "questions changed" not in shown(f"{path}1/")[0].content.decode()
