"""What the public sees: rounded, frozen, in steps of ten, and only when the setting allows it."""

import datetime as dt
import itertools
import uuid

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from consultation import instrument, ledger, pin
from consultation.answers import Answers
from consultation.disclosure import Table, may_publish, rounded, rounded_percent
from consultation.models import Channel, Consultation, PinnedResult, Theme
from consultation.tick import tick
from tests.factories import make_consultation_page


def answer(consultation, n, option=1, more=None):
    asked = Answers({1: option} | (more or {})).asked_by(instrument.current(consultation, "en"))
    for _ in range(n):
        ledger.submit(consultation, uuid.uuid4(), consultation.version, "en", Channel.WEB, asked)


def shown(language="en", place=0):
    found = pin.of_theme(Theme.objects.get(name="Getting about"), language)
    return [(s.received, [bar.figure for bar in s.questions[place].bars]) for s in found]


WISHES = 1  # the place of a question that can be skipped, with the number 2


@pytest.mark.parametrize(
    ("n", "figure"), [(0, 0), (1, "*"), (7, "*"), (8, 10), (12, 10), (13, 15), (1002, 1000), (1003, 1005)]
)
def test_small_numbers_are_starred_and_the_rest_rounded(n, figure):
    assert rounded(n) == figure


def shared_out(counts):
    """Of a question in which everybody chooses one option."""
    numbered = dict(enumerate(counts, 1))
    return Table(sum(counts), numbered, frozenset(numbered))


def solutions(counts):
    """Every set of counts that a reader who knows the total exactly could still believe in."""
    ranges = [
        range(1, 8) if figure == "*" else range(max(8, figure - 2), figure + 3) if figure else range(1)
        for figure in map(rounded, counts)
    ]
    return [found for found in itertools.product(*ranges) if sum(found) == sum(counts)]


@pytest.mark.parametrize("counts", [[8, 1, 1], [8, 1, 1, 1, 1], [12, 7], [98, 1], [1, 0]])
def test_tables_from_which_a_small_count_could_be_worked_out_are_withheld(counts):
    assert not may_publish(shared_out(counts))


@given(st.lists(st.integers(0, 14), min_size=2, max_size=4))
def test_no_published_table_gives_a_star_away_to_somebody_who_knows_the_total(counts):
    if may_publish(shared_out(counts)):
        for index, n in enumerate(counts):
            if 1 <= n <= 7:
                assert len({found[index] for found in solutions(counts)}) >= 3


@given(st.integers(8, 10**7))
def test_rounding_moves_a_count_by_two_at_most(n):
    assert abs(rounded(n) - n) <= 2


def test_a_percentage_is_made_from_rounded_figures_or_not_at_all():
    assert rounded_percent(10, 30) == 33
    assert rounded_percent("*", 30) is None
    assert rounded_percent(10, 0) is None


@pytest.mark.django_db
def test_while_open_the_public_figures_move_in_steps_of_ten():
    consultation = make_consultation_page(results=Consultation.Results.WHILE_OPEN).consultation
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
def test_nine_who_skip_a_question_do_not_see_the_tenths_answer_to_it():
    consultation = make_consultation_page(results=Consultation.Results.WHILE_OPEN).consultation
    answer(consultation, 12, more={2: [1]})
    answer(consultation, 10, more={2: [2]})
    tick()
    assert shown(place=WISHES) == [(20, [10, 10, 0])]

    answer(consultation, 9)
    answer(consultation, 1, more={2: [1]})
    tick()
    assert shown() == [(30, [30, 0, 0])]
    assert shown(place=WISHES) == [(30, [10, 10, 0])]

    answer(consultation, 10, more={2: [1]})
    tick()
    assert shown(place=WISHES) == [(40, [25, 10, 0])]


@pytest.mark.django_db
def test_a_questions_first_figures_wait_for_ten_people_or_for_the_end():
    consultation = make_consultation_page(results=Consultation.Results.WHILE_OPEN).consultation
    answer(consultation, 11)
    answer(consultation, 9, more={2: [1]})
    tick()
    assert shown(place=WISHES) == [(20, [])]
    (told,) = pin.of_theme(Theme.objects.get(name="Getting about"), "en")
    page = render_to_string("_summary.html", {"summary": told})
    assert "so few people answered" in page
    assert "beside the other figures" not in page

    consultation.closes_at = timezone.now() - dt.timedelta(seconds=1)
    consultation.save()
    PinnedResult.objects.all().delete()
    tick()
    assert shown(place=WISHES) == [(20, [10, 0, 0])]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "while_open", "after"),
    [("never", 0, 0), ("after", 0, 1), ("open", 1, 1)],
)
def test_the_setting_decides_when_the_public_sees_figures(setting, while_open, after):
    consultation = make_consultation_page(results=setting).consultation
    answer(consultation, 15)
    tick()
    assert len(shown()) == while_open

    consultation.closes_at = timezone.now() - dt.timedelta(seconds=1)
    consultation.save()
    tick()
    assert len(shown()) == after


@pytest.mark.django_db
def test_figures_disappear_when_an_editor_takes_them_back():
    consultation = make_consultation_page(results=Consultation.Results.WHILE_OPEN).consultation
    answer(consultation, 15)
    tick()

    Consultation.objects.filter(pk=consultation.pk).update(results=Consultation.Results.NEVER)

    assert shown() == []


@pytest.mark.django_db
def test_a_consultation_that_is_private_or_taken_back_shows_no_figures():
    page = make_consultation_page(results=Consultation.Results.WHILE_OPEN)
    answer(page.consultation, 15)
    tick()
    assert shown()

    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert shown() == []
    restriction.delete()
    assert shown()

    page.unpublish()
    assert shown() == []
