"""A page that is moved or renamed is found at its old address, too, in every language."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale

from home.models import ConsultationPage, HomePage, StandardPage
from tests.factories import make_consultation_page, translate
from tests.home.test_pages import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """Publish a page under another address, with what Wagtail does after the commit."""

    def publish(page, slug):
        page = type(page).objects.get(pk=page.pk)
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        return type(page).objects.get(pk=page.pk)

    return publish


def leads_to(client, old, new):
    answer = client.get(old)
    assert (answer.status_code, answer.get("Location")) == (301, new)
    assert client.get(new).status_code == 200


def test_a_consultation_that_is_renamed_is_found_at_its_old_address(rename, visitor):
    page = make_consultation_page()
    old = page.url

    new = rename(page, "renamed").url

    assert old != new
    leads_to(visitor, old, new)


def test_its_translation_that_is_renamed_is_found_at_its_old_address(home, rename, at_once, visitor):
    page = make_consultation_page()
    for original in (home, page.get_parent().specific, page):
        translate(original, "ga", {})
    irish = page.get_translation(Locale.objects.get(language_code="ga"))
    old = irish.url
    assert old.startswith("/ga/")

    new = rename(irish, "plean").url

    leads_to(visitor, old, new)
    assert visitor.get(page.url).status_code == 200


def test_what_is_below_a_renamed_page_is_found_at_its_old_address(rename, visitor):
    page = make_consultation_page()
    old = page.url

    rename(page.get_parent().specific, "have-your-say")

    leads_to(visitor, old, "/en/have-your-say/the-towns-plan/")


def test_a_page_that_is_moved_is_found_at_its_old_address(home, visitor):
    first, second = add(home, StandardPage(title="First")), add(home, StandardPage(title="Second"))
    page = add(first, StandardPage(title="Page"))

    StandardPage.objects.get(pk=page.pk).move(StandardPage.objects.get(pk=second.pk), pos="last-child")

    leads_to(visitor, "/en/first/page/", "/en/second/page/")


def test_a_page_that_comes_to_the_old_address_is_shown_there(rename, visitor):
    page = make_consultation_page()
    old = page.url
    rename(page, "renamed")

    index = page.get_parent().specific
    add(index, ConsultationPage(title="New", slug=page.slug, opens_at=page.opens_at))

    assert visitor.get(old).status_code == 200


def test_a_draft_with_another_address_changes_nothing(visitor):
    page = make_consultation_page()

    page.slug = "renamed"
    page.save_revision()

    assert not Redirect.objects.exists()
    assert visitor.get(page.get_parent().url + "the-towns-plan/").status_code == 200
