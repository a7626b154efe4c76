"""When published figures may move: by ten people or more, and each question by ten who answered it.

Ten more responses are not enough: of those, nine people can skip a question, and see what the tenth answered.
"""

from collections.abc import Iterable, Mapping

from consultation.questionnaire import Condition

STEP = 10  # people between two results that can be compared


def may_move(people: int, before: int | None, *, at_the_end: bool) -> bool:
    """Whether figures of so many people can replace those of so many before.

    The first figures, before which there are none, can be of few people at the end: they are compared with nothing.
    """
    return at_the_end or people >= STEP if before is None else abs(people - before) >= STEP


def moving(
    people: Mapping[int, int],
    before: Mapping[int, int],
    routes: Iterable[Mapping[int, frozenset[Condition]]],
    *,
    at_the_end: bool,
) -> set[int]:
    """The questions whose figures can move, by how many answered. A routed one moves when those that lead to it do.

    Otherwise who answered it today could be set against the other's figures of another day, and tell of those between.
    Nobody is between where as many as before have answered the other: it may not be asked any more.
    """
    found = {n for n in people if may_move(people[n], before.get(n), at_the_end=at_the_end)}
    still = {n for n in people if people[n] == before.get(n)}
    every = [(n, {c.question for c in conditions}) for version in routes for n, conditions in version.items()]
    while behind := {n for n, leading in every if n in found and not leading <= found | still}:
        found -= behind
    return found
