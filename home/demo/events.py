"""The demonstration's events: two to come and one that is over, counted from today until somebody edits the page."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from consultation.models import Theme
from home.demo.adding import add, find
from home.demo.blocks import body, key
from home.models import ConsultationPage, EventPage, EventsPage, EventTheme, HomePage

FAR = 7  # days that dates may be away from where they were meant to be


@dataclass(frozen=True)
class Demonstrated:
    """An event of the demonstration."""

    name: str
    day: int  # from today
    hours: tuple[int, int]
    title: str
    summary: str
    place: str
    address: str
    access: str
    booking: str
    paragraph: str
    themes: tuple[str, ...]
    consultation: str = ""
    online_url: str = ""


EVENTS = (
    Demonstrated(
        "event/open-evening",
        17,
        (19, 21),
        "An evening about the draft plan",
        "Hear what the draft plan says, ask about it, and tell the working groups what is missing.",
        "Demo Town Hall",
        "1 Demonstration Square\nDemo Town",
        "Step-free entrance from the square and a lift. Hearing loop in the hall. A sign language interpreter and a quiet room "
        "are there. Tell us a week before what else you need.",
        "<p>Nobody needs to book.</p>",
        "<p>Each working group has a table. You can go from one to the next, read what its part of the plan says, and write on "
        "the cards what you think of it. What is written there is added to the answers of the consultation.</p>"
        "<p>Tea and coffee from half past six. This is a demonstration, so there will be nobody there.</p>",
        ("confident", "healthy", "skilled", "tourism", "creative", "place"),
        "consultation/draft-plan",
    ),
    Demonstrated(
        "event/online-hour",
        45,
        (12, 13),
        "An hour online about getting about",
        "At lunchtime and from home: how people travel in the borough, and what should come first.",
        "",
        "",
        "Live captions and a sign language interpreter. You can take part by telephone, too.",
        "<p>Book by e-mail until two days before, and you get the address.</p>",
        "<p>We show what people said so far, and talk about it in small groups.</p>",
        ("place",),
        "consultation/getting-about",
        "https://meeting.example/getting-about",
    ),
    Demonstrated(
        "event/workshop",
        -25,
        (10, 15),
        "A workshop on town centres",
        "The working group on places looked at what people had said about the town centres.",
        "Demo Library",
        "2 Demonstration Street\nDemo Town",
        "Step-free entrance, hearing loop, toilets with room for a wheelchair.",
        "",
        "<p>About what to keep, what to change, and where to begin. What came of it is in the outcome of the consultation.</p>",
        ("place",),
        "consultation/town-centres",
    ),
)
CONTACT = "events@demo.example"


def when(one: Demonstrated) -> dict[str, dt.datetime]:
    """When it begins and ends."""
    day = timezone.localtime().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=one.day)
    return {"begins_at": day.replace(hour=one.hours[0]), "ends_at": day.replace(hour=one.hours[1])}


def add_all(home: HomePage) -> None:
    """Add the list of events, and those that are missing."""
    index = add(
        home,
        EventsPage,
        "events",
        title="Events",
        show_in_menus=True,
        summary="Where you can hear about the plan, ask and have your say.",
    )
    for one in EVENTS:
        if find(one.name) is None:
            found = find(one.consultation)
            add(
                index,
                EventPage,
                one.name,
                title=one.title,
                summary=one.summary,
                place=one.place,
                address=one.address,
                access=one.access,
                booking=one.booking,
                online_url=one.online_url,
                contact_email=CONTACT,
                consultation=found if isinstance(found, ConsultationPage) else None,
                body=body(one.name, ("paragraph", one.paragraph)),
                themes=[EventTheme(theme=Theme.objects.get(key=key(f"theme/{theme}"))) for theme in one.themes],
                **when(one),
            )


def keep_coming() -> list[str]:
    """Move the dates of events on, where nobody has edited the page, so that there is always one to come."""
    moved = []
    for one in EVENTS:
        page, dates = find(one.name), when(one)
        if page is None or page.revisions.filter(user__isnull=False).exists() or not page.live:
            continue
        if abs((page.begins_at - dates["begins_at"]).days) >= FAR:
            page.begins_at, page.ends_at = dates["begins_at"], dates["ends_at"]
            page.save_revision().publish()
            moved.append(page.title)
    return moved
