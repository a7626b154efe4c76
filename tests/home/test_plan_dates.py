"""When a plan's statement of progress and its review are due: plain dates, the 29th of February among them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.plan_dates import anniversary, review_due, statement_due

day = dt.date
days = st.dates(day(2000, 1, 1), day(2150, 12, 31))


def test_a_statement_is_due_two_years_after_publication():
    assert statement_due(day(2024, 3, 1)) == day(2026, 3, 1)


def test_a_review_is_due_before_the_fourth_anniversary():
    assert review_due(day(2024, 3, 1)) == day(2028, 2, 29)
    assert review_due(day(2024, 5, 20)) == day(2028, 5, 19)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (day(2025, 2, 28), day(2026, 3, 1)),  # nearer to the publication: nothing is settled by it
        (day(2025, 3, 1), day(2028, 3, 1)),  # half way: the first one is
        (day(2026, 2, 10), day(2028, 3, 1)),  # in time
        (day(2026, 6, 10), day(2028, 3, 1)),  # late: the next one comes no later for that
        (day(2027, 4, 1), day(2030, 3, 1)),  # so late that it is nearer to the second
        (day(2020, 1, 1), day(2026, 3, 1)),  # before there was a plan
    ],
)
def test_a_statement_settles_the_day_that_it_is_nearest_to(last, due):
    assert statement_due(day(2024, 3, 1), last) == due


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (day(2026, 4, 30), day(2028, 4, 30)),
        (day(2028, 1, 10), day(2032, 4, 30)),
        (day(2028, 12, 1), day(2032, 4, 30)),
        (day(2031, 1, 1), day(2036, 4, 30)),
    ],
)
def test_a_review_settles_the_anniversary_that_it_is_nearest_to(last, due):
    assert review_due(day(2024, 5, 1), last) == due


def test_a_plan_of_the_29th_of_february_has_its_days_on_the_28th_where_there_is_no_29th():
    leap = day(2024, 2, 29)

    assert anniversary(leap, 2) == day(2026, 2, 28)
    assert anniversary(leap, 4) == day(2028, 2, 29)
    assert statement_due(leap) == day(2026, 2, 28)
    assert statement_due(leap, day(2026, 2, 28)) == day(2028, 2, 29)
    assert review_due(leap) == day(2028, 2, 28)
    assert anniversary(day(2096, 2, 29), 4) == day(2100, 2, 28)


@given(days, st.none() | days)
def test_what_is_due_comes_after_what_was_done(published, last):
    done = max(published, last or published)

    assert statement_due(published, last) > done
    assert review_due(published, last) > published
    assert review_due(published, last) > done


@given(days)
def test_doing_it_in_time_moves_it_on_by_one_turn(published):
    due = statement_due(published)

    assert statement_due(published, due) == anniversary(published, 4)
    assert review_due(published, review_due(published)) == anniversary(published, 8) - dt.timedelta(days=1)
