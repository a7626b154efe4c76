"""One question's figures by the answers to another, from the ledger, in the memory of a batch.

What is set side by side is what `comparison` sets side by side, so percentages, bases and words are the same. Equality
questions are no questions of the questionnaire and have no cross-table: docs/decisions/0018 says why.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.db.models import Q, QuerySet

from consultation import instrument
from consultation.comparison import Comparison, compare
from consultation.kinds import KINDS, Shape
from consultation.models import Consultation, Response
from consultation.questionnaire import Question
from consultation.recount import Cell, Counted, Counts, count, groups, pairs
from consultation.snapshot import snapshot
from consultation.summary import EVERY, Reading

BATCH = 20_000  # responses looked at in one statement

Progress = Callable[[int], object]


def can_be_columns(question: Question) -> bool:
    """Questions of which people choose one option: also a row of a matrix, a scale, an area, a theme."""
    return KINDS[question.kind].shape == Shape.OPTION


def can_be_rows(question: Question) -> bool:
    """Everything that has figures; words have none."""
    return KINDS[question.kind].shape != Shape.WORDS


def windows(consultation: Consultation) -> Iterator[tuple[QuerySet[Response], int, int]]:
    """The ledger of a consultation by batches, each with how many rows it has at most and the id it ends with."""
    after = 0
    rows = consultation.responses.order_by("pk")
    while True:
        end = rows.filter(pk__gt=after).values_list("pk", flat=True)[BATCH - 1 : BATCH].first()
        if end is None:
            break
        yield consultation.responses.filter(pk__gt=after, pk__lte=end), BATCH, end
        after = end
    end = consultation.responses.filter(pk__gt=after).order_by("-pk").values_list("pk", flat=True).first()
    if end is not None:
        yield consultation.responses.filter(pk__gt=after, pk__lte=end), BATCH, end


def cells(
    consultation: Consultation,
    question: int = 0,
    across: int = 0,
    where: Q = EVERY,
    progress: Progress = lambda done: None,
) -> tuple[dict[Cell, Counted], int]:
    """Count the responses that fit, and say which was the last that there was.

    question and across: one question by the options of another; 0 and 0: every question by the consultation's segments.
    """
    counts, last = Counts(), 0
    with snapshot():
        consultation.refresh_from_db(fields=["segments"])
        questions = instrument.rows(consultation)
        for rows, size, end in windows(consultation):
            fitting = rows.filter(where) if where else rows
            found = pairs(fitting, question, across) if question else groups(consultation, fitting)
            count(questions, found, into=counts)
            last = end
            progress(size)
    return counts.cells(), last


def of_one(reading: Reading, question: int) -> Reading:
    """The same figures, of one question alone."""
    return replace(reading, chosen={question})


def lay_out(reading: Reading, question: int, across: int) -> Comparison:
    """One question by the options of another, side by side. reading: with the cells of these two."""
    return compare(of_one(reading, question), f"q{across}")
