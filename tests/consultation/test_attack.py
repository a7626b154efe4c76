"""F5: no count of 1 to 7 can be worked out from everything that is published of a consultation, whenever it was.

Questionnaires and people are made up by Hypothesis; what is told of them day by day, and version by version, is told by
the site's own rules; and a reader sets all of it side by side (tests/attack.py).
"""

from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consultation import pin, steps
from consultation.disclosure import Table, rounded
from consultation.questionnaire import Condition
from consultation.steps import Told, may_move
from tests.attack import Asked, Day, System, reading, system

LEAD, LED, TICKS, OPEN = 1, 2, 3, 4
NONE_OF_THESE = 3  # of TICKS, chosen alone
FORM = (
    Asked(LEAD, frozenset({1, 2, 3, 4}), (1, 2, 3, 4), required=True),
    Asked(LED, frozenset({1, 2}), (1, 2), required=True, led=(LEAD, (1,))),
    Asked(TICKS, frozenset({NONE_OF_THESE}), (1, 2, NONE_OF_THESE)),
    Asked(OPEN, frozenset({1, 2, 3}), (1, 2, 3)),
)
ROUTES = [{LEAD: frozenset(), LED: frozenset({Condition(LEAD, (1,))}), TICKS: frozenset(), OPEN: frozenset()}]

Person = dict[int, tuple[int, ...]]  # what somebody chose, by question


def tables(people: list[Person]) -> dict[int, Table]:
    """What is counted."""
    found = {}
    for asked in FORM:
        answers = [person[asked.number] for person in people if asked.number in person]
        counts = Counter(option for chosen in answers for option in chosen)
        found[asked.number] = Table(len(answers), {o: counts[o] for o in asked.options}, asked.alone)
    return found


def days(states: list[list[Person]], *, closing: bool = True) -> list[Day]:
    """What the public sees from state to state: those in which nothing moves are no day of their own."""
    found: list[Day] = []
    questions, bases, made, behind = {}, {}, {}, {}
    earlier: list[tuple[str, Told]] = []
    before: list[int] = []
    for place, people in enumerate(states):
        at_the_end = closing and place == len(states) - 1
        if not all(may_move(len(people), n, at_the_end=at_the_end) for n in before or [None]):
            continue
        counted = tables(people)
        questions, bases = pin.questions_told(counted, ROUTES, questions, bases, earlier, at_the_end=at_the_end)
        for n, table in counted.items():
            if questions[str(n)]["answered"] is None or bases.get(str(n)) == table.base:
                made[n], behind[n] = len(found), table
        told = {n: Told(base, options(questions[n])) for n, base in bases.items()}
        earlier += told.items()
        before.append(len(people))
        found.append(
            Day(
                received=rounded(len(people)),
                true_received=len(people),
                answered={n: questions[str(n)]["answered"] for n in counted},
                options={n: options(questions[str(n)]) for n in counted},
                true_answered={n: behind.get(n, table).base for n, table in counted.items()},
                true_options={n: behind.get(n, table).counts for n, table in counted.items()},
                as_of={n: day for n, day in made.items() if day != len(found)},
            )
        )
    return found


def options(figures: dict[str, Any]) -> dict[int, Any]:
    """By number."""
    return {int(option): figure for option, figure in figures["options"].items()}


# Sorts of people, of each of whom there are some.
SORTS: list[Person] = [
    {LEAD: (1,), LED: (1,), TICKS: (1,), OPEN: (1,)},
    {LEAD: (1,), LED: (2,), TICKS: (2,), OPEN: (2,)},
    {LEAD: (2,), TICKS: (1, 2), OPEN: (1,)},
    {LEAD: (2,), OPEN: (2,)},
    {LEAD: (3,), TICKS: (NONE_OF_THESE,)},
    {LEAD: (3,), TICKS: (1,), OPEN: (3,)},
    {LEAD: (4,)},
]
NUMBERS = st.lists(st.one_of(st.integers(0, 3), st.integers(0, 24)), min_size=len(SORTS), max_size=len(SORTS))


def crowd(numbers: list[int]) -> list[Person]:
    """So many of each sort."""
    return [person for person, n in zip(SORTS, numbers, strict=True) for _ in range(n)]


GROWTH = st.lists(NUMBERS, min_size=1, max_size=3)


def growing(parts: list[list[int]]) -> list[list[Person]]:
    """Who has answered after each part."""
    found: list[list[Person]] = []
    for part in parts:
        found.append([*(found[-1] if found else []), *crowd(part)])
    return found


