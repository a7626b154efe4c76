"""What the proxy may keep: pages for everybody, until they may change, and nothing that was made for somebody."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home import shared_pages
from home.models import EventsPage, HomePage, StandardPage
from tests.factories import make_consultation
from tests.home.test_events import make_event
from tests.home.test_pages import add
from tests.rig.asked import one_section

pytestmark = pytest.mark.django_db
MARK = shared_pages.MARK


@pytest.fixture(autouse=True)
def behind_a_proxy(settings):
    settings.WAGTAILFRONTENDCACHE = {"it": {"BACKEND": "home.forgetting.Proxy", "LOCATION": "http://127.0.0.1:9"}}


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setattr("home.forgetting.forget_now", lambda: None)
    return add(HomePage.objects.get(locale__language_code="en"), StandardPage(title="Contact", slug="canary"))


@pytest.fixture
def noon(time_machine):
    """The middle of a day, since midnight changes pages, too."""
    time_machine.move_to(dt.datetime(2026, 6, 10, 11, tzinfo=dt.UTC), tick=False)
    return timezone.now()


@pytest.mark.parametrize(
    "path", ["/en/", "/en/canary/", "/en/news.atom", "/en/events.ics", "/sitemap.xml", "/robots.txt"]
)
def test_a_page_for_everybody_is_marked(visitor, page, path):
    shown = visitor.get(path)

    assert shown.status_code == 200
    assert 0 < int(shown[MARK]) <= 60
    assert "Cookie" not in shown.get("Vary", "")
    assert shown["Cache-Control"] == "no-cache"  # of browsers


@pytest.mark.parametrize(
    ("path", "asked_with"),
    [
        ("/en/canary/?page=2", {}),
        ("/en/search/?q=canary", {}),
        ("/en/nowhere/", {}),
        ("/account/login/", {}),
        ("/admin/", {}),
        ("/en/canary/", {"HTTP_COOKIE": "anything=1"}),
        ("/en/canary/", {"HTTP_AUTHORIZATION": "Basic abc"}),
    ],
)
def test_nothing_else_is_marked(visitor, page, path, asked_with):
    assert MARK not in visitor.get(path, **asked_with)


def test_nothing_is_marked_where_no_proxy_would_be_told(visitor, page, settings):
    settings.WAGTAILFRONTENDCACHE = {}

    assert MARK not in visitor.get("/en/canary/")


def test_a_page_of_the_staff_is_private(editor_client, page):
    shown = editor_client.get("/en/canary/")

    assert MARK not in shown
    assert {"private", "no-store"} <= set(shown["Cache-Control"].split(", "))


@pytest.mark.parametrize("restriction", ["login", "password"])
def test_a_restricted_page_and_what_stands_in_its_place_is_not_marked(visitor, page, restriction):
    PageViewRestriction.objects.create(page=page, restriction_type=restriction, password="canary")

    assert MARK not in visitor.get("/en/canary/")


def test_a_form_of_answering_is_not_marked(visitor):
    path = one_section()

    for step in ("", "1/"):
        assert MARK not in visitor.get(f"{path}{step}", follow=True)


def test_where_the_database_cannot_say_when_pages_change_nothing_is_kept(visitor, page, monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(shared_pages, "seconds_left", away)
    shown = visitor.get("/en/canary/")

    assert shown.status_code == 200
    assert MARK not in shown


@pytest.mark.parametrize("seconds", [0.5, 7, 600])
def test_no_page_is_kept_past_the_next_opening_or_closing(noon, seconds):
    soon = noon + dt.timedelta(seconds=seconds)
    make_consultation(opens_at=noon - dt.timedelta(days=1), closes_at=soon)
    closing = shared_pages.seconds_left()
    make_consultation(opens_at=soon, closes_at=None)

    assert closing == shared_pages.seconds_left() == min(60, int(seconds))


def test_no_page_is_kept_past_the_begin_or_end_of_an_event(noon):
    home = HomePage.objects.get(locale__language_code="en")
    make_event(add(home, EventsPage(title="Events")), begins_at=noon + dt.timedelta(seconds=9))

    assert shared_pages.seconds_left() == 9


def test_no_page_is_kept_into_the_next_day_where_the_site_is(time_machine):
    time_machine.move_to(dt.datetime(2026, 6, 10, 22, 59, 55, tzinfo=dt.UTC), tick=False)  # summer time

    assert shared_pages.seconds_left() == 5


def test_whatever_happens_by_itself_lies_ahead(noon):
    make_consultation(opens_at=noon - dt.timedelta(days=9), closes_at=noon - dt.timedelta(seconds=1))

    assert shared_pages.seconds_left() == 60
