"""The demonstration's consultations: open, opening soon, closed with figures, closed and overdue.

Their dates are counted from today until somebody edits the page.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from wagtail.models import Locale

from consultation.models import Consultation, LifeEvent
from home.demo import questionnaires
from home.demo.adding import add, find
from home.demo.blocks import Raw, block, block_id, body, key
from home.models import Action, ConsultationIndexPage, ConsultationPage, HomePage, Partner

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
    more: dict[str, Any] = field(default_factory=dict)
    papers: tuple[tuple[str, str], ...] = ()
    outcome: tuple[int, int | None] = (0, None)  # days after closing: expected, and published
    statements: tuple["Said", ...] = ()


@dataclass(frozen=True)
class Said:
    """A statement of an outcome; records by their names in the demonstration."""

    said: str
    question: str
    done: str = ""
    why_not: str = ""
    actions: tuple[str, ...] = ()
    owner: str = ""


OTHER_WAYS = (
    "<p>This is a demonstration, so nobody takes answers on paper or by telephone. A council says here where paper copies "
    "are, which number to ring, and at which events one can answer.</p>"
)
PAPER_RETURN = "Nowhere: this is a demonstration. A council names the address that forms are sent to, and where they can be handed in."
PRIVACY = (
    "<p>Your answers are kept without your name, unless you write it yourself. Please do not: this is a demonstration. "
    "The privacy notice at the foot of the page says what is kept and for how long.</p>"
)

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
        more={
            "other_ways": OTHER_WAYS,
            "paper_return": PAPER_RETURN,
            "privacy": PRIVACY,
            "next_steps": "The working groups read every answer, theme by theme. Then the partnership decides, and the "
            "consultation’s page says what came of it.",
        },
        papers=(("The draft plan on one page", "plan"),),
        outcome=(70, None),
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
        more={
            "we_asked": "<p>What brings you to the town centres, and what keeps you away?</p>",
            "you_said": "<p>Many of the answers of this demonstration ask for places to sit and for buses in the evening. The "
            "figures stand on the pages of the themes.</p>",
            "we_did": "<p>This is an example of an outcome: the working group put benches and evening buses into its report, and "
            "says why the other wishes were not taken up.</p>",
        },
        outcome=(40, 35),
        statements=(
            Said(
                "Example: people find the main streets hard to cross on foot.",
                "town/one-thing",
                done="The crossings of the main streets are made safer, one after the other.",
                actions=("theme/place/action/2",),
                owner="partner/council",
            ),
            Said(
                "Example: people would feel safer in the evening with better light on the way home.",
                "town/evening",
                done="Lights are planned for the paths that people avoid, and later buses are in the report to the partnership.",
                actions=("theme/confident/action/3",),
            ),
            Said(
                "Example: some would close the main streets to cars on every day.",
                "town/one-thing",
                why_not="People who can’t walk far need to be brought there. It is looked at again when the plan is reviewed.",
            ),
        ),
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
        more={
            "other_ways": OTHER_WAYS,
            "paper_return": PAPER_RETURN,
            "privacy": PRIVACY,
            "next_steps": "The council takes the decision in public, after it has read what people said.",
        },
        outcome=(80, None),
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


def course(one: Demonstrated) -> dict[str, dt.datetime | dt.date | None]:
    """The dates of one: its hours, and when its outcome is expected and was published."""
    hours, (due, on) = opening(one.days), one.outcome
    closes = hours["closes_at"]
    day = timezone.localdate(closes) if closes else None
    return hours | {
        "outcome_due": day + dt.timedelta(days=due) if day and due else None,
        "outcome_on": day + dt.timedelta(days=on) if day and on else None,
    }


def _record(model: type[Action] | type[Partner], name: str) -> int | None:
    """The primary key of the record of that name in English, if it is there."""
    found = model.objects.filter(translation_key=key(name), locale=Locale.get_default()).first()
    return found.pk if found else None


def _statements(one: Demonstrated) -> list[Raw]:
    """What it says point by point. An action or a partner that the demonstration does not have is passed over."""
    return body(
        f"{one.name}/statements",
        *(
            (
                "statement",
                {
                    "said": said.said,
                    "question": block_id(said.question),
                    "done": said.done,
                    "actions": [
                        block("item", pk, f"{one.name}/{name}")
                        for name in said.actions
                        if (pk := _record(Action, name)) is not None
                    ],
                    "owner": _record(Partner, said.owner) if said.owner else None,
                    "why_not": said.why_not,
                },
            )
            for said in one.statements
        ),
    )


def _more(one: Demonstrated) -> dict[str, Any]:
    """Its other fields; what is to be read are pages of the demonstration, by name."""
    read = [
        ("paper", {"title": title, "kind": "document", "page": page.pk})
        for title, name in one.papers
        if (page := find(name)) is not None
    ]
    return one.more | {"papers": body(f"{one.name}/papers", *read), "statements": _statements(one)}


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
            **_more(one),
            **course(one),
        )


def keep_open() -> list[str]:
    """Move the dates of consultations on, where nobody has edited the page, so that one is always open.

    Untouched means: every revision was made by nobody, which is how the demonstration publishes.
    """
    moved = []
    for one in CONSULTATIONS:
        page, dates = find(one.name), course(one)
        if page is None or page.revisions.filter(user__isnull=False).exists() or not page.live:
            continue
        if abs((page.opens_at - dates["opens_at"]).days) >= FAR:
            for name, date in dates.items():
                setattr(page, name, date)
            page.save_revision().publish()
            LifeEvent.objects.filter(consultation__key=page.translation_key).delete()  # moved on is no news
            moved.append(page.title)
    return moved
