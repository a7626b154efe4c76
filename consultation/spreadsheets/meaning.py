"""What the columns of a file mean, as an officer says it, and what the values in them mean. It is kept as JSON.

A column is meant by a code: a name of FIXED, "q3" for question 3, "q3.2" for its option 2, "q3.2.text" for the words
beside that option, "q3.name" for a text of its own, "q3#1" for whatever is at place 1 of its ranking, "" for none.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

FIXED = ("reference", "received_at", "language", "channel", "version")
# What a value can mean, beside the number of an option.
EMPTY, OTHER, WRONG, TICKED, UNTICKED = "empty", "other", "wrong", "ticked", "unticked"


@dataclass(frozen=True)
class Meaning:
    """The columns of a file by their places, counted from 0.

    own: the file came from this site, so that an apostrophe is taken off, and what is empty was not asked; historic:
    what breaks a rule of the questionnaire is kept; language, channel: of a response whose row does not say; schemes:
    how the options of a column are recognised (see values.py); values: what was said of single values; others: what
    any other value means.
    """

    columns: tuple[str, ...] = ()
    own: bool = False
    historic: bool = False
    language: str = ""
    channel: str = ""
    schemes: Mapping[int, str] = field(default_factory=dict)
    values: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    others: Mapping[int, str] = field(default_factory=dict)

    def encode(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    def without_words(self) -> "Meaning":
        """What is kept for the next file: of single values those that mean an option, since others may be anything."""
        known = {
            place: {value: meant for value, meant in values.items() if meant.isdigit() or meant in (TICKED, UNTICKED)}
            for place, values in self.values.items()
        }
        return replace(self, values=known)


def decode(stored: Mapping[str, Any]) -> Meaning:
    """Undo `encode`."""
    if not stored:
        return Meaning()
    by_place = {name: {int(k): v for k, v in stored[name].items()} for name in ("schemes", "values", "others")}
    return Meaning(**{**stored, "columns": tuple(stored["columns"]), **by_place})


def digest(headers: Sequence[str]) -> str:
    """Name headers by what they are, in their order."""
    return hashlib.sha256(json.dumps(list(headers)).encode()).hexdigest()
