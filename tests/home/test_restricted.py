"""A page that is not for everybody: no other page tells its title, its words or its address."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from consultation.access import is_public
from consultation.models import Theme
from home.models import (
    ConsultationIndexPage,
    ConsultationPage,
    EventPage,
    EventsPage,
    EventTheme,
    HomePage,
    IdeasPage,
    NewsIndexPage,
    NewsPage,
    NewsTheme,
    PartnersPage,
    PlanPage,
    StandardPage,
    ThemePage,
    WorkingGroupPage,
)
from home.models.base import BasePage
from tests.factories import make_consultation_page
from tests.home.test_events import make_event
from tests.home.test_pages import add
from tests.ideas import make_idea
from tests.plan import make_action, make_indicator, make_partner

pytestmark = pytest.mark.django_db

TYPES = [page_type for page_type in BasePage.__subclasses__() if not page_type._meta.abstract] + [ConsultationPage]
BELOW_HOME = [page_type for page_type in TYPES if page_type is not HomePage]


def restrict(page):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def fields(page_type):
    """What a page of a type needs, and all that could show it."""
    name = page_type.__name__.lower()
    words = {"title": f"Canary {name}", "slug": f"canary-{name}", "summary": "Canary words", "show_in_menus": True}
    more = {
        ConsultationPage: {"opens_at": timezone.now()},
        EventPage: {
            "begins_at": timezone.now() + dt.timedelta(days=1),
            "ends_at": timezone.now() + dt.timedelta(days=2),
            "place": "Canary place",
            "consultation": ConsultationPage.objects.filter(locale__language_code="en").first(),
            "themes": [EventTheme(theme=theme) for theme in Theme.objects.all()],
        },
        HomePage: {"heading": "Canary heading"},
        NewsPage: {"themes": [NewsTheme(theme=theme) for theme in Theme.objects.all()]},
        PlanPage: {"vision": "Canary vision"},
        StandardPage: {"in_footer": True},
        ThemePage: {"number": 7},
    }
    return words | more.get(page_type, {})


PARENTS = {
    EventPage: EventsPage,
    NewsPage: NewsIndexPage,
    ConsultationPage: ConsultationIndexPage,
    ThemePage: PlanPage,
    WorkingGroupPage: ThemePage,
}


@pytest.fixture
def open_pages():
    """A page of each type in the site's own language and in Irish, the texts of which everybody may read."""
    home = HomePage.objects.get(locale__language_code="en")
    index, plan = add(home, NewsIndexPage(title="News")), add(home, PlanPage(title="Plan"))
    theme = add(plan, ThemePage(title="Theme", number=1))
    pages = [
        home,
        plan,
        theme,
        index,
        add(index, NewsPage(title="Item", themes=[NewsTheme(theme=Theme.objects.get(name="Theme"))])),
        add(home, StandardPage(title="Contact", in_footer=True)),
        events := add(home, EventsPage(title="Events")),
        make_event(events, "Event"),
        add(home, IdeasPage(title="Ideas")),
        add(home, PartnersPage(title="Partners")),
        add(theme, WorkingGroupPage(title="Group")),
    ]
    page = make_consultation_page()
    pages += [page.get_parent().specific, page]
    irish = Locale.objects.get(language_code="ga")
    return pages + [publish(page.copy_for_translation(irish)) for page in pages]


def publish(page):
    page.save_revision().publish()
    return page


BESIDE_PAGES = [
    *(
        f"/{language}/{address}"
        for language in ("en", "ga")
        for address in ("search/?q=words", "news.atom", "events.ics")
    ),
    "/sitemap.xml",
    "/ideas/en/",
    "/ideas/ga/",
    "/en/nothing/",
]


