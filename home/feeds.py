"""The Atom feed of a language: its news, the consultations that have opened and their results, the latest first."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation import results
from consultation.access import is_public
from consultation.models import ResultEdition, State
from consultation.text import clean
from home.models import HomePage, SiteLook
from home.models.base import BasePage
from home.models.listing import consultations, latest_news

MOST = 30  # entries
HAVE_OPENED = {State.OPEN, State.PAUSED, State.CLOSED, State.OUTCOME}


@dataclass(frozen=True)
class Entry:
    """Something that happened."""

    page: BasePage
    kind: str
    at: dt.datetime
    address: str = ""  # below the site, where it is not the page's own


@dataclass(frozen=True)
class Source:
    """What the feed is of."""

    home: HomePage
    name: str
    council: str


def latest(home: HomePage, language: str) -> list[Entry]:
    """What a feed tells in a language. Five queries."""
    zone = timezone.get_default_timezone()
    news = [
        Entry(page, _("News"), dt.datetime.combine(page.date, dt.time.min, zone))
        for page in latest_news(home).filter(alias_of=None)[:MOST]
    ]
    own = {entry.consultation.pk: entry for entry in consultations(language) if entry.language == language}
    opened = [
        Entry(entry.page, _("Consultation"), entry.consultation.opens_at)
        for entry in own.values()
        if entry.state in HAVE_OPENED
    ]
    published = [
        Entry(own[edition.result.consultation_id].page, _("Results"), edition.result.published_at, _address(edition))
        for edition in results.editions()
        if edition.language == language and edition.result.consultation_id in own
    ]
    return sorted([*news, *opened, *published], key=lambda entry: entry.at, reverse=True)[:MOST]


def _address(edition: ResultEdition) -> str:
    return reverse("results:version", args=[edition.result.consultation_id, edition.language, edition.result.number])


class NewsFeed(Feed):  # type: ignore[type-arg]  # which it takes in the stubs alone
    """Only what everybody may read is in it; what is scheduled comes when it is published."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Source:
        """The home page of the address's language; without one that everybody may read there is no feed."""
        homes = HomePage.objects.live().filter(is_public(), locale__language_code=get_language())
        look = SiteLook.for_request(request)
        return Source(get_object_or_404(homes.order_by("path")[:1]), look.name, look.council)

    def title(self, source: Source) -> str:
        """The site's name, and what it tells."""
        return _text(_("%(site)s: news and consultations") % {"site": source.name})

    def author_name(self, source: Source) -> str:
        """Atom requires one."""
        return _text(source.council or source.name)

    def link(self, source: Source) -> str:
        """The home page."""
        return str(source.home.full_url)

    def items(self, source: Source) -> list[Entry]:
        """The latest."""
        return latest(source.home, str(get_language()))

    def item_title(self, item: Entry) -> str:
        """Plain text."""
        return _text(_("Results: %(title)s") % {"title": item.page.title} if item.address else item.page.title)

    def item_description(self, item: Entry) -> str:
        """Atom takes a summary for HTML."""
        return escape(_text(item.page.summary))

    def item_link(self, item: Entry) -> str:
        """The page, or what belongs to it."""
        return item.address or str(item.page.full_url)

    def item_guid(self, item: Entry) -> str:
        """Stays when the page is moved."""
        return uuid.uuid5(item.page.translation_key, item.address or str(get_language())).urn

    def item_pubdate(self, item: Entry) -> dt.datetime:
        """The date that readers see."""
        return item.at

    def item_updateddate(self, item: Entry) -> dt.datetime:
        """When it was last published."""
        return item.at if item.address else max(item.at, item.page.last_published_at or item.at)

    def item_categories(self, item: Entry) -> list[str]:
        """What it is."""
        return [item.kind]


def _text(text: str) -> str:
    """XML refuses some characters."""
    return clean(text)[0]
