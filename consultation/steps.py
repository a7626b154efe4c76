"""When published figures may move: by ten people or more, and each question by ten who answered it.

Ten more responses are not enough: of those, nine people can skip a question, and see what the tenth answered.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from consultation.disclosure import POSSIBLE, STAR, Figure, Table, bounds, may_publish, rounded
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
    stuck: Collection[int] = (),
) -> set[int]:
    """The questions whose figures can move, by how many answered. A routed one moves when those that lead to it do.

    Otherwise who answered it today could be set against the other's figures of another day, and tell of those between.
    Nobody is between where as many as before have answered the other: it may not be asked any more.
    stuck: those whose new figures would tell too much beside what was told of them before (may_follow).
    """
    found = {n for n in people if may_move(people[n], before.get(n), at_the_end=at_the_end)} - set(stuck)
    still = {n for n in people if people[n] == before.get(n)}
    every = [(n, {c.question for c in conditions}) for version in routes for n, conditions in version.items()]
    while behind := {n for n, leading in every if n in found and not leading <= found | still}:
        found -= behind
    return found


@dataclass(frozen=True)
class Told:
    """What was told of a question, and the people behind it."""

    base: int
    options: Mapping[int, Figure]  # none where they were withheld


def may_follow(told: Told, table: Table) -> bool:
    """Whether a question's new figures can stand beside earlier ones that somebody kept.

    Ten people are between them, and who knows both totals exactly, and that nobody took anything back, can still
    believe in three values of each star, the earlier and the new.
    """
    if abs(table.base - told.base) < STEP:
        return False
    if not told.options or not may_publish(table):
        return True
    figures = {option: rounded(n) for option, n in table.counts.items()}
    first, last = (told.options, figures) if told.base < table.base else (figures, told.options)
    alone = table.alone >= table.counts.keys()
    totals = sorted((told.base, table.base)) if alone else None
    believable = _believable(first, last, abs(table.base - told.base), totals)
    if believable is None:  # so somebody did take something back, and there is nothing to reason from
        return True
    least, most = believable
    stars = [(0, o) for o, f in first.items() if f == STAR] + [(1, o) for o, f in last.items() if f == STAR]
    return all(most[star] - least[star] + 1 >= POSSIBLE for star in stars)


Cell = tuple[int, int]  # 0 or 1: the earlier or the later figures; the option


def _believable(
    first: Mapping[int, Figure], last: Mapping[int, Figure], between: int, totals: list[int] | None
) -> tuple[dict[Cell, int], dict[Cell, int]] | None:
    """The least and the most that a reader can believe each cell to be, who reasons until nothing more follows.

    None where it can't be. totals: of both, where everybody chose one option. An option that was not there yet was
    chosen by nobody.
    """
    options = sorted({*first, *last})
    known = {(t, o): bounds(figures.get(o, 0)) for t, figures in enumerate((first, last)) for o in options}
    least, most = {c: low for c, (low, _) in known.items()}, {c: high for c, (_, high) in known.items()}
    while True:
        before = dict(least), dict(most)
        for o in options:  # so many more, and no fewer
            least[1, o] = max(least[1, o], least[0, o])
            most[0, o] = min(most[0, o], most[1, o])
            most[1, o] = min(most[1, o], most[0, o] + between)
            least[0, o] = max(least[0, o], least[1, o] - between)
        for t, total in enumerate(totals or ()):
            for o in options:
                others = [(t, other) for other in options if other != o]
                least[t, o] = max(least[t, o], total - sum(most[c] for c in others))
                most[t, o] = min(most[t, o], total - sum(least[c] for c in others))
        if any(least[cell] > most[cell] for cell in known):
            return None
        if before == (least, most):
            return least, most
