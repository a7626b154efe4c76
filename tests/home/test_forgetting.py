"""Whatever changes what the public sees lets the proxies forget, once and after the commit; nothing else does."""

import pytest
from django.db import transaction
from wagtail.models import PageViewRestriction, Site

from home import forgetting
from home.models import HomePage, SiteLook, StandardPage
from tests.home.test_pages import add
from tests.ideas import decide, make_idea

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(settings, monkeypatch):
    """How often the proxies were told."""
    settings.WAGTAILFRONTENDCACHE = {"it": {"BACKEND": "home.forgetting.Proxy", "LOCATION": "http://127.0.0.1:9"}}
    calls: list[str] = []
    monkeypatch.setattr(forgetting.Proxy, "purge_batch", lambda self, urls: calls.append("told"))
    return calls


@pytest.fixture
def page(told):
    made = add(HomePage.objects.get(locale__language_code="en"), StandardPage(title="Contact", slug="canary"))
    told.clear()
    return made


def publish(page):
    page.save_revision().publish()


def restrict(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def look(page):
    SiteLook.for_site(Site.objects.get()).save()


@pytest.mark.parametrize("change", [publish, restrict, look, lambda page: page.unpublish(), lambda page: page.delete()])
def test_what_the_public_sees_is_forgotten_when_it_changes(page, told, change):
    change(page)

    assert told


def test_a_draft_changes_nothing(page, told):
    page.title = "A thought"
    page.save_revision()

    assert told == []


def test_the_proxies_are_told_after_the_commit_and_once(page, told):
    with transaction.atomic():
        restrict(page)
        look(page)
        publish(page)
        assert told == []

    assert told == ["told"]


def test_what_is_taken_back_is_not_told(page, told):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        restrict(page)
        raise ZeroDivisionError

    assert told == []


def test_an_idea_that_somebody_sends_changes_nothing_until_somebody_decides_on_it(told, administrator):
    idea = make_idea(moderated="new")
    assert told == []

    decide(idea, administrator, moderation="shown")
    assert told == ["told"]


def test_nobody_is_told_where_there_is_no_proxy(page, told, settings):
    settings.WAGTAILFRONTENDCACHE = {}

    publish(page)

    assert told == []
