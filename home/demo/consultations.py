"""The demonstration's consultations: open, opening soon, closed with figures, closed and overdue.

Their dates are counted from today until somebody edits the page.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from consultation.models import Consultation
from home.demo import questionnaires
from home.demo.adding import add, find
from home.demo.blocks import Raw
from home.models import ConsultationIndexPage, ConsultationPage, HomePage

FAR = 30  # days that dates may be away from where they were meant to be


@dataclass(frozen=True)
class Demonstrated:
    """A consultation of the demonstration."""

    name: str
    days: tuple[int, int | None]  # from today on which it opens and closes
    questionnaire: Callable[[], list[Raw]]
    title: str
    summary: str
    introduction: str
    decision: str
    can_change: str
    results: Consultation.Results = Consultation.Results.AFTER
    ask_equality: bool = False


CONSULTATIONS = (
    Demonstrated(
        "consultation/draft-plan",
        (-20, 70),
        questionnaires.draft_plan,
        "A draft plan for all the community",
        "Tell us what you think of the draft plan and what you hope for.",
        "<p>The partnership has drafted a plan for the years to 2030. Before it decides, it wants to know what life here is "
        "like for you, whether the outcomes are the right ones, and what is missing.</p>",
        "The community planning partnership decides on the plan after the consultation has closed.",
        "Outcomes, priorities and actions can all still change. That there will be a plan with six themes is settled.",
        Consultation.Results.WHILE_OPEN,
        ask_equality=True,
    ),
    Demonstrated(
        "consultation/town-centres",
        (-140, -50),
        questionnaires.town_centres,
        "Your town centre",
        "What people do in the town centres, and what they would change.",
        "<p>The working group on places asked what brings people to the town centres and what keeps them away.</p>",
        "The working group used the answers for its report to the partnership.",
        "The consultation has closed. Its figures stand on the pages of the themes.",
    ),
    Demonstrated(
        # Closed for more than twelve weeks, and nothing was said about what came of it.
        "consultation/libraries",
        (-230, -130),
        questionnaires.libraries,
        "Libraries and meeting places",
        "What people want from the libraries of the borough, whether they use them or not.",
        "<p>Libraries lend more than books. We asked what else they could be, those who use them and those who do not.</p>",
        "The partnership decides what it asks of the library service.",
        "Opening hours, events and how rooms are used. How many libraries there are is settled.",
    ),
    Demonstrated(
        "consultation/getting-about",
        (-10, 80),
        questionnaires.getting_about,
        "Getting about the borough",
        "How people travel, and what should be made better first. It has a question of every kind.",
        "<p>The working group on places wants to know how people get about, before it suggests what to do first.</p>",
        "The working group uses the answers for its report to the partnership.",
        "What comes first. That walking, cycling and buses come before new roads is settled.",
    ),
    Demonstrated(
        "consultation/play-parks",
        (21, 105),
        questionnaires.play_parks,
        "Play parks near you",
        "Which play parks are used, and what is missing.",
        "<p>Play parks are to be renewed over the next years. We ask in which order, and what they should have.</p>",
        "The council decides on the order of the works.",
        "The order and the equipment. The budget of each year is settled.",
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


def add_all(home: HomePage) -> None:
    """Add the list of consultations, and those that are missing."""
    index = add(
        home,
        ConsultationIndexPage,
        "consultations",
        title="Consultations",
        show_in_menus=True,
        summary="What you can answer now, what opens soon, and what people said before.",
    )
    for one in CONSULTATIONS:
        add(
            index,
            ConsultationPage,
            one.name,
            questionnaire=one.questionnaire(),
            title=one.title,
            summary=one.summary,
            introduction=one.introduction,
            decision=one.decision,
            can_change=one.can_change,
            results=one.results,
            ask_equality=one.ask_equality,
            **opening(one.days),
        )


def keep_open() -> list[str]:
    """Move the dates of consultations on, where nobody has edited the page, so that one is always open.

    Untouched means: every revision was made by nobody, which is how the demonstration publishes.
    """
    moved = []
    for one in CONSULTATIONS:
        page, dates = find(one.name), opening(one.days)
        if page is None or page.revisions.filter(user__isnull=False).exists() or not page.live:
            continue
        if abs((page.opens_at - dates["opens_at"]).days) >= FAR:
            page.opens_at, page.closes_at = dates["opens_at"], dates["closes_at"]
            page.save_revision().publish()
            moved.append(page.title)
    return moved
