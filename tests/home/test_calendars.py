"""The addresses of the calendar files: for everybody, lasting, and silent about what is not for everybody."""

import datetime as dt

import pytest
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from home.models import EventPage, EventsPage, HomePage
from tests.home.test_events import REASON, in_irish, make_event, publish
from tests.home.test_pages import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def index(home):
    return add(home, EventsPage(title="Events", slug="events"))


def read(client, address="/en/events.ics"):
    file = client.get(address)
    assert file.status_code == 200, address
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert not file.cookies
    return Calendar.from_ical(file.content)


def titles(found):
    return [str(event["SUMMARY"]) for event in found.events]


def test_one_file_has_all_coming_events_with_cancelled_ones_marked(index, visitor):
    make_event(index, "Second", 5)
    make_event(index, "First", 2, cancelled=True, cancelled_reason=REASON)
    make_event(index, "Past", -2)

    found = read(visitor)

    assert titles(found) == ["Cancelled: First", "Second"]
    assert [event["STATUS"] for event in found.events] == ["CANCELLED", "CONFIRMED"]
    assert str(found.events[0]["DESCRIPTION"]).startswith(REASON)


def test_an_event_has_its_own_file_which_says_what_its_page_says(index, visitor):
    page = make_event(
        index,
        summary="Talk with the working group.",
        address="1 High Street\r\nDemo Town",
        access="Step-free entrance",
        booking="<p>Places &amp; times: ask.</p><p>No fee.</p>",
        contact_email="events@example.org",
        online_url="https://stream.example.org/",
    )

    event = read(visitor, f"/en/events/{page.translation_key}.ics").events[0]

    assert (event.start, event.end) == (page.begins_at, page.ends_at)
    assert event["LOCATION"] == "Town Hall, 1 High Street, Demo Town"
    assert str(event["DESCRIPTION"]).split("\n") == [
        "Talk with the working group.",
        "",
        "Places & times: ask. No fee.",
        "",
        "Step-free entrance",
        "",
        "https://stream.example.org/",
    ]
    assert event["URL"] == page.full_url
    assert event["CONTACT"] == "events@example.org"


def test_the_file_is_named_after_the_page_and_saved_not_shown(index, visitor):
    page = make_event(index, "Open evening")

    file = visitor.get(page.calendar_address)

    assert file["Content-Disposition"] == 'attachment; filename="open-evening.ics"'
    assert file["X-Robots-Tag"] == "noindex"


def test_an_event_is_the_same_one_in_every_language_and_after_every_change(index, home, at_once, visitor):
    page = make_event(index)
    in_irish(home, index, page, words={page.title: "Tráthnóna oscailte"})
    addresses = [f"/{code}/events/{page.translation_key}.ics" for code in ("en", "ga")]
    before = read(visitor, addresses[0]).events[0]

    publish(page, slug="moved", title="Another title", begins_at=page.begins_at - dt.timedelta(hours=1))

    english, irish = (read(visitor, address).events[0] for address in addresses)
    assert english["UID"] == irish["UID"] == before["UID"] == f"{page.translation_key}@localhost"
    assert titles(read(visitor, addresses[1])) == ["Tráthnóna oscailte"]
    assert english.start == irish.start == before.start - dt.timedelta(hours=1)
    assert english["SEQUENCE"] >= before["SEQUENCE"]


def test_a_change_counts_as_a_later_version(index, visitor):
    page = make_event(index)
    EventPage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - dt.timedelta(days=1))
    before = read(visitor, page.calendar_address).events[0]["SEQUENCE"]

    publish(page, place="Library")

    assert read(visitor, page.calendar_address).events[0]["SEQUENCE"] > before


def test_an_event_without_a_translation_is_given_in_the_original(index, visitor):
    page = make_event(index)

    assert titles(read(visitor, f"/ga/events/{page.translation_key}.ics")) == ["Open evening"]
    assert titles(read(visitor, "/ga/events.ics")) == ["Open evening"]


def test_a_draft_and_an_event_that_is_not_for_everybody_are_in_no_file(index, visitor, editor_client):
    draft, hidden = make_event(index, "Draft"), make_event(index, "Hidden")
    draft.unpublish()
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    assert titles(read(visitor)) == []
    for page in (draft, hidden):
        assert visitor.get(page.calendar_address).status_code == 404
    assert titles(read(editor_client, hidden.calendar_address)) == ["Hidden"]
