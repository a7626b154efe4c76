"""What the values of a column mean: options by their labels, what they count as, their keys or their numbers.

One of these ways is taken for a whole column, so that "1" does not mean one thing in a row and another in the next.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from consultation.kinds import Shape
from consultation.kinds.scale import values as points
from consultation.spreadsheets.meaning import TICKED, UNTICKED, WRONG
from consultation.spreadsheets.spoken import in_every_language, plain
from consultation.spreadsheets.targets import Known

LABELS, POINTS, YES_NO, KEYS, NUMBERS = SCHEMES = ("labels", "points", "yes_no", "keys", "numbers")
_YES = ("1", "x", "y", "✓", "✔", "☑", "☒", "true", "ticked", "checked", "selected")
_NO = ("0", "n", "false", "-", "–", "☐", "unticked", "unchecked", "not selected")
_PARTS = re.compile(r"[;|\n]")


def yes() -> frozenset[str]:
    """How a tick is written."""
    return frozenset(map(plain, (*_YES, *in_every_language("Yes"))))


def no() -> frozenset[str]:
    """How it is written that there is none."""
    return frozenset(map(plain, (*_NO, *in_every_language("No"))))


class Options:
    """Recognises the options of one question."""

    def __init__(self, known: Known) -> None:
        self.known = known

    @cached_property
    def exactly(self) -> dict[str, int]:
        """Labels to the letter, where one is worded like another but for signs."""
        return _clear((option.label.text, option.number) for worded in self.known.wordings for option in worded.options)

    @cached_property
    def schemes(self) -> dict[str, dict[str, int]]:
        """Options by what is written, for each way of writing it."""
        question = self.known.question
        labels = [(plain(o.label.text), o.number) for worded in self.known.wordings for o in worded.options]
        of_points = points(question) if question.kind == "scale" else {}
        return {
            LABELS: _clear(labels),
            POINTS: {str(stands_for): number for number, stands_for in of_points.items()},
            YES_NO: self._yes_no(labels),
            KEYS: {plain(key): number for number, key in self.known.keys.items()},
            NUMBERS: {str(option.number): option.number for option in question.options},
        }

    def _yes_no(self, labels: Iterable[tuple[str, int]]) -> dict[str, int]:
        affirm, deny = yes(), no()
        ayes = {number for label, number in labels if label in affirm}
        noes = {number for label, number in labels if label in deny}
        if len(ayes) != 1 or len(noes) != 1:
            return {}
        return dict.fromkeys(affirm, *ayes) | dict.fromkeys(deny, *noes)

    def best(self, found: Collection[str]) -> str:
        """The way in which most of the values can be read; the first of several."""
        words = [plain(value) for value in found]
        counts = {name: sum(word in table for word in words) for name, table in self.schemes.items()}
        return max(SCHEMES, key=lambda name: counts[name])

    def find(self, scheme: str, value: str) -> int | None:
        """The option that a value means."""
        if scheme == LABELS and value.strip() in self.exactly:
            return self.exactly[value.strip()]
        return self.schemes[scheme].get(plain(value))

    def parts(self, scheme: str, cell: str) -> list[str]:
        """The values in a cell that may have several: between semicolons, bars and lines, else between commas."""
        if self.find(scheme, cell) is not None:
            return [cell]
        parts = [part.strip() for part in _PARTS.split(cell) if part.strip()]
        if len(parts) > 1:
            return parts
        return list(self._by_commas(scheme, cell.strip().strip(";|").strip()))

    def _by_commas(self, scheme: str, cell: str) -> Iterable[str]:
        """The longest runs that are known; a label may have commas of its own."""
        pieces = cell.split(",")
        while pieces:
            runs = (n for n in range(len(pieces), 0, -1) if self.find(scheme, ",".join(pieces[:n])) is not None)
            taken = next(runs, 1)
            if piece := ",".join(pieces[:taken]).strip():
                yield piece
            pieces = pieces[taken:]


def _clear(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The pairs by their first, without those that stand for more than one."""
    every = {pair for pair in pairs if pair[0]}
    times = Counter(text for text, _number in every)
    return {text: number for text, number in every if times[text] == 1}


class ColumnReader:
    """Reads the cells of a column that names options, as it was said what they mean."""

    def __init__(self, known: Known, rest: str, scheme: str, said: Mapping[str, str], others: str, header: str) -> None:
        self.known, self.rest, self.scheme, self.said, self.others = known, rest, scheme, said, others
        self.options = Options(known)
        self.is_tick = rest.startswith(".") and known.shape == Shape.OPTIONS
        if self.is_tick:
            option = next(o for o in known.question.options if f".{o.number}" == rest)
            labels = [o.label.text for worded in known.wordings for o in worded.options if o.number == option.number]
            self.yes, self.no = yes() | {plain(text) for text in (*labels, header)}, no()

    def values(self, cell: str) -> Sequence[str]:
        """The single values of a cell that is not empty."""
        has_several = not self.rest and self.known.shape in (Shape.OPTIONS, Shape.PLACES)
        return self.options.parts(self.scheme, cell) if has_several else [cell.strip()]

    def known_by_itself(self, value: str) -> str:
        """What a value means without anybody saying so; "" where that is unknown."""
        if self.is_tick:
            word = plain(value)
            return TICKED if word in self.yes else UNTICKED if word in self.no else ""
        number = self.options.find(self.scheme, value)
        return "" if number is None else str(number)

    def meant(self, value: str) -> str:
        """What a value means: the number of an option, or one of the words of meaning.py."""
        return self.said.get(value) or self.known_by_itself(value) or self.others or WRONG


def names_options(known: Known, rest: str) -> bool:
    """Whether the values of such a column are options or ticks: neither texts nor numbers."""
    if known.shape == Shape.OPTIONS:
        return not rest.endswith(".text")
    if known.shape == Shape.PLACES:
        return not rest.startswith(".")
    return known.shape == Shape.OPTION and not rest


def choices(known: Known, rest: str) -> list[tuple[str, str]]:
    """What an officer can say of a value, besides what is offered for each."""
    if known.shape == Shape.OPTIONS and rest:
        return []
    return [(str(option.number), option.label.text) for option in known.question.options]
