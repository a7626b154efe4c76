"""What hangs on a response, and what becomes of it: the one place that says so, table by table.

A new table with a key to Response gets a line here; a test fails until it has one. changes.py deletes by it, and the
copy that a person may ask for is held to it. The link to equality answers is apart.py's alone, and in no copy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.db.models import ForeignObjectRel, Model

from consultation.models import (
    AnswerWords,
    CodedText,
    Coding,
    Correction,
    Decision,
    Entry,
    Handling,
    Letter,
    Quote,
    ReadMark,
    Redaction,
    Response,
    SecondKeying,
    Sighting,
    Suspicion,
)


class Fate(Enum):
    """What becomes of a table's rows when something happens to their response."""

    GOES = "goes"  # deleted with what was said, by changes.py, from this list
    STAYS = "stays"
    BY_HAND = "by hand"  # code of its own sees to it


@dataclass(frozen=True)
class Beside:
    """A table that hangs on a response.

    taken_back: withdrawn, or undone by staff; corrected: of the response that was replaced; erased; stripped: its time
    has come (retention), and what was coded stays without a name. copy: where the person's own copy has it; empty where
    it says nothing of the person, or must not be looked up.
    """

    model: type[Model]
    taken_back: Fate
    corrected: Fate
    erased: Fate
    stripped: Fate
    copy: str
    why: str
    field: str = "response"


GOES, STAYS, BY_HAND = Fate.GOES, Fate.STAYS, Fate.BY_HAND

#                taken back  corrected  erased   stripped  own copy
BESIDE = (
    Beside(AnswerWords, GOES, GOES, GOES, GOES, "sections", "What was written."),
    Beside(Redaction, GOES, GOES, GOES, GOES, "redacted_copies", "What was written, with gaps."),
    Beside(Sighting, GOES, GOES, GOES, GOES, "", "That a text looked as if it held personal data."),
    # Without it nobody could decide any more on what is still held when it is stripped, and it says nothing of anybody.
    Beside(Suspicion, GOES, GOES, GOES, STAYS, "history", "Why it was held; a correction takes it over."),
    Beside(Decision, STAYS, STAYS, STAYS, STAYS, "history", "What staff decided, until the trail goes."),
    Beside(Handling, STAYS, STAYS, STAYS, STAYS, "", "Who of the staff looked at it, until the trail goes."),
    Beside(ReadMark, GOES, GOES, GOES, STAYS, "history", "That it was read; a correction was not yet."),
    # The number leads from the row to a sheet of paper with a name on it; what was erased leads nowhere.
    Beside(Entry, STAYS, STAYS, STAYS, GOES, "brought_in", "Which sheet or line of a batch it was."),
    # Emptied rather than deleted: a consultation that has had a letter keeps the columns of its files.
    Beside(Letter, BY_HAND, BY_HAND, BY_HAND, BY_HAND, "letter", "How many signed, and what was attached."),
    Beside(Coding, GOES, GOES, GOES, GOES, "", "Who read it, when, and what they found."),
    Beside(CodedText, GOES, GOES, GOES, STAYS, "codes", "What it counts as: an answer, once it is coded."),
    # Published ones stay when it is stripped, and nobody can tell any more whose they are: quotes.py.
    Beside(Quote, BY_HAND, BY_HAND, BY_HAND, BY_HAND, "quotes", "Parts of what was written, with consent."),
    Beside(SecondKeying, GOES, GOES, GOES, GOES, "", "What was keyed in again, until somebody decides."),
    Beside(Correction, STAYS, STAYS, BY_HAND, BY_HAND, "history", "That one person sent both.", "new"),
    Beside(Correction, STAYS, STAYS, BY_HAND, BY_HAND, "history", "That one person sent both.", "old"),
)


def delete(responses: Iterable[int], happening: str) -> None:
    """Delete what goes with what was said, of responses by primary key. happening: the name of a column above."""
    keys = list(responses)
    for line in BESIDE:
        if getattr(line, happening) is Fate.GOES:
            line.model._default_manager.filter(**{f"{line.field}__in": keys}).delete()


def tables() -> set[tuple[type[Model], str]]:
    """Every table with a key to Response, and the key's name, as the models are."""
    relations = Response._meta.get_fields(include_hidden=True)
    return {(each.related_model, each.field.name) for each in relations if isinstance(each, ForeignObjectRel)}
