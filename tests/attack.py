"""A reader who sets everything that was ever published of a consultation side by side, and reasons about small numbers.

Every figure, of every version and every day, is a range for a count; what everybody knows of the form ties the counts
together: options add up to who answered, who was led to a question chose an option of another, nobody who has answered
goes away. All of it is linear. `recovered` names the counts of 1 to 7 of which fewer values can be believed than asked
for. A value is believable where a whole set of counts with it fits all that was published: such a set is looked for
until there is one, or until it is certain that there is none.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from consultation.disclosure import SMALL, STAR, Figure

Name = Hashable
PATIENCE = 20_000  # steps of a search


class Undecided(Exception):
    """The search took too long to say anything."""


def reading(figure: Figure | None, most: int) -> tuple[int, int]:
    """The counts that are published as this figure, by the rule as the page tells it. None: it is not published."""
    if figure is None:
        return 0, most
    if figure == STAR:
        return 1, SMALL
    return (max(int(figure) - 2, SMALL + 1), int(figure) + 2) if figure else (0, 0)


@dataclass
class System:
    """What a reader knows: a range of each count, and sums of counts that lie in a range."""

    truth: dict[Name, int] = field(default_factory=dict)
    ranges: dict[Name, tuple[int, int]] = field(default_factory=dict)
    known: set[Name] = field(default_factory=set)
    sums: list[tuple[dict[Name, int], int, int]] = field(default_factory=list)  # with signs, at least, at most

    def count(self, name: Name, truth: int, low: int, high: int, *, known: bool = False) -> None:
        """A count that lies in a range, or is known from elsewhere, and so not to be recovered."""
        assert low <= truth <= high, (name, truth, low, high)  # the attack has to allow what is true
        self.truth[name], self.ranges[name] = truth, (low, high)
        if known:
            self.known.add(name)

    def within(self, plus: Iterable[Name], minus: Iterable[Name], low: int, high: int) -> None:
        """The first counts less the others lie in a range."""
        terms: dict[Name, int] = defaultdict(int)
        for name in plus:
            terms[name] += 1
        for name in minus:
            terms[name] -= 1
        assert low <= sum(sign * self.truth[name] for name, sign in terms.items()) <= high, (terms, low, high)
        self.sums.append((dict(terms), low, high))

    def recovered(self, believable: int = 2) -> list[Name]:
        """The counts of 1 to 7 of which fewer values than that can be believed."""
        ranges = _narrowed(self.ranges, self.sums, self._by_name())
        assert ranges is not None
        small = [name for name, n in self.truth.items() if 1 <= n <= SMALL and name not in self.known]
        return [name for name in small if self._values(name, ranges, believable) < believable]

    def _by_name(self) -> dict[Name, list[int]]:
        found: dict[Name, list[int]] = defaultdict(list)
        for place, (terms, _low, _high) in enumerate(self.sums):
            for name in terms:
                found[name].append(place)
        return found

    def _values(self, name: Name, ranges: Mapping[Name, tuple[int, int]], enough: int) -> int:
        """How many values can be believed, counted until there are enough."""
        (low, high), true = ranges[name], self.truth[name]
        found = 1
        for value in sorted(range(low, high + 1), key=lambda value: abs(value - true)):
            if found >= enough:
                break
            if value != true and self._fits(ranges, name, value):
                found += 1
        return found

    def _fits(self, ranges: Mapping[Name, tuple[int, int]], name: Name, value: int) -> bool:
        by_name = self._by_name()
        start = _narrowed({**ranges, name: (value, value)}, self.sums, by_name, [name])
        stack = [start] if start else []
        for _step in range(PATIENCE):
            if not stack:
                return False
            here = stack.pop()
            # Where the truth still fits it is taken: most of a set of counts is as it is.
            near = {n: min(max(self.truth[n], low), high) for n, (low, high) in here.items()}
            broken = [terms for terms, low, high in self.sums if not low <= _sum(terms, near) <= high]
            if not broken:
                return True
            open_ = [n for n in broken[0] if here[n][0] < here[n][1]]
            chosen = min(open_, key=lambda n: here[n][1] - here[n][0])
            (low, high), own = here[chosen], near[chosen]
            for part in sorted(_parts(low, own, high), key=lambda part: part == (own, own)):
                narrowed = _narrowed({**here, chosen: part}, self.sums, by_name, [chosen])
                if narrowed:
                    stack.append(narrowed)
        raise Undecided(name)


def _parts(low: int, own: int, high: int) -> list[tuple[int, int]]:
    return [part for part in ((low, own - 1), (own + 1, high), (own, own)) if part[0] <= part[1]]


def _sum(terms: Mapping[Name, int], counts: Mapping[Name, int]) -> int:
    return sum(sign * counts[name] for name, sign in terms.items())


def _narrowed(
    ranges: Mapping[Name, tuple[int, int]],
    sums: Sequence[tuple[Mapping[Name, int], int, int]],
    by_name: Mapping[Name, Sequence[int]],
    changed: Iterable[Name] | None = None,
) -> dict[Name, tuple[int, int]] | None:
    """What follows for each count from all sums; None where they can't all hold."""
    found = dict(ranges)
    waiting = set(range(len(sums))) if changed is None else {place for name in changed for place in by_name[name]}
    while waiting:
        terms, low, high = sums[waiting.pop()]
        least = sum(sign * found[n][0 if sign > 0 else 1] for n, sign in terms.items())
        most = sum(sign * found[n][1 if sign > 0 else 0] for n, sign in terms.items())
        if least > high or most < low:
            return None
        for name, sign in terms.items():
            if not sign:
                continue
            own_low, own_high = found[name]
            if sign > 0:
                others_least, others_most = least - sign * own_low, most - sign * own_high
                new_low, new_high = _up(low - others_most, sign), (high - others_least) // sign
            else:
                others_least, others_most = least - sign * own_high, most - sign * own_low
                new_low, new_high = _up(others_least - high, -sign), (others_most - low) // -sign
            new_low, new_high = max(own_low, new_low), min(own_high, new_high)
            if new_low > new_high:
                return None
            if (new_low, new_high) != (own_low, own_high):
                found[name] = new_low, new_high
                least = sum(s * found[n][0 if s > 0 else 1] for n, s in terms.items())
                most = sum(s * found[n][1 if s > 0 else 0] for n, s in terms.items())
                waiting.update(by_name[name])
    return found


