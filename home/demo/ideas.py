"""The demonstration's page of ideas, and ideas in every status. Nobody wrote these.

Some are what real ones have in them: an e-mail address that is taken out before the idea is shown, a cell that a
spreadsheet would take for a formula, an emoji. Irish and Polish were not checked by a native reader.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from consultation.ledger import new_reference
from consultation.models import Idea, IdeaStep, Theme
from home.demo.adding import add
from home.demo.blocks import key
from home.models import HomePage, IdeasPage

RECEIVED, WITH_GROUP, TAKEN, NOT_TAKEN = Idea.Status
NEW, SHOWN, NOT_SHOWN = Idea.Moderation


@dataclass(frozen=True)
class Demonstrated:
    """An idea of the demonstration."""

    name: str
    age: int  # days
    theme: str  # its name among the themes; empty: not sure
    text: str
    steps: tuple[tuple[Idea.Status, str], ...] = ()  # after it was received, two weeks apart, each with its note
    moderation: Idea.Moderation = SHOWN
    language: str = "en"
    shown_text: str = ""
    reason: str = ""


IDEAS = (
    Demonstrated(
        "benches",
        190,
        "healthy",
        "A bench every few hundred steps on the way from the health centre to the shops. Many people could walk it if they "
        "could sit down in between.",
        (
            (WITH_GROUP, ""),
            (TAKEN, "Action of the theme: benches on the three most used ways, the first in spring."),
        ),
    ),
    Demonstrated(
        "language-cafe",
        170,
        "confident",
        "A language café once a month: you bring the one you speak and learn one you don’t.",
        ((WITH_GROUP, "The group asks the libraries whether they have a room for it."),),
    ),
    Demonstrated(
        "street-signs",
        150,
        "confident",
        "Ba mhaith liom comharthaí sráide dátheangacha a fheiceáil i lár an bhaile, le go gcloisfí agus go bhfeicfí an Ghaeilge.",
        ((WITH_GROUP, "Pléifidh an grúpa oibre é ag an chéad chruinniú eile."),),
        language="ga",
    ),
    Demonstrated(
        "evening-bus",
        140,
        "place",
        "Ostatni autobus o 18:30 jest za wcześnie. Kto pracuje do wieczora, nie ma jak wrócić do domu.",
        ((WITH_GROUP, ""), (TAKEN, "Późniejszy kurs w piątki i soboty, na próbę przez rok.")),
        language="pl",
    ),
    Demonstrated(
        "fireworks",
        120,
        "tourism",
        "Fireworks at the harbour on every Saturday of the summer, for visitors.",
        (
            (
                NOT_TAKEN,
                "The harbour is beside a place where birds nest. The group looks at a market of lights in its stead.",
            ),
        ),
    ),
    Demonstrated(
        "session",
        95,
        "creative",
        "More music! 🎶 There used to be a session every Friday. A room and a kettle are all it takes.",
        ((WITH_GROUP, "The group makes a list of rooms that stand empty in the evening."),),
    ),
    Demonstrated(
        "clock",
        80,
        "place",
        "Fix the clock in the square. I know where its old parts are: write to me at somebody@example.org.",
        ((WITH_GROUP, ""),),
        shown_text="Fix the clock in the square. I know where its old parts are: […]",
    ),
    Demonstrated(
        "formula",
        60,
        "skilled",
        "=SUM(skills; time; somebody who shows you how) – evening courses for people who work",
    ),
    Demonstrated(
        "apprentices", 41, "skilled", "A day on which every employer opens the door to those who leave school."
    ),
    Demonstrated("leaflet", 33, "", "One leaflet that says who to ask about what. In large letters."),
    Demonstrated(
        "path",
        9,
        "tourism",
        "A path along the river from one town to the next, with somewhere to fill a bottle.",
        moderation=NEW,
    ),
    Demonstrated("swings", 3, "healthy", "Swings for grown-ups. Why should it stop at twelve?", moderation=NEW),
    Demonstrated(
        "advertisement",
        25,
        "",
        "Cheap windows and doors, call today!",
        moderation=NOT_SHOWN,
        reason="An advertisement.",
    ),
)


def add_page(home: HomePage) -> None:
    """Add the page."""
    add(
        home,
        IdeasPage,
        "ideas",
        title="Share your ideas with us",
        show_in_menus=True,
        summary="One idea that would make the borough better. Always open.",
        introduction="<p>You need no consultation to tell us something. Your idea goes to the working group of its theme, "
        "and what becomes of it is said below.</p>",
    )


def add_all() -> None:
    """Add the ideas that are missing."""
    for one in IDEAS:
        with transaction.atomic():
            _add(one)


def _add(one: Demonstrated) -> None:
    received = timezone.now() - dt.timedelta(days=one.age)
    idea, created = Idea.objects.get_or_create(
        key=key(f"idea/{one.name}"),
        defaults={
            "reference": new_reference(),
            "theme": Theme.objects.filter(key=key(f"theme/{one.theme}")).first(),
            "language": one.language,
            "text": one.text,
            "shown_text": one.shown_text,
            "moderation": one.moderation,
            "reason": one.reason,
            "status": one.steps[-1][0] if one.steps else RECEIVED,
            "received_at": received,
        },
    )
    if created:
        for place, (status, note) in enumerate(((RECEIVED, ""), *one.steps)):
            IdeaStep.objects.create(idea=idea, status=status, note=note, at=received + dt.timedelta(days=14 * place))
