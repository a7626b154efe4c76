"""What every kind of question shares: how an answer is handed in, stored, counted and said.

A value in the ledger is plain JSON (docs/decisions/0003):

    absent  the question was not asked
    None    asked and skipped
    int     the option chosen, or the number given
    str     a number with decimals, so that no float rounds it; a day, as ISO writes it
    list    the options ticked, sorted (multiple), or in the order of their places (ranking)
    True    answered in words, which have a row of their own
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from django.utils.functional import Promise

from consultation.questionnaire import Question, Text

Value = None | bool | int | str | list[int]
Words = Mapping[int, str]  # of one answer, by option number (0: the question's own text) or that of a text beside

# What the tally counts beside a question's options, which are numbered from 1.
ASKED = 0
ANSWERED = -1


class Refused(Exception):
    """An answer that can't be accepted; its message tells the citizen what to do instead.

    The message goes on after the question and a colon. about: the input that it is about, be it one of several of the
    question or a text beside the options, by name; empty: the first, the options or all of them.
    """

    def __init__(self, message: str, about: str = "") -> None:
        super().__init__(message)
        self.about = about


class Shape(Enum):
    """What an answer is, whatever the kind of its question: files and summaries go by this."""

    WORDS = "words"
    NUMBER = "number"
    OPTION = "option"
    OPTIONS = "options"
    PLACES = "places"
    DAY = "day"


@dataclass(frozen=True)
class Given:
    """What a form or a file hands in for one question.

    chosen: the raw values of the question's inputs, in order; words: the raw text beside it (of "other");
    texts: the raw texts beside the options, by name; complete: none of these may be missing.
    """

    chosen: Sequence[str]
    words: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True)
class Accepted:
    """An answer in the ledger's form, with its words by number (0: the question's own text)."""

    value: Value
    words: dict[int, str]
    removed: bool = False  # unstorable characters were taken out, so the page says so


SKIPPED = Accepted(None, {})


@dataclass(frozen=True)
class Count:
    """One cell's share of one response."""

    option: int
    n: int = 1
    total: int = 0  # in thousandths, so that both databases add exactly


@dataclass(frozen=True)
class Slot:
    """One line of a question's table: the cell of the tally that it shows, and what it is called."""

    number: int
    label: str
    role: str = ""
    retired: bool = False  # no longer offered


@dataclass(frozen=True)
class TextBeside:
    """What is asked in words beside the options.

    name: in forms and files; number: its words are kept under it, beyond the numbers of options; roles: of the options
    that it belongs to, beside others a form leaves it out; autocomplete: what a browser can fill in.
    """

    name: str
    number: int
    label: str | Promise
    roles: tuple[str, ...]
    required: bool = False
    autocomplete: str = ""


def inputs(value: Value) -> list[str]:
    """The inputs of a form that a value would have come from."""
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def as_text(question: Question, value: Value, words: Words) -> Iterable[Text]:
    """Say an answer as it is stored; in its own words where it has some."""
    yield Text(words.get(0, "") if value is True else str(value))


@dataclass(frozen=True)
class Kind:
    """How one kind of question behaves, from the form to the tally and back.

    accept:  the answer that a form or a file hands in; raises Refused
    counts:  the cells that an answer adds to, beside ASKED
    slots:   the table of a question, whose cells that are not empty are given
    mean:    of the people by slot, and the sum of the numbers they gave
    spoken:  an answer in words
    inputs:  the inputs that a value would have come from
    limits:  what can be entered, in words for the form
    bins:    what is fixed for good at the first publication, from the smallest and the largest value
    roles:   those that its options can have
    steers:  the option chosen can decide what is asked in later sections
    beside:  where options are records, what the editor can offer beside them, each with its role
    fixed:   where options are always the same, which, each with its role: the editor only words them
    texts:   what is asked in words beside the options
    once:    a questionnaire asks it once at most
    apart:   every figure can be compared by it from the start
    """

    name: str
    shape: Shape
    accept: Callable[[Question, Given], Accepted]
    counts: Callable[[Question, Value], Iterable[Count]]
    slots: Callable[[Question, Collection[int]], Sequence[Slot]] = lambda question, found: ()
    mean: Callable[[Question, Mapping[int, int], Decimal], Decimal | None] = lambda question, people, total: None
    spoken: Callable[[Question, Value, Words], Iterable[Text]] = as_text
    inputs: Callable[[Value], list[str]] = inputs
    limits: Callable[[Question], str] = lambda question: ""
    bins: Callable[[int | None, int | None], list[int]] = lambda minimum, maximum: []
    roles: tuple[str, ...] = ()
    steers: bool = False
    beside: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[TextBeside, ...] = ()
    once: bool = False
    apart: bool = False

    @property
    def known(self) -> Mapping[str, str]:
        """The options that nobody makes up, by ids that mean the same in every consultation, each with its role."""
        return {**self.beside, **self.fixed}

    @property
    def takes_options(self) -> bool:
        """Whether people choose among options."""
        return bool(self.roles)
