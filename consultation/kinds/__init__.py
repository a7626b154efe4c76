"""The kinds of question, one entry each: what a value is, how it is read, counted and laid out in columns.

Adding a kind: a module here and its entry in KINDS, a block in blocks/, a template in
templates/consultation/answering/kinds/.
"""

from collections.abc import Iterator

from consultation.kinds.answer import (
    ANSWERED,
    ASKED,
    SKIPPED,
    Accepted,
    Count,
    Given,
    Kind,
    Refused,
    Shape,
    Slot,
    TextBeside,
    Value,
)
from consultation.kinds.choice import (
    AREA,
    DECLINED,
    EXCLUSIVE,
    MATRIX,
    MULTIPLE,
    ONCE,
    ORDINARY,
    OTHER,
    OUTSIDE,
    ROLES,
    SINGLE,
    THEME_CHOICE,
    UNSURE,
)
from consultation.kinds.consent import AGREED, CONSENT
from consultation.kinds.date import DATE, DAY_PARTS, as_day, as_number
from consultation.kinds.number import FIRST_BIN, NUMBER, encode_number, fixed_bins, parse_number
from consultation.kinds.ranking import MOST_PLACES, PLACES, RANKING, at_place, places
from consultation.kinds.respondent import ORGANISATIONS, RESPONDENT
from consultation.kinds.scale import FEWEST_POINTS, MOST_POINTS, SCALE
from consultation.kinds.words import LONG_TEXT, SHORT_TEXT
from consultation.questionnaire import Question

__all__ = [
    "AGREED",
    "ANSWERED",
    "AREA",
    "CONSENT",
    "ASKED",
    "DAY_PARTS",
    "DECLINED",
    "EXCLUSIVE",
    "FEWEST_POINTS",
    "FIRST_BIN",
    "KINDS",
    "MOST_PLACES",
    "MOST_POINTS",
    "ONCE",
    "ORDINARY",
    "ORGANISATIONS",
    "OTHER",
    "OUTSIDE",
    "PLACES",
    "RESPONDENT",
    "ROLES",
    "SKIPPED",
    "THEME_CHOICE",
    "UNSURE",
    "Accepted",
    "Count",
    "Given",
    "Kind",
    "Refused",
    "Shape",
    "Slot",
    "TextBeside",
    "Value",
    "as_day",
    "as_number",
    "at_place",
    "counts",
    "encode_number",
    "fixed_bins",
    "parse_number",
    "places",
]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        SHORT_TEXT,
        LONG_TEXT,
        SINGLE,
        MULTIPLE,
        SCALE,
        MATRIX,
        RANKING,
        NUMBER,
        DATE,
        THEME_CHOICE,
        AREA,
        RESPONDENT,
        CONSENT,
    )
}


def counts(question: Question, value: Value) -> Iterator[Count]:
    """Say which cells of the tally one asked question of one response adds to."""
    yield Count(ASKED)
    if value is not None:
        yield from KINDS[question.kind].counts(question, value)