def _up(n: int, by: int) -> int:
    return -(-n // by)


# What is published, and what everybody knows of the form


@dataclass(frozen=True)
class Asked:
    """A question as everybody sees it in the form. led: asked of who chose one of these of another question."""

    number: int
    alone: frozenset[int]  # options that nobody chooses with others
    options: tuple[int, ...]
    required: bool = False  # and nobody can prefer not to say
    led: tuple[int, tuple[int, ...]] | None = None


@dataclass(frozen=True)
class Day:
    """What could be read on a day or in a version, and what was true behind it.

    Figures are by question: how many answered, and options. True counts stand behind each question's figures, which
    need not be of the same day as the others'.
    """

    received: Figure
    true_received: int
    answered: Mapping[int, Figure | None]
    options: Mapping[int, Mapping[int, Figure]]
    true_answered: Mapping[int, int]
    true_options: Mapping[int, Mapping[int, int]]
    channels: Mapping[str, Figure] = field(default_factory=dict)
    true_channels: Mapping[str, int] = field(default_factory=dict)
    as_of: Mapping[int, int] = field(default_factory=dict)  # the day on which a question's figures were made


def system(form: Sequence[Asked], days: Sequence[Day], *, knows_totals: bool, growing: bool = True) -> System:
    """Everything that a reader knows.

    knows_totals: how many sent a response, and how many answered each question, is known exactly from elsewhere.
    growing: the reader is right that nobody took anything back.
    """
    found = System()
    most = max(day.true_received for day in days) + 10
    for t, day in enumerate(days):
        low, high = reading(day.received, most)
        own = day.true_received
        found.count(("received", t), own, *((own, own) if knows_totals else (low, high)), known=knows_totals)
        for channel, n in day.true_channels.items():
            figure = day.channels.get(channel, None if not day.channels else 0)
            found.count(("channel", t, channel), n, *reading(figure, most))
        if day.true_channels:
            found.within([("channel", t, c) for c in day.true_channels], [("received", t)], 0, 0)
        for asked in form:
            _question(found, asked, t, day, most, knows_totals=knows_totals)
        for asked in form:
            _ties(found, asked, t, day, most)
    if growing:
        _grows(found, form, days, most)
    return found


def _question(found: System, asked: Asked, t: int, day: Day, most: int, *, knows_totals: bool) -> None:
    n = asked.number
    true, low_high = day.true_answered[n], reading(day.answered[n], most)
    known = knows_totals and day.answered[n] is not None and not asked.led
    found.count(("answered", t, n), true, *((true, true) if known else low_high), known=known)
    shown = day.options[n]
    for option in asked.options:
        figure = shown.get(option, 0) if shown else None
        found.count(("option", t, n, option), day.true_options[n].get(option, 0), *reading(figure, most))
    cells = {o: ("option", t, n, o) for o in asked.options}
    if not cells:
        return
    alone = [cells[o] for o in asked.options if o in asked.alone]
    shared = [cells[o] for o in asked.options if o not in asked.alone]
    answered = ("answered", t, n)
    if not shared:
        # Old data can have answers that are no option; then a reader who adds up is wrong, and finds nothing.
        if sum(found.truth[cell] for cell in alone) == found.truth[answered]:
            found.within(alone, [answered], 0, 0)
        return
    found.within([*alone, *shared], [answered], 0, most * len(cells))
    for cell in shared:  # who ticked that one is among those who ticked nothing alone
        found.within([answered], [*alone, cell], 0, most)


def _ties(found: System, asked: Asked, t: int, day: Day, most: int) -> None:
    """A question beside the others: as far as their figures are of the same day."""
    made = day.as_of.get(asked.number, t)
    if made != t:
        return
    answered = ("answered", t, asked.number)
    if asked.led is None:
        found.within([("received", t)], [answered], 0, 0 if asked.required else most)
        return
    leading, options = asked.led
    if day.as_of.get(leading, t) != t:
        return
    chose = [("option", t, leading, option) for option in options]
    # In old surveys some answered what they were not led to: then the rule is not one to reason with.
    if 0 <= sum(found.truth[cell] for cell in chose) - found.truth[answered] <= (0 if asked.required else most):
        found.within(chose, [answered], 0, 0 if asked.required else most)


def _grows(found: System, form: Sequence[Asked], days: Sequence[Day], most: int) -> None:
    """Nobody goes away: every count grows, and none by more than there are new people."""
    for t in range(1, len(days)):
        pairs = [("received",), *(("answered", q.number) for q in form)]
        pairs += [("option", q.number, o) for q in form for o in q.options]
        for kind, *rest in pairs:
            before, after = (kind, t - 1, *rest), (kind, t, *rest)
            found.within([after], [before], 0, most)
            if kind == "option":
                people = ("answered", t, rest[0]), ("answered", t - 1, rest[0])
                found.within([people[0], before], [people[1], after], 0, most)
            elif kind == "answered" and not any(rest[0] in day.as_of for day in days):
                found.within([("received", t), before], [("received", t - 1), after], 0, most)
        for channel in days[t].true_channels:
            if channel in days[t - 1].true_channels:
                found.within([("channel", t, channel)], [("channel", t - 1, channel)], 0, most)