def shown(visitor):
    """What everybody sees, by address: each page, the ideas of each theme, the form for ideas, what lists pages outside
    of the tree, and an error.
    """
    pages = [page.url for page in Page.objects.live().public().filter(depth__gt=1)]
    ideas = [
        f"{page.url}?theme={theme.pk}" for page in IdeasPage.objects.live().public() for theme in Theme.objects.all()
    ]
    past = [f"{page.url}?when=past" for page in EventsPage.objects.live().public()]
    found = {url: visitor.get(url) for url in [*pages, *ideas, *past, *BESIDE_PAGES]}
    assert {answer.status_code for answer in found.values()} <= {200, 404}
    assert len([answer for answer in found.values() if answer.status_code == 200]) >= 10
    return {url: answer.content.decode() for url, answer in found.items()}


def telling(visitor):
    """The addresses, and the words that tell."""
    texts = shown(visitor)
    return {url: found for url, text in texts.items() if (found := set(re.findall("canary.{20}", text, re.I | re.S)))}


@pytest.mark.parametrize("language", ["en", "ga"])
def test_no_page_tells_of_one_that_is_not_for_everybody(language, open_pages, visitor):
    """One of each type, and a home page in a third language."""
    home = HomePage.objects.get(locale__language_code=language)
    polish = Locale.objects.get(language_code="pl")
    hidden = [add(home.get_parent(), HomePage(locale=polish, **fields(HomePage)))]
    for page_type in BELOW_HOME:
        parent = PARENTS.get(page_type, HomePage).objects.filter(locale=home.locale).first()
        hidden.append(add(parent, page_type(locale=home.locale, **fields(page_type))))
    for theme in Theme.objects.filter(key__in=[page.translation_key for page in hidden]):
        make_idea(theme=theme)
        NewsTheme.objects.create(page=NewsPage.objects.public().first(), theme=theme)
        page = next(page for page in hidden if page.translation_key == theme.key)
        make_action(page, title="Canary action of a theme", lead=make_partner("Demo Trust"))
        make_indicator(page, (2024, 3), title="Canary indicator of a theme")
    assert telling(visitor)
    for page in hidden:
        restrict(page)

    assert telling(visitor) == {}


@pytest.mark.parametrize("types", [BELOW_HOME, [HomePage]], ids=["below", "home"])
def test_a_page_does_not_tell_of_its_translation_that_is_not_for_everybody(types, open_pages, visitor):
    hidden = [page_type.objects.get(locale__language_code="ga") for page_type in types]
    for page in hidden:
        page.title, page.slug, page.summary = "Canary title", f"canary-{page.pk}", "Canary words"
        publish(page)
    assert telling(visitor)
    for page in hidden:
        restrict(page)

    assert telling(visitor) == {}


def test_who_reads_a_page_that_is_not_for_everybody_still_finds_its_translations(open_pages, editor_client):
    page, translated = (StandardPage.objects.get(locale__language_code=code) for code in ("en", "ga"))
    restrict(page)
    restrict(translated)

    assert f'href="{translated.url}"' in editor_client.get(page.url).content.decode()


def test_a_theme_that_is_public_in_the_readers_language_alone_has_that_name(open_pages, visitor):
    theme = ThemePage.objects.get(locale__language_code="ga")
    theme.title = "Téama"
    publish(theme)
    restrict(ThemePage.objects.get(locale__language_code="en"))

    assert "Téama" in visitor.get("/ideas/ga/").content.decode()
    assert "Theme</label>" not in visitor.get("/ideas/en/").content.decode()


def test_ideas_are_counted_whether_or_not_their_theme_is_for_everybody(open_pages, visitor):
    make_idea(theme=Theme.objects.get(name="Theme"))
    restrict(ThemePage.objects.get(locale__language_code="en"))

    text = visitor.get(IdeasPage.objects.get(locale__language_code="en").url).content.decode()

    assert "All themes (1)" in text
    assert "More trees" in text


def test_what_is_public_is_what_wagtail_calls_so(open_pages):
    news = NewsIndexPage.objects.get(locale__language_code="en")
    restrict(news)
    restrict(HomePage.objects.get(locale__language_code="ga"))

    assert list(Page.objects.filter(is_public())) == list(Page.objects.public())
    assert not NewsPage.objects.filter(is_public()).exists()
