"""An instant in words, with its zone: in the night when summer time ends, half past one comes twice; and days."""

import calendar
import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, localtime


def in_words(instant: dt.datetime) -> str:
    """Such as "25 October 2026, 01:30 BST", in the format of the active language."""
    local = localtime(instant)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or before; the last of the month where that one is shorter."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def begin_of(day: dt.date) -> dt.datetime:
    """The instant at which a day begins, where the site is."""
    return dt.datetime.combine(day, dt.time.min, get_default_timezone())