@given(GROWTH)
def test_nothing_is_recovered_from_all_that_was_ever_published(parts):
    told = days(growing(parts))
    assume(told)

    assert system(FORM, told, knows_totals=False).recovered(3) == []


@given(GROWTH)
def test_nor_by_somebody_who_knows_how_many_answered(parts):
    told = days(growing(parts))
    assume(told)

    assert system(FORM, told, knows_totals=True).recovered() == []


@given(GROWTH, st.integers(1, 30))
def test_nor_where_responses_are_taken_away_between_two_versions(parts, fewer):
    states = growing(parts)
    told = days([*states, states[-1][fewer:]])
    assume(told)

    assert system(FORM, told, knows_totals=True, growing=False).recovered() == []


# The same attack on figures that are told wrongly. Each fault is one that somebody could make.


def single(*counts: int) -> list[Person]:
    """Everybody answers one question and no other."""
    return [{OPEN: (option,)} for option, n in enumerate(counts, 1) for _ in range(n)]


ONE_QUESTION = (Asked(OPEN, frozenset({1, 2, 3}), (1, 2, 3), required=True),)


def attacked(states: list[list[Person]], *, knows_totals: bool = True) -> list[Any]:
    """What is recovered of the one question."""
    return system(ONE_QUESTION, days(states), knows_totals=knows_totals).recovered()


@pytest.fixture
def no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures move with each response."""
    monkeypatch.setattr(steps, "STEP", 1)


def test_a_small_number_that_is_not_starred_is_found(monkeypatch):
    states = [single(20, 14, 3)]
    assert attacked(states, knows_totals=False) == []

    for module in ("consultation.pin", "tests.consultation.test_attack"):
        monkeypatch.setattr(f"{module}.rounded", lambda n: n)
    monkeypatch.setattr("tests.attack.reading", lambda figure, most: (0, most) if figure is None else (figure, figure))

    assert ("option", 0, OPEN, 3) in attacked(states, knows_totals=False)


def test_a_table_that_gives_its_star_away_is_found(monkeypatch):
    states = [single(98, 1)]
    assert attacked(states) == []

    monkeypatch.setattr(pin, "may_publish", lambda table: True)

    assert attacked(states) == [("option", 0, OPEN, 2)]


def test_a_total_that_is_added_up_from_rounded_parts_and_the_small_number_is_found(monkeypatch):
    """20 and 15 and a star are 38 together."""
    states = [single(20, 14, 3)]
    told = days(states)[0]
    added = System()
    added.count("star", 3, *reading(told.options[OPEN][3], 99))
    added.count("parts", 35, 35, 35)
    added.within(["parts", "star"], [], 38, 38)

    assert added.recovered() == ["star"]


@pytest.mark.usefixtures("no_steps")
def test_a_version_that_is_one_response_after_another_is_found(monkeypatch):
    states = [single(20, 20), single(20, 20, 1)]
    monkeypatch.setattr(pin, "may_follow", lambda told, table: True)
    monkeypatch.setattr(pin, "may_publish", lambda table: True)

    assert attacked(states) == [("option", 1, OPEN, 3)]


def test_with_steps_it_is_not(monkeypatch):
    assert attacked([single(20, 20), single(20, 20, 1)]) == []


def test_two_versions_that_narrow_a_star_down_together_are_found(monkeypatch):
    """3 to 7 of 20, and 1 to 3 of 31: each alone leaves enough open."""
    states = [single(17, 3), single(28, 3)]
    assert attacked(states) == []

    monkeypatch.setattr(pin, "may_follow", lambda told, table: True)

    assert {("option", 0, OPEN, 2), ("option", 1, OPEN, 2)} <= set(attacked(states))


def test_who_was_led_where_is_found(monkeypatch):
    """22, 7, 20 and 22: with the 29 who were led on as 30, the star is 6 or 7."""
    people = [
        {LEAD: (option,), **({LED: (1,)} if option in (1, 2) else {})}
        for option, n in ((1, 22), (2, 7), (3, 20), (4, 22))
        for _ in range(n)
    ]
    form = (FORM[0], Asked(LED, frozenset({1, 2}), (1, 2), required=True, led=(LEAD, (1, 2))))
    routes = [{LEAD: frozenset(), LED: frozenset({Condition(LEAD, (1, 2))})}]
    monkeypatch.setattr("tests.consultation.test_attack.ROUTES", routes)
    assert system(form, days([people]), knows_totals=True).recovered(3) == []

    monkeypatch.setattr(pin, "telling", lambda tables, routes: set())

    assert system(form, days([people]), knows_totals=True).recovered(3) == [("option", 0, LEAD, 2)]
