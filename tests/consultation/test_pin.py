"""What the public sees: rounded, frozen, in steps of ten, and only when the setting allows it."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consultation import instrument, ledger, pin
from consultation.answers import Answers
from consultation.disclosure import rounded, rounded_percent
from consultation.models import Channel, Consultation, Theme
from consultation.tick import tick


def answer(consultation, n, option=1):
    asked = Answers({1: option}).asked_by(instrument.current(consultation, "en"))
    for _ in range(n):
        ledger.submit(consultation, uuid.uuid4(), consultation.version, "en", Channel.WEB, asked)


def shown(language="en"):
    found = pin.of_theme(Theme.objects.get(name="Getting about"), language)
    return [(s.received, [bar.figure for bar in s.questions[0].bars]) for s in found]


@pytest.mark.parametrize(
    ("n", "figure"), [(0, 0), (1, "*"), (7, "*"), (8, 10), (12, 10), (13, 15), (1002, 1000), (1003, 1005)]
)
def test_small_numbers_are_starred_and_the_rest_rounded(n, figure):
    assert rounded(n) == figure


@given(st.integers(8, 10**7))
def test_rounding_moves_a_count_by_two_at_most(n):
    assert abs(rounded(n) - n) <= 2


def test_a_percentage_is_made_from_rounded_figures_or_not_at_all():
    assert rounded_percent(10, 30) == 33
    assert rounded_percent("*", 30) is None
    assert rounded_percent(10, 0) is None


@pytest.mark.django_db
def test_while_open_the_public_figures_move_in_steps_of_ten(make_consultation):
    consultation = make_consultation(results=Consultation.Results.WHILE_OPEN)
    answer(consultation, 9)
    tick()
    assert shown() == []

    answer(consultation, 2)
    tick()
    assert shown() == [(10, [10, 0, 0])]

    answer(consultation, 9, option=2)
    tick()
    assert shown() == [(10, [10, 0, 0])]

    answer(consultation, 1, option=2)
    tick()
    assert shown() == [(20, [10, 10, 0])]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "while_open", "after"),
    [("never", 0, 0), ("after", 0, 1), ("open", 1, 1)],
)
def test_the_setting_decides_when_the_public_sees_figures(make_consultation, setting, while_open, after):
    consultation = make_consultation(results=setting)
    answer(consultation, 15)
    tick()
    assert len(shown()) == while_open

    consultation.closes_at = timezone.now() - dt.timedelta(seconds=1)
    consultation.save()
    tick()
    assert len(shown()) == after


@pytest.mark.django_db
def test_figures_disappear_when_an_editor_takes_them_back(make_consultation):
    consultation = make_consultation(results=Consultation.Results.WHILE_OPEN)
    answer(consultation, 15)
    tick()

    Consultation.objects.filter(pk=consultation.pk).update(results=Consultation.Results.NEVER)

    assert shown() == []
