"""Figures move by ten people, question by question, and a routed one with those that lead to it."""

import pytest

from consultation.questionnaire import Condition
from consultation.steps import may_move, moving

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
