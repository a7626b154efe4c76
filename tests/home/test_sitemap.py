"""What search engines are told, and nothing of what is not for everybody."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from home.models import HomePage, StandardPage
from tests.factories import make_consultation_page, translate
from tests.home.test_pages import add

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


def read(client):
    shown = client.get("/sitemap.xml")
    assert shown.status_code == 200
    assert shown["Content-Type"] == "application/xml"
    assert not shown.cookies
    found = {}
    for url in ElementTree.fromstring(shown.content).findall("s:url", NAMES):
        links = url.findall("x:link", NAMES)
        found[url.find("s:loc", NAMES).text] = {link.get("hreflang"): link.get("href") for link in links}
    return found


def test_every_page_that_everybody_may_read_is_in_the_map_and_answering_is_not(home, visitor):
    page = make_consultation_page()

    assert set(read(visitor)) == {home.full_url, page.get_parent().full_url, page.full_url}


def test_each_language_is_in_it_and_names_the_others(home, at_once, visitor):
    page = add(home, StandardPage(title="Contact", slug="contact"))
    for original in (home, page):
        translate(original, "ga", {})
    addresses = {"en": "http://localhost/en/contact/", "ga": "http://localhost/ga/contact/"}

    found = read(visitor)

    assert found[addresses["en"]] == found[addresses["ga"]] == addresses


def test_a_page_in_one_language_names_no_other(home, visitor):
    assert read(visitor)[home.full_url] == {}


def test_drafts_aliases_and_what_is_not_for_everybody_are_not_in_it(home, at_once, visitor):
    draft = add(home, StandardPage(title="Draft"))
    draft.unpublish()
    shown = add(home, StandardPage(title="Shown"))
    shown.create_alias(update_slug="alias")
    hidden = add(home, StandardPage(title="Hidden"))
    below = add(hidden, StandardPage(title="Below"))
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    assert set(read(visitor)) == {home.full_url, shown.full_url}
    assert below.live


def test_a_translation_that_is_not_for_everybody_is_not_named(home, at_once, visitor):
    page = add(home, StandardPage(title="Contact", slug="contact"))
    for original in (home, page):
        translate(original, "ga", {})
    irish = Page.objects.get(locale__language_code="ga", slug="contact")
    PageViewRestriction.objects.create(page=irish, restriction_type=PageViewRestriction.LOGIN)

    assert read(visitor)[page.full_url] == {}


def test_it_asks_the_same_with_one_and_with_fifty_pages(home, visitor):
    def queries():
        read(visitor)
        with CaptureQueriesContext(connection) as asked:
            read(visitor)
        return len(asked)

    before = queries()
    for number in range(50):
        add(home, StandardPage(title=f"Page {number}"))

    assert len(read(visitor)) == 51
    assert queries() == before


@pytest.mark.parametrize("page", ["0", "2", "x", "\0"])
def test_a_page_of_the_map_that_is_not_there_is_not_found(visitor, page):
    assert visitor.get("/sitemap.xml", {"p": page}).status_code == 404


def test_robots_are_told_where_the_map_is_and_what_to_leave_alone(visitor):
    shown = visitor.get("/robots.txt")

    assert shown["Content-Type"] == "text/plain; charset=utf-8"
    assert shown.content.decode().split("\n") == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /answer/",
        "Disallow: /paper/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
        "",
    ]
