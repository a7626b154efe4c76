"""Adds the demonstration's pages where they are missing, found by a lasting key; one that exists is never changed."""

import datetime as dt

from django.utils import timezone
from wagtail.models import Site

from consultation.models import Theme
from home.demo import areas, consultations, events, ideas, plan, standard, texts
from home.demo.adding import add, find
from home.demo.blocks import body, key
from home.models import (
    HomePage,
    NewsIndexPage,
    NewsPage,
    NewsTheme,
    PlanPage,
    SiteLook,
    ThemePage,
)


def add_all() -> HomePage:
    """Add the areas, the plan's records and every page, parents first, and return the home page."""
    home = _home()
    connected = _plan(home)
    for number, text in enumerate(texts.THEMES, 1):
        add(
            connected,
            ThemePage,
            f"theme/{text.key}",
            title=text.title,
            number=number,
            summary=text.summary,
            introduction=text.introduction,
            outcomes=body(f"theme/{text.key}/outcomes", *(("outcome", outcome) for outcome in text.outcomes)),
        )
    plan.add_reading(connected)
    plan.add_all(connected)
    areas.add_all()
    consultations.add_all(home)
    ideas.add_page(home)
    _news(home)
    events.add_all(home)
    standard.add_all(home)
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
    look.contact_email = "plan@demo.example"
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
        stage=PlanPage.Stage.REVIEW,
        **plan.dates(),
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
