"""Figures move by ten people, question by question, and a routed one with those that lead to it."""

import pytest

from consultation.disclosure import Table, rounded
from consultation.questionnaire import Condition
from consultation.steps import Told, may_follow, may_move, moving

LEAD, LED = 1, 2
ROUTES = [{LED: frozenset({Condition(LEAD, (1,))})}]


@pytest.mark.parametrize(
    ("people", "before", "at_the_end", "can"),
    [
        (9, None, False, False),
        (10, None, False, True),
        (1, None, True, True),
        (29, 20, False, False),
        (29, 20, True, False),
        (30, 20, False, True),
        (10, 20, False, True),
    ],
)
def test_ten_people_stand_between_two_results_and_few_behind_the_only_one(people, before, at_the_end, can):
    assert may_move(people, before, at_the_end=at_the_end) == can


@pytest.mark.parametrize(("lead", "moved"), [(40, {LEAD, LED}), (39, set()), (30, {LED})])
def test_a_routed_question_moves_with_what_leads_to_it_or_where_that_stands_still(lead, moved):
    assert moving({LEAD: lead, LED: 20}, {LEAD: 30, LED: 10}, ROUTES, at_the_end=False) == moved


def test_what_follows_from_a_question_that_waits_waits_too():
    routes = [ROUTES[0] | {3: frozenset({Condition(LED, (1,))})}]

    assert moving({LEAD: 39, LED: 20, 3: 20}, {LEAD: 30, LED: 10, 3: 10}, routes, at_the_end=False) == set()


def single(*counts):
    """A table in which everybody chooses one option."""
    return Table(sum(counts), dict(enumerate(counts)), frozenset(range(len(counts))))


def told(*counts):
    """The same, as it was told."""
    return Told(sum(counts), {option: rounded(n) for option, n in enumerate(counts)})


@pytest.mark.parametrize(
    ("before", "after", "can"),
    [
        ((17, 3), (28, 3), False),  # 3 to 7 of 20, then 1 to 3 of 31: it is 3
        ((17, 3), (30, 3), True),  # 3 to 5
        ((17, 5), (34, 5), False),  # 5 or 6
        ((20, 20), (29, 20), False),  # nine people
        ((60, 40, 0), (30, 20, 0), True),  # half of them went
    ],
)
def test_new_figures_stand_beside_earlier_ones_where_no_star_is_narrowed_down(before, after, can):
    assert may_follow(told(*before), single(*after)) == can


def test_who_reasons_from_what_cannot_be_comes_to_an_end():
    """22 of 40 chose the first, later 8 of 60: so somebody took an answer back."""
    assert may_follow(told(22, 18), single(8, 52))
