"""Each language is named in itself and writes its dates in its own way."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import formats, translation


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "31 January 2027, 17:00"),
        ("ga", "31 Eanáir 2027, 17:00"),
        ("sco-ulster", "31 January 2027, 17:00"),
        ("pl", "31 stycznia 2027 17:00"),
        ("tet", "31 January 2027, 17:00"),
    ],
)
def test_a_date_has_the_day_first_and_no_twelve_hour_clock(language, written):
    with translation.override(language):
        assert formats.date_format(dt.datetime(2027, 1, 31, 17), "DATETIME_FORMAT") == written


def test_every_language_has_a_name_of_its_own():
    assert dict(settings.LANGUAGES) == {
        "en": "English",
        "ga": "Gaeilge",
        "sco-ulster": "Ulstèr-Scotch",
        "pl": "Polski",
        "lt": "Lietuvių",
        "pt": "Português",
        "tet": "Tetun",
    }
