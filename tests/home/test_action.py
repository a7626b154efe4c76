"""Actions: by whom, until when, how far; what is under way first."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError

from home.models import Action
from tests.plan import make_action, make_partner, make_theme, text_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 1)


@pytest.fixture
def theme():
    return make_theme()


@pytest.mark.parametrize(
    ("status", "due", "overdue"),
    [
        ("under_way", dt.date(2026, 5, 31), True),
        ("delayed", dt.date(2026, 5, 31), True),
        ("planned", dt.date(2026, 6, 1), False),
        ("done", dt.date(2026, 5, 31), False),
        ("stopped", dt.date(2026, 5, 31), False),
        ("under_way", None, False),
    ],
)
@time_machine.travel("2026-06-01 12:00Z", tick=False)
def test_what_is_neither_done_nor_stopped_is_overdue_from_the_day_after(status, due, overdue):
    assert Action(status=status, due=due).is_overdue is overdue


def test_it_cannot_be_done_before_it_begins():
    with pytest.raises(ValidationError, match="before it begins"):
        Action(begins=TODAY, due=TODAY - dt.timedelta(days=1)).clean()

    Action(begins=TODAY, due=TODAY).clean()


def test_a_theme_page_says_who_does_what_until_when_and_how_far_it_is(theme, visitor):
    lead, one, other = (make_partner(name) for name in ("Demo Council", "Demo Trust", "Demo Club"))
    make_action(
        theme,
        other,
        one,
        lead=lead,
        status="delayed",
        status_on=dt.date(2026, 3, 1),
        status_note="Waiting for spades.",
        begins=dt.date(2026, 1, 1),
        due=dt.date(2027, 1, 1),
    )

    shown = " ".join(text_of(visitor, theme).split())

    assert "Demo Council" in shown and "Demo Club, Demo Trust" in shown
    assert "Delayed</span>" in shown and "as of 1 March 2026" in shown and "Waiting for spades." in shown
    assert "1 January 2026 to 1 January 2027" in shown


@time_machine.travel("2026-06-01 12:00Z", tick=False)
def test_the_public_page_does_not_call_an_action_overdue(theme, visitor):
    make_action(theme, due=dt.date(2026, 1, 1))

    assert "overdue" not in text_of(visitor, theme).lower()


def test_what_is_under_way_stands_first_and_what_is_done_last(theme, visitor):
    for status in ("done", "stopped", "planned", "delayed", "under_way"):
        make_action(theme, title=f"This is {status}", status=status)
    make_action(theme, title="This is sooner", status="planned", due=dt.date(2027, 1, 1))
    make_action(theme, title="This is later", status="planned", due=dt.date(2028, 1, 1))

    shown = text_of(visitor, theme)

    order = sorted((shown.index(f"This is {name}"), name) for name in ("done", "stopped", "delayed", "under_way"))
    assert [name for _place, name in order] == ["under_way", "delayed", "stopped", "done"]
    assert shown.index("This is delayed") < shown.index("This is sooner") < shown.index("This is later")
    assert shown.index("This is later") < shown.index("This is stopped")


def test_another_themes_actions_stay_on_its_own_page(theme, visitor):
    make_action(make_theme(2, "Getting about"), title="Run a bus")

    assert "Run a bus" not in text_of(visitor, theme)
