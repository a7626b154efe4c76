"""The feed: what is new for everybody in a language, well-formed whatever an editor typed."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from home.models import HomePage, NewsIndexPage, NewsPage
from tests.factories import make_consultation_page, translate
from tests.home.test_pages import add

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def index(home):
    return add(home, NewsIndexPage(title="News", slug="news"))


def read(client, language="en"):
    feed = client.get(f"/{language}/news.atom")
    assert feed.status_code == 200
    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not feed.cookies
    return ElementTree.fromstring(feed.content)


def titles(feed):
    return [title.text for title in feed.findall("a:entry/a:title", ATOM)]


def test_it_tells_the_news_and_what_has_opened_with_the_latest_first(index, visitor):
    today = timezone.localdate()
    add(index, NewsPage(title="Older", date=today - dt.timedelta(days=40)))
    add(index, NewsPage(title="Newer", date=today - dt.timedelta(days=2)))
    make_consultation_page(title="Opened", opens_at=timezone.now() - dt.timedelta(days=20))
    make_consultation_page(title="Opens later", opens_at=timezone.now() + dt.timedelta(days=2))

    assert titles(read(visitor)) == ["Newer", "Opened", "Older"]


def test_an_entry_has_its_address_its_date_its_words_and_an_id_that_stays(index, visitor):
    page = add(index, NewsPage(title="Item", summary="What <b>happened</b> & why", date=dt.date(2026, 7, 1)))
    before = read(visitor).find("a:entry", ATOM)

    page.slug = "moved"
    page.save_revision().publish()

    entry = read(visitor).find("a:entry", ATOM)
    assert entry.find("a:link", ATOM).get("href") == NewsPage.objects.get().full_url
    assert entry.find("a:published", ATOM).text == "2026-07-01T00:00:00+01:00"
    assert entry.find("a:summary", ATOM).text == "What &lt;b&gt;happened&lt;/b&gt; &amp; why"
    assert entry.find("a:id", ATOM).text == before.find("a:id", ATOM).text
    assert entry.find("a:link", ATOM).get("href") != before.find("a:link", ATOM).get("href")


def test_it_names_its_language_its_own_address_and_who_speaks(index, visitor):
    feed = read(visitor)

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert feed.find("a:link[@rel='self']", ATOM).get("href").endswith("/en/news.atom")
    assert feed.find("a:author/a:name", ATOM).text == "Connected"


def test_each_language_has_its_own(index, home, at_once, visitor):
    page = add(index, NewsPage(title="Item"))
    consultation = make_consultation_page()
    for original in (home, index, page, consultation.get_parent().specific):
        translate(original, "ga", {"Item": "Nuacht"})

    assert titles(read(visitor, "ga")) == ["Nuacht"]
    assert visitor.get("/pl/news.atom").status_code == 404


def test_drafts_aliases_what_is_scheduled_and_what_is_not_for_everybody_are_not_in_it(index, home, visitor):
    draft, hidden = add(index, NewsPage(title="Draft")), add(index, NewsPage(title="Hidden"))
    draft.unpublish()
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    shown = add(index, NewsPage(title="Shown"))
    shown.create_alias(update_slug="alias")
    later = NewsPage(title="Later", live=False, go_live_at=timezone.now() - dt.timedelta(minutes=1))
    index.refresh_from_db()
    index.add_child(instance=later)
    later.save_revision(approved_go_live_at=later.go_live_at)

    assert titles(read(visitor)) == ["Shown"]

    call_command("tick")
    assert set(titles(read(visitor))) == {"Shown", "Later"}


def test_characters_that_no_feed_may_hold_do_not_break_it(index, visitor):
    page = add(index, NewsPage(title="A title"))
    NewsPage.objects.filter(pk=page.pk).update(title="A\x0b title ]]> & <", summary="\x1b[31m\x07")

    assert titles(read(visitor)) == ["A title ]]> & <"]


def test_an_empty_feed_is_one(home, visitor):
    assert titles(read(visitor)) == []


def test_home_and_the_list_of_news_name_it(index, home, visitor):
    for page in (home, index):
        shown = " ".join(visitor.get(page.url).content.decode().split())
        assert '<link rel="alternate" type="application/atom+xml"' in shown
        assert 'href="/en/news.atom">' in shown


def test_it_asks_the_same_with_one_and_with_fifty_items(index, visitor):
    def queries():
        read(visitor)
        with CaptureQueriesContext(connection) as asked:
            read(visitor)
        return len(asked)

    add(index, NewsPage(title="Item"))
    make_consultation_page()
    before = queries()

    for number in range(50):
        add(index, NewsPage(title=f"Item {number}"))
    for number in range(5):
        make_consultation_page(title=f"Consultation {number}")

    assert len(titles(read(visitor))) == 30
    assert queries() == before


def test_irish_news_is_not_in_the_english_feed(index, home, at_once, visitor):
    page = add(index, NewsPage(title="Item"))
    for original in (home, index, page):
        translate(original, "ga", {"Item": "Nuacht"})
    irish = Locale.objects.get(language_code="ga")

    assert page.get_translation(irish).live
    assert titles(read(visitor)) == ["Item"]
