"""The officers' lists: what presses comes first, filters say what Consultation.state() says, queries are few."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation import ledger, overview
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Halt, State, Theme
from tests.factories import make_consultation, make_consultation_page

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = dt.timedelta(days=1)
# Opens, closes, title: in the order in which they should stand.
PERIODS = [
    (-9, 1, "closes tomorrow"),
    (-1, 8, "closes next week"),
    (-3, 9, "closes later, paused"),
    (-5, None, "always open"),
    (2, 9, "opens the day after tomorrow"),
    (5, None, "opens later"),
    (-9, -1, "closed yesterday"),
    (-99, -9, "closed long ago"),
    (-190, -83, "closed not quite twelve weeks ago"),
    (-190, -85, "closed more than twelve weeks ago"),
    (-290, -90, "closed with an outcome"),
    (-290, -95, "closed with an outcome tomorrow"),
    (-290, 91, "withdrawn"),
]
MORE = {
    "closes later, paused": {"halt": Halt.PAUSED},
    "closed with an outcome": {"outcome_on": NOW.date()},
    "closed with an outcome tomorrow": {"outcome_on": timezone.localdate(NOW) + DAY},
    "withdrawn": {"halt": Halt.WITHDRAWN},
}


@pytest.fixture
def several(db):
    for opens, closes, title in reversed(PERIODS):
        hours = {"opens_at": NOW + opens * DAY, "closes_at": closes and NOW + closes * DAY}
        make_consultation(title=title, **hours, **MORE.get(title, {}))


def titles(page):
    return [row.title for row in page.context["object_list"]]


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_most_pressing_comes_first(several, officer_client):
    page = officer_client.get("/admin/consultations/")

    assert titles(page) == [title for _opens, _closes, title in PERIODS]


@pytest.mark.parametrize("state", [*State.values, overview.OVERDUE])
def test_the_filter_says_the_same_as_the_state(several, state, officer_client):
    running = make_consultation_page(title="with a page")
    found = titles(officer_client.get(f"/admin/consultations/?state={state}"))

    live = {running.title}
    expected = {
        State.OPEN: lambda row: row.state() == State.OPEN and row.title in live,
        State.PAUSED: lambda row: row.state() in (State.OPEN, State.PAUSED) and row.title not in live,
        overview.OVERDUE: lambda row: row.is_overdue,
    }.get(state, lambda row: row.state() == state)
    assert set(found) == {row.title for row in Consultation.objects.all() if expected(row)}
    assert found


def test_an_instant_at_the_edge_belongs_to_one_state(several):
    row = make_consultation(title="edge", opens_at=NOW, closes_at=NOW + DAY)

    for now in (row.opens_at, row.closes_at):
        states = set(State) - {State.PAUSED}  # it has no page, so while it is open the list calls it paused
        matching = [s for s in states if overview.consultations().filter(overview.is_in(s, now), pk=row.pk)]
        assert set(matching) <= {row.state(now)}
        assert row.state(now) == State.OPEN or matching


def test_a_search_and_a_theme_narrow_the_list(several, officer_client):
    green = Theme.objects.get(name="Green places")
    Consultation.objects.get(title="always open").questions.update(theme=None)

    assert titles(officer_client.get("/admin/consultations/?q=closes")) == [
        "closes tomorrow",
        "closes next week",
        "closes later, paused",
    ]
    assert "always open" not in titles(officer_client.get(f"/admin/consultations/?theme={green.pk}"))
    assert len(titles(officer_client.get(f"/admin/consultations/results/?theme={green.pk}"))) == len(PERIODS) - 1


def test_a_column_sorts_and_times_have_their_zone(several, officer_client):
    row = Consultation.objects.get(title="always open")
    ledger.submit(row, uuid.uuid4(), row.published, "en", Channel.WEB, Answers({1: 1}))

    page = officer_client.get("/admin/consultations/?ordering=-received")

    assert titles(page)[0] == "always open"
    assert "GMT" in page.content.decode() or "BST" in page.content.decode()


def test_themes_stand_in_the_order_of_the_plan(db):
    for number, name in ((3, "c"), (1, "a"), (4, "d"), (2, "b")):
        Theme.objects.create(key=uuid.uuid4(), number=number, name=name)

    assert [theme.name for theme in overview.themes()] == ["a", "b", "c", "d"]
    assert overview.themes().ordered


def test_themes_are_listed_with_what_was_asked(several, officer_client):
    page = officer_client.get("/admin/consultations/themes/")

    assert [(row.name, row.asked, row.consultations) for row in page.context["object_list"]] == [
        ("Getting about", 2 * len(PERIODS), len(PERIODS)),
        ("Green places", 2 * len(PERIODS), len(PERIODS)),
    ]


@pytest.mark.parametrize("address", ["", "results/", "?state=open", "?q=closes", "themes/"])
def test_a_list_asks_the_same_however_long_it_is(officer_client, address):
    make_consultation(title="closes")
    before = queries(officer_client, f"/admin/consultations/{address}")
    for number in range(12):
        make_consultation(title=f"closes {number}")

    assert queries(officer_client, f"/admin/consultations/{address}") == before <= 16
