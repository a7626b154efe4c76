"""What every kind of question shares: how an answer is handed in, stored and counted.

A value in the ledger is plain JSON (docs/decisions/0003):

    absent  the question was not asked
    None    asked and skipped
    int     the option chosen (single), or the number given
    str     a number with decimals, so that no float rounds it
    list    the options ticked, sorted (multiple)
    True    answered in words, which have a row of their own
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consultation.questionnaire import Question

Value = None | bool | int | str | list[int]

# What the tally counts beside a question's options, which are numbered from 1.
ASKED = 0
ANSWERED = -1


class Refused(Exception):
    """An answer that can't be accepted; its message tells the citizen what to do instead."""


@dataclass(frozen=True)
class Given:
    """What a form or a file hands in for one question.

    chosen: the raw values of the question's inputs, in order; words: the raw text beside it (of "other").
    """

    chosen: Sequence[str]
    words: str = ""


@dataclass(frozen=True)
class Accepted:
    """An answer in the ledger's form, with its words by option number (0: the question's own text)."""

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
class Kind:
    """How one kind of question behaves, from the form to the tally."""

    name: str
    accept: Callable[["Question", Given], Accepted]
    counts: Callable[["Question", Value], Iterable[Count]]
    takes_options: bool = False
