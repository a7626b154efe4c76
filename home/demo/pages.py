"""Adds the demonstration's pages where they are missing, found by a lasting key; one that exists is never changed."""

import datetime as dt
from typing import Any, TypeVar, cast

from django.utils import timezone
from wagtail.models import Locale, Page, Site

from consultation.models import Consultation, Theme
from home.demo import questionnaires, texts
from home.demo.blocks import Raw, body, key
from home.models import (
    ConsultationIndexPage,
    ConsultationPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    NewsTheme,
    PlanPage,
    SiteLook,
    StandardPage,
    ThemePage,
)

P = TypeVar("P", bound=Page)


def find(name: str) -> Page | None:
    """The page of that name in English, if it is there."""
    page: Page | None = Page.objects.filter(translation_key=key(name), locale=Locale.get_default()).first()
    return page.specific if page else None


def add(parent: Page, model: type[P], name: str, **fields: Any) -> P:
    """Publish a page below its parent, unless one of that name is there already."""
    found = find(name)
    if found is not None:
        return cast(P, found)
    page: P = model(translation_key=key(name), locale=Locale.get_default(), slug=name.rsplit("/", 1)[-1], **fields)
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def add_all() -> HomePage:
    """Add every page, parents first, and return the home page."""
    home = _home()
    plan = _plan(home)
    for number, text in enumerate(texts.THEMES, 1):
        add(
            plan,
            ThemePage,
            f"theme/{text.key}",
            title=text.title,
            number=number,
            summary=text.summary,
            introduction=text.introduction,
            outcomes=body(f"theme/{text.key}/outcomes", *(("outcome", outcome) for outcome in text.outcomes)),
        )
    _consultations(home)
    _news(home)
    for name, title, summary, paragraph in texts.STANDARD:
        add(
            home,
            StandardPage,
            name,
            title=title,
            summary=summary,
            in_footer=True,
            body=body(name, ("paragraph", paragraph)),
        )
    return home


def _home() -> HomePage:
    """The home page that the migrations made, filled in while nobody has touched it."""
    home: HomePage = Site.objects.get(is_default_site=True).root_page.specific
    if home.latest_revision is not None:
        return home
    home.title = "Community planning"
    home.heading = "Plan the borough together"
    home.summary = "One plan for everybody who lives, works or learns here, made with what people say."
    home.body = body(
        "home",
        ("heading", "What is community planning?"),
        ("quotation", {"text": texts.DEFINITION, "source": texts.DEFINITION_SOURCE}),
        (
            "paragraph",
            "<p>The council leads, and works with partners from health, education, business, policing, housing, and "
            "community and voluntary groups. Together they agree on what the borough should be like, and on who does "
            "what to get there. What citizens say is part of it from the first draft on.</p>",
        ),
    )
    home.save_revision().publish()
    look = SiteLook.for_site(Site.objects.get(is_default_site=True))
    look.demonstration = True
    look.council = "Demonstration Borough Council"
    look.save()
    return home


def _plan(home: HomePage) -> PlanPage:
    return add(
        home,
        PlanPage,
        "plan",
        title="‘Connected’, a plan for all the community",
        show_in_menus=True,
        summary="The first community plan of the borough: one vision, six themes, and everybody who has a part in them.",
        vision="By 2030 the borough is a place where people, places and services are connected, and everybody belongs.",
        horizon_year=2030,
        stage=PlanPage.Stage.PREPARING,
        body=body(
            "plan",
            ("heading", "How the plan is made"),
            (
                "paragraph",
                "<p>Six themes came out of the work so far. For each of them a working group of people and "
                "organisations discusses the issues, agrees on the figures to start from, and writes a report that "
                "suggests priorities and outcomes. The groups prepare the plan; they do not settle it.</p>"
                "<p>Beside the groups there are consultations, events and an open form for ideas, so that the views "
                "of local people and groups are in the plan, too.</p>",
            ),
        ),
    )


def opening(days: tuple[int, int | None]) -> dict[str, dt.datetime | None]:
    """When a consultation opens and closes, for days counted from today: at nine in the morning, and at five."""
    today = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    opens, closes = days
    return {
        "opens_at": (today + dt.timedelta(days=opens)).replace(hour=9),
        "closes_at": None if closes is None else (today + dt.timedelta(days=closes)).replace(hour=17),
    }


