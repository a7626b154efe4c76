"""What pages list: consultations and news, each in a fixed number of queries however many there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from consultation.access import is_public
from consultation.models import Consultation, State, Theme
from home.models.base import BasePage
from home.models.consultation import ConsultationPage
from home.models.news import NewsPage, NewsTheme
from home.models.theme_links import ThemeLink, theme_links


@dataclass(frozen=True)
class ConsultationEntry:
    """A consultation in a list, with the page that suits the reader."""

    page: ConsultationPage
    consultation: Consultation
    state: State
    language: str  # the page's, which is the leading one where no translation is live


def consultations(language: str, *, theme: Theme | None = None) -> list[ConsultationEntry]:
    """Every consultation whose leading page is live, the most pressing one first. Two queries.

    With a theme, only those that ask about it.
    """
    records = Consultation.objects.filter(questions__theme=theme).distinct() if theme else Consultation.objects.all()
    known = {record.key: record for record in records}
    pages = ConsultationPage.objects.live().filter(is_public(), translation_key__in=known, alias_of__isnull=True)
    by_language: defaultdict[str, dict[object, ConsultationPage]] = defaultdict(dict)
    for page in pages.select_related("locale").defer_streamfields() if known else ():
        by_language[page.locale.language_code][page.translation_key] = page
    entries = []
    for key, record in known.items():
        leading = by_language[record.language].get(key)
        if leading is not None:
            page = by_language[language].get(key, leading)
            entries.append(ConsultationEntry(page, record, record.state(), page.locale.language_code))
    return sorted(entries, key=_urgency)


def _urgency(entry: ConsultationEntry) -> tuple[int, float]:
    """What closes first, then what is always open, paused or not, then what opens first, then the latest to close or
    to have its outcome published.
    """
    opens, closes = entry.consultation.opens_at.timestamp(), entry.consultation.closes_at
    if entry.state == State.OUTCOME and entry.consultation.outcome_on:
        return 3, -dt.datetime.combine(entry.consultation.outcome_on, dt.time.min).timestamp()
    if entry.state in (State.OPEN, State.PAUSED):
        return (0, closes.timestamp()) if closes else (1, opens)
    return (2, opens) if closes is None or entry.state == State.FORTHCOMING else (3, -closes.timestamp())


@dataclass(frozen=True)
class NewsItem:
    """A news page in a list, with its themes."""

    page: NewsPage
    themes: list[ThemeLink]


def latest_news(page: BasePage, *, theme: Theme | None = None) -> QuerySet[NewsPage]:
    """The news in the language of that page's part of the site, the latest first; with a theme, only its news."""
    news = NewsPage.objects.live().filter(is_public(), locale_id=page.locale_id)
    found: QuerySet[NewsPage] = news.defer_streamfields().order_by("-date", "-pk")
    return found.filter(themes__theme=theme).distinct() if theme else found


def news_items(pages: Iterable[NewsPage], language: str) -> list[NewsItem]:
    """Put their themes beside these news pages. Two queries."""
    shown = list(pages)
    belongs: defaultdict[int, list[Theme]] = defaultdict(list)
    for row in NewsTheme.objects.filter(page__in=shown).select_related("theme") if shown else ():
        belongs[row.page_id].append(row.theme)
    links = theme_links({theme for themes in belongs.values() for theme in themes}, language)
    return [NewsItem(page, [links[theme.key] for theme in belongs[page.pk] if theme.key in links]) for page in shown]
