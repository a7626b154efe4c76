"""What pages show of the plan's records, each in a fixed number of queries however many there are."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch, Value
from django.db.models.functions import Length, Substr
from wagtail.models import Page

from consultation.access import is_public
from consultation.models import Theme
from home.models.action import Action, SupportingPartner
from home.models.indicator import Indicator
from home.models.partner import Partner
from home.models.record import put_in_words
from home.models.theme_links import ThemeLink, theme_links
from home.models.working_group import WorkingGroupPage


def indicators(theme: Theme, language: str) -> list[Indicator]:
    """What is measured for a theme, in its order and a reader's words. Four queries at most."""
    found = list(Indicator.shown().filter(theme=theme).prefetch_related("values"))
    put_in_words(found, language)
    return found


def has_page(theme: Theme, language: str) -> bool:
    """Whether a page of the theme shows its records to everybody in that language."""
    pages = Page.objects.live().filter(is_public(), translation_key=theme.key, locale__language_code=language)
    return bool(pages.exists())


def actions(theme: Theme, language: str) -> list[Action]:
    """What is done for a theme: what is under way first, what is done last. Six queries at most."""
    rows = SupportingPartner.objects.select_related("partner").order_by("sort_order", "pk")
    found = list(
        Action.shown().filter(theme=theme).select_related("lead").prefetch_related(Prefetch("supporting", rows))
    )
    put_in_words(found, language)
    put_in_words([partner for action in found for partner in action.shown_partners], language)
    return sorted(found, key=lambda action: Action.ORDER.index(Action.Status(action.status)))


@dataclass(frozen=True)
class StatusCount:
    """How many actions are in a state, in numbers and words."""

    status: str
    label: str
    number: int


def progress(themes: Collection[uuid.UUID]) -> list[StatusCount]:
    """How many actions of these themes are in each state, those that are done first. One query."""
    found = Counter(Action.shown().filter(theme__key__in=themes).values_list("status", flat=True))
    first_done = sorted(Action.ORDER, key=lambda status: status != Action.Status.DONE)
    return [StatusCount(s.value, str(s.label), found[s.value]) for s in first_done if found[s.value]]


@dataclass(frozen=True)
class Led:
    """An action beside the partner that answers for it."""

    action: Action
    theme: ThemeLink


@dataclass(frozen=True)
class PartnerEntry:
    """A partner in the list of partners, with what it leads."""

    partner: Partner
    leads: list[Led]


def partners(language: str) -> list[PartnerEntry]:
    """Partners of today and former ones by name, in a reader's words. Six queries at most.

    What they lead is told where the theme has a page for everybody.
    """
    found = [partner for partner in Partner.shown() if partner.is_partner or partner.is_former]
    led = list(Action.shown().filter(lead__in=found).select_related("theme")) if found else []
    put_in_words(found, language)
    put_in_words(led, language)
    links = theme_links({action.theme for action in led}, language)
    by_lead: defaultdict[int | None, list[Led]] = defaultdict(list)
    for action in led:
        link = links.get(action.theme.key)
        if link is not None and link.url:
            by_lead[action.lead_id].append(Led(action, link))
    return [PartnerEntry(partner, by_lead[partner.pk]) for partner in found]


@dataclass(frozen=True)
class GroupEntry:
    """A working group beside its theme."""

    page: WorkingGroupPage
    language: str  # the page's, which is the site's own where there is none in the reader's


def working_groups(themes: Iterable[Page], language: str) -> dict[uuid.UUID, GroupEntry]:
    """The working groups of these theme pages by the theme's key. Two queries."""
    keys = {theme.translation_key for theme in themes}
    languages = {language, settings.LANGUAGE_CODE}
    above = Page.objects.live().filter(
        is_public(), translation_key__in=keys, locale__language_code__in=languages, alias_of=None
    )
    parents = {
        path: (code, key) for path, code, key in above.values_list("path", "locale__language_code", "translation_key")
    }
    groups = (
        WorkingGroupPage.objects.live()
        .filter(is_public(), alias_of=None)
        .annotate(above=Substr("path", Value(1), Length("path") - Page.steplen))
        .filter(above__in=parents)
        .order_by("path")
        .defer_streamfields()
    )
    found: dict[uuid.UUID, GroupEntry] = {}
    for page in groups if parents else ():
        code, key = parents[page.above]
        if key not in found or (code == language != found[key].language):
            found[key] = GroupEntry(page, code)
    return found