# Days from today on which each consultation opens and closes.
DAYS: dict[str, tuple[int, int | None]] = {
    "consultation/draft-plan": (-20, 70),
    "consultation/town-centres": (-200, -110),
    "consultation/getting-about": (-10, 80),
    "consultation/play-parks": (21, 105),
    "consultation/your-ideas": (-220, None),
}


def _consultations(home: HomePage) -> None:
    index = add(
        home,
        ConsultationIndexPage,
        "consultations",
        title="Consultations",
        show_in_menus=True,
        summary="What you can answer now, what opens soon, and what people said before.",
    )
    _consultation(
        index,
        "consultation/draft-plan",
        questionnaires.draft_plan(),
        title="A draft plan for all the community",
        summary="Tell us what you think of the draft plan and what you hope for.",
        introduction="<p>The partnership has drafted a plan for the years to 2030. Before it decides, it wants to know what "
        "life here is like for you, whether the outcomes are the right ones, and what is missing.</p>",
        decision="The community planning partnership decides on the plan after the consultation has closed.",
        can_change="Outcomes, priorities and actions can all still change. That there will be a plan with six themes is settled.",
        results=Consultation.Results.WHILE_OPEN,
    )
    _consultation(
        index,
        "consultation/town-centres",
        questionnaires.town_centres(),
        title="Your town centre",
        summary="What people do in the town centres, and what they would change.",
        introduction="<p>The working group on places asked what brings people to the town centres and what keeps them away."
        "</p>",
        decision="The working group used the answers for its report to the partnership.",
        can_change="The consultation has closed. Its figures stand on the pages of the themes.",
        results=Consultation.Results.AFTER,
    )
    _consultation(
        index,
        "consultation/getting-about",
        questionnaires.getting_about(),
        title="Getting about the borough",
        summary="How people travel, and what should be made better first. It has a question of every kind.",
        introduction="<p>The working group on places wants to know how people get about, before it suggests what to do first."
        "</p>",
        decision="The working group uses the answers for its report to the partnership.",
        can_change="What comes first. That walking, cycling and buses come before new roads is settled.",
    )
    _consultation(
        index,
        "consultation/play-parks",
        questionnaires.play_parks(),
        title="Play parks near you",
        summary="Which play parks are used, and what is missing.",
        introduction="<p>Play parks are to be renewed over the next years. We ask in which order, and what they should have."
        "</p>",
        decision="The council decides on the order of the works.",
        can_change="The order and the equipment. The budget of each year is settled.",
    )
    _consultation(
        index,
        "consultation/your-ideas",
        questionnaires.ideas(),
        title="Share your ideas with us",
        summary="One idea that would make the borough better. Always open.",
        introduction="<p>You need no consultation to tell us something. Your idea goes to the working group of its theme.</p>",
        decision="The working group of the theme reads every idea.",
        can_change="Anything that the partners can do together.",
    )


def _consultation(index: Page, name: str, questionnaire: list[Raw], **fields: Any) -> None:
    add(index, ConsultationPage, name, questionnaire=questionnaire, **opening(DAYS[name]), **fields)


def _news(home: HomePage) -> None:
    index = add(
        home,
        NewsIndexPage,
        "news",
        title="News",
        show_in_menus=True,
        summary="What has happened in community planning.",
    )
    for age, (name, title, summary, paragraph, themes) in enumerate(texts.NEWS):
        if find(name) is None:
            add(
                index,
                NewsPage,
                name,
                title=title,
                summary=summary,
                date=timezone.localdate() - dt.timedelta(days=6 + 31 * age),
                body=body(name, ("paragraph", paragraph)),
                themes=[NewsTheme(theme=Theme.objects.get(key=key(f"theme/{theme}"))) for theme in themes],
            )


def keep_open() -> list[str]:
    """Move the dates of demonstration consultations on, where nobody has edited the page, so that one is always open.

    Untouched means: every revision was made by nobody, which is how this module publishes.
    """
    moved = []
    for name, days in DAYS.items():
        page = find(name)
        dates = opening(days)
        if page is None or page.revisions.filter(user__isnull=False).exists() or not page.live:
            continue
        if abs((page.opens_at - dates["opens_at"]).days) >= 30:
            page.opens_at, page.closes_at = dates["opens_at"], dates["closes_at"]
            page.save_revision().publish()
            moved.append(page.title)
    return moved
