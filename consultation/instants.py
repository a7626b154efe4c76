"""An instant in words, with its zone: in the night when summer time ends, half past one comes twice."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import localtime


def in_words(instant: dt.datetime) -> str:
    """Such as "25 October 2026, 01:30 BST", in the format of the active language."""
    local = localtime(instant)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"
