"""When the law wants a plan's statement of progress and its review, counted from the day of its publication.

A statement is due every two years; a review is due before each fourth anniversary. Both functions return the last day
that is still in time.
"""

import calendar
import datetime as dt

STATEMENT = 2  # years from one to the next
REVIEW = 4
DAY = dt.timedelta(days=1)


def anniversary(day: dt.date, years: int) -> dt.date:
    """The same day in another year; for a 29th of February the 28th, where there is none, so that nothing is late."""
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 2, 28)
    return day.replace(year=year)


def statement_due(published: dt.date, last: dt.date | None = None) -> dt.date:
    """By when the next statement of progress is to be published."""
    return anniversary(published, (_settled(published, last, STATEMENT) + 1) * STATEMENT)


def review_due(published: dt.date, last: dt.date | None = None) -> dt.date:
    """By when the next review is to be done: the day before the anniversary."""
    return anniversary(published, (_settled(published, last, REVIEW) + 1) * REVIEW) - DAY


def _settled(published: dt.date, last: dt.date | None, every: int) -> int:
    """How many of the days that were due are settled. What was done settles the nearest one, early or late."""
    number = 0
    while last is not None and last >= _between(published, number, every):
        number += 1
    return number


def _between(published: dt.date, number: int, every: int) -> dt.date:
    """Half way from the day of that number to the next."""
    return anniversary(published, number * every + every // 2)
