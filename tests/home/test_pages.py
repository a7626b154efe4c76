"""The public pages: each renders, none sets a cookie, and none asks more the more there is."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page

from home.models import (
    ConsultationIndexPage,
    EventPage,
    EventsPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    NewsTheme,
    PartnersPage,
    PlanPage,
    StandardPage,
    ThemePage,
    WorkingGroupPage,
)
from tests.factories import make_consultation_page, make_themes, translate

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def add(parent, page):
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def site_of_one_each(home):
    soon = timezone.now() + dt.timedelta(days=1)
    plan = add(home, PlanPage(title="The plan", slug="plan"))
    news = add(home, NewsIndexPage(title="News", slug="news"))
    theme = add(plan, ThemePage(title="Theme", slug="theme", number=1))
    return [
        home,
        plan,
        theme,
        news,
        add(theme, WorkingGroupPage(title="Group", slug="group")),
        add(plan, PartnersPage(title="Partners", slug="partners")),
        add(news, NewsPage(title="Item", slug="item")),
        add(home, StandardPage(title="Contact", slug="contact", in_footer=True)),
        events := add(home, EventsPage(title="Events", slug="events")),
        add(events, EventPage(title="Event", slug="event", place="Hall", begins_at=soon, ends_at=soon + HOUR)),
        add(home, ConsultationIndexPage(title="Consultations", slug="consultations")),
        make_consultation_page(),
    ]


@pytest.mark.parametrize("title", ["News", "Connected"])
def test_where_there_is_no_news_in_a_language_that_alone_is_said(home, visitor, at_once, title):
    index = add(home, NewsIndexPage(title="News", slug="news"))
    shown = {"News": index, "Connected": home}[title]
    assert "There is no news yet." in visitor.get(shown.url).content.decode()

    for page in (home, index):
        translate(page, "ga", {})

    irish = shown.get_translation(Locale.objects.get(language_code="ga"))
    assert "Níl nuacht ar bith sa teanga seo go fóill." in visitor.get(irish.url).content.decode()


def test_every_kind_of_page_shows_its_title_even_when_it_is_empty(site_of_one_each, visitor):
    for page in site_of_one_each:
        shown = visitor.get(page.url)
        assert shown.status_code == 200, page
        assert page.title in shown.content.decode()


def test_every_kind_of_page_can_be_previewed_before_it_is_live(site_of_one_each, administrator_client):
    for page in site_of_one_each:
        draft = type(page)(title="Draft", slug=f"draft-{page.pk}", locale=page.locale)
        for field in ("number", "opens_at", "begins_at", "ends_at", "place"):
            if hasattr(page, field):
                setattr(draft, field, getattr(page, field))
        draft.live = False
        Page.objects.get(pk=page.get_parent().pk).specific.add_child(instance=draft)
        draft.save_revision()
        shown = administrator_client.get(f"/admin/pages/{draft.pk}/view_draft/")
        assert shown.status_code == 200, page


def test_readers_get_no_cookie_and_a_strict_policy(site_of_one_each, visitor):
    for page in site_of_one_each:
        shown = visitor.get(page.url)
        assert not shown.cookies
        policy = shown["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)


def test_pages_ask_the_same_with_one_and_with_fifty_items(site_of_one_each, visitor):
    home, plan, theme, news, *_rest = site_of_one_each
    before = {page.url: queries(visitor, page.url) for page in site_of_one_each}
    shared = make_themes()

    for number in range(2, 51):
        add(news, NewsPage(title=f"Item {number}", slug=f"item-{number}", themes=[NewsTheme(theme=shared[number % 2])]))
    for number in range(5):
        make_consultation_page(title=f"Consultation {number}")

    for page in site_of_one_each:
        assert queries(visitor, page.url) <= before[page.url] + 2, page


@pytest.mark.parametrize(
    "address", ["/en/?q=%00", "/en/nothing/%00/", "/%ff/", "/en/news/?page=%00", "/en/news/?page=9999"]
)
@pytest.mark.parametrize("cookie", ["", "\\000", "x" * 5000])
def test_strange_requests_break_nothing(site_of_one_each, visitor, address, cookie):
    shown = visitor.get(address, headers={"cookie": f'sessionid="{cookie}"'} if cookie else {})

    assert shown.status_code < 500


def test_a_preview_can_be_shown_in_the_editors_frame(site_of_one_each, administrator_client):
    shown = administrator_client.get(f"/admin/pages/{site_of_one_each[1].pk}/view_draft/")

    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "unsafe" not in shown["Content-Security-Policy"]  # as a reader gets it


def test_script_in_an_attribute_runs_nowhere_not_even_in_the_admin(administrator_client):
    shown = administrator_client.get("/admin/")

    assert "script-src-attr 'none'" in shown["Content-Security-Policy"]


def test_a_consultation_without_questions_offers_no_form(visitor):
    page = make_consultation_page(questionnaire=[])

    assert "/answer/" not in visitor.get(page.url).content.decode()


def test_pages_of_the_foot_that_are_not_translated_are_linked_in_the_original(site_of_one_each, home, visitor):
    irish = home.copy_for_translation(Locale.objects.get(language_code="ga"))
    irish.title = "Baile"
    irish.save_revision().publish()

    shown = visitor.get(irish.url).content.decode()

    assert 'href="/en/contact/" lang="en"' in shown


def test_tick_publishes_what_editors_scheduled(home):
    page = StandardPage(title="Later", slug="later", live=False, go_live_at=timezone.now() - dt.timedelta(minutes=1))
    home.add_child(instance=page)
    page.save_revision(approved_go_live_at=page.go_live_at)

    call_command("tick")

    assert Page.objects.get(pk=page.pk).live
