"""Events: one fact for all languages, coming ones in the lists, past ones on a page of their own."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from consultation.models import Theme
from home.models import EventPage, EventsPage, EventTheme, HomePage, PlanPage, ThemePage
from tests.factories import make_consultation_page, translate
from tests.home.test_pages import add

pytestmark = pytest.mark.django_db

REASON = "The hall is being repaired. Come to the next one."


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def index(home):
    return add(home, EventsPage(title="Events", slug="events"))


def make_event(index, title="Open evening", days=7, **fields):
    """An event of two hours, as many days from now."""
    begins = timezone.now().replace(microsecond=0) + dt.timedelta(days=days)
    given = {"begins_at": begins, "ends_at": begins + dt.timedelta(hours=2), "place": "Town Hall"} | fields
    return add(index, EventPage(title=title, **given))


def text(client, page):
    return client.get(page if isinstance(page, str) else page.url).content.decode()


def in_irish(*pages, words=None):
    for page in pages:
        translate(page, "ga", words or {})
    return pages[-1].get_translation(Locale.objects.get(language_code="ga")).specific


def publish(page, **changes):
    page = EventPage.objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return EventPage.objects.get(pk=page.pk)


def test_the_list_has_what_is_to_come_in_order_and_what_is_over_on_a_page_of_its_own(index, visitor):
    for title, days in (("Later", 9), ("Sooner", 2), ("Long ago", -30), ("Lately", -3)):
        make_event(index, title, days)

    coming, past = text(visitor, index), text(visitor, f"{index.url}?when=past")

    assert coming.index("Sooner") < coming.index("Later</a>")
    assert "Long ago" not in coming and "Lately" not in coming
    assert past.index("Lately") < past.index("Long ago")
    assert "Sooner" not in past


def test_an_event_that_has_begun_is_listed_until_it_ends(index, visitor):
    now = timezone.now()
    make_event(index, "Under way", begins_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=1))
    make_event(index, "Just over", begins_at=now - dt.timedelta(hours=1), ends_at=now - dt.timedelta(seconds=1))

    shown = text(visitor, index)

    assert "Under way" in shown and "Just over" not in shown


def test_past_events_are_on_several_pages_that_stay_among_the_past(index, visitor):
    for number in range(12):
        make_event(index, f"Past {number}", days=-1 - number)

    shown = text(visitor, f"{index.url}?when=past")

    assert "Page 1 of 2" in shown and 'href="?when=past&amp;page=2"' in shown
    assert "Past 11" in text(visitor, f"{index.url}?when=past&page=2")


def test_lists_say_when_there_is_nothing(index, visitor):
    assert "No event is planned at the moment." in text(visitor, index)
    assert "There was no event yet." in text(visitor, f"{index.url}?when=past")


def test_an_event_shows_all_that_somebody_who_wants_to_come_needs(index, visitor):
    page = make_event(
        index,
        begins_at=dt.datetime(2099, 7, 1, 18, 0, tzinfo=dt.UTC),
        ends_at=dt.datetime(2099, 7, 1, 20, 0, tzinfo=dt.UTC),
        address="1 High Street\nDemo Town",
        access="Step-free entrance, hearing loop",
        online_url="https://stream.example.org/",
        booking="<p>No booking is needed.</p>",
        contact_email="events@example.org",
    )

    shown = " ".join(text(visitor, page).split())

    assert "Wednesday 1 July 2099, 19:00 to 21:00 BST" in shown
    for part in (
        "Town Hall",
        "1 High Street<br>Demo Town",
        "Step-free entrance, hearing loop",
        "No booking is needed.",
    ):
        assert part in shown
    assert 'href="https://stream.example.org/"' in shown and 'href="mailto:events@example.org"' in shown
    assert f'href="/en/events/{page.translation_key}.ics"' in shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": timezone.now() - dt.timedelta(days=400)}, "ends_at"),
        ({"place": " "}, "place"),
        ({"cancelled": True}, "cancelled_reason"),
    ],
)
def test_an_event_that_cannot_be_is_refused(index, changes, field):
    with pytest.raises(ValidationError) as refused:
        make_event(index, **changes)

    assert set(refused.value.error_dict) == {field}


def test_an_event_can_be_online_alone(index, visitor):
    make_event(index, place="", online_url="https://stream.example.org/")

    assert "Online" in text(visitor, index)


def test_a_cancelled_event_stays_in_the_list_and_says_why_and_home_shows_the_next_that_takes_place(
    index, home, visitor
):
    page = make_event(index, "Open evening", days=2, cancelled=True, cancelled_reason=REASON, booking="<p>Book!</p>")
    make_event(index, "Workshop", days=5)

    assert "Cancelled" in text(visitor, index)
    assert REASON in text(visitor, page) and "Book!" not in text(visitor, page)
    assert "Open evening" not in text(visitor, home) and "Workshop" in text(visitor, home)


def test_where_there_is_no_event_to_come_the_home_page_does_not_speak_of_one(index, home, visitor):
    make_event(index, days=-4)

    assert "Next event" not in text(visitor, home)


def test_a_theme_and_a_consultation_show_their_coming_events_and_the_event_shows_them(index, home, visitor):
    theme = add(add(home, PlanPage(title="Plan")), ThemePage(title="Green places", number=1))
    consultation = make_consultation_page()
    record = Theme.objects.get(key=theme.translation_key)
    page = make_event(index, "Walk", consultation=consultation, themes=[EventTheme(theme=record)])
    make_event(index, "Past walk", days=-9, consultation=consultation, themes=[EventTheme(theme=record)])
    make_event(index, "Elsewhere", days=1)

    for other in (theme, consultation):
        shown = text(visitor, other)
        assert ">Walk</a>" in shown and "Past walk" not in shown and "Elsewhere" not in shown, other
    shown = text(visitor, page)
    assert "Green places" in shown and consultation.title in shown and f'href="{consultation.url}"' in shown


def test_an_irish_event_leads_to_the_irish_consultation_where_there_is_one(index, home, at_once, visitor):
    consultation = make_consultation_page()
    page = make_event(index, consultation=consultation)
    irish = in_irish(home, index, page)
    assert f'href="{consultation.url}" lang="en"' in text(visitor, irish)

    translated = in_irish(
        consultation.get_parent().specific, consultation, words={consultation.title: "Plean an bhaile"}
    )

    assert f'href="{translated.url}"' in text(visitor, irish)
    assert f'href="{consultation.url}"' not in text(visitor, irish)


def test_a_consultation_that_is_taken_back_or_not_for_everybody_is_not_named(index, visitor):
    consultation = make_consultation_page()
    page = make_event(index, consultation=consultation)

    consultation.unpublish()

    assert consultation.title not in text(visitor, page)


def test_an_event_that_nobody_translated_is_listed_in_the_original_and_marked_so(index, home, at_once, visitor):
    translated, original = make_event(index, "Translated"), make_event(index, "Not translated", days=9)
    irish = in_irish(home, index)
    in_irish(translated, words={"Translated": "Aistrithe"})

    shown = text(visitor, irish)

    assert ">Aistrithe</a>" in shown and ">Translated</a>" not in shown
    assert f'href="{original.url}" lang="en" hreflang="en">Not translated</a>' in shown


def test_a_change_of_time_place_or_cancellation_is_in_every_language_as_soon_as_it_is_published(
    index, home, at_once, visitor
):
    page = make_event(index, booking="<p>Book!</p>")
    irish = in_irish(home, index, page, words={page.title: "Tráthnóna oscailte"})
    before = EventPage.objects.get(pk=irish.pk).last_published_at

    page = publish(
        page, place="Library", cancelled=True, cancelled_reason=REASON, begins_at=page.begins_at - dt.timedelta(hours=1)
    )

    irish = EventPage.objects.get(pk=irish.pk)
    assert (irish.title, irish.place, irish.begins_at) == ("Tráthnóna oscailte", "Library", page.begins_at)
    assert irish.last_published_at > before
    shown = text(visitor, irish)
    assert f'<div lang="en"><p>{REASON}</p></div>' in shown
    assert "Book!" not in shown


def test_a_translation_that_is_published_late_does_not_bring_old_facts_back(index, home, at_once):
    page = make_event(index)
    irish = in_irish(home, index, page)
    publish(page, place="Library")

    publish(irish, place="Town Hall", title="Tráthnóna oscailte")

    irish = EventPage.objects.get(pk=irish.pk)
    assert (irish.title, irish.place) == ("Tráthnóna oscailte", "Library")


def test_a_draft_of_the_original_changes_no_translation(index, home, at_once):
    page = make_event(index)
    irish = in_irish(home, index, page)

    page.place = "Library"
    page.save_revision()

    assert EventPage.objects.get(pk=irish.pk).place == "Town Hall"


def test_a_copy_of_a_cancelled_event_takes_place(index):
    page = make_event(index, cancelled=True, cancelled_reason=REASON)

    copy = page.copy(update_attrs={"slug": "again"})

    assert not copy.cancelled and copy.cancelled_reason == ""


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_lists_of_events_ask_the_same_with_one_and_with_fifty(index, home, visitor):
    theme = add(add(home, PlanPage(title="Plan")), ThemePage(title="Theme", number=1))
    consultation = make_consultation_page()

    def more(count):
        record = Theme.objects.get(key=theme.translation_key)
        for number in range(count):
            for days in (3, -3):
                make_event(
                    index,
                    f"Event {number} {days}",
                    days=days,
                    consultation=consultation,
                    themes=[EventTheme(theme=record)],
                )

    more(1)
    addresses = [home.url, theme.url, consultation.url, index.url, f"{index.url}?when=past", "/en/events.ics"]
    before = {address: queries(visitor, address) for address in addresses}
    EventPage.objects.all().delete()
    more(25)

    for address in addresses:
        # The second page of a list is counted where there is one.
        assert queries(visitor, address) <= before[address] + 1, address
