"""A scale: options in order, each of which stands for a number, so that a mean can be given.

The points count up from the smallest in the order in which they were first published, and both are fixed then: nothing
that is added, retired or moved later makes an answer stand for another number (docs/decisions/0003).
"""

from collections.abc import Mapping
from decimal import Decimal

from consultation.kinds.answer import Kind, Shape
from consultation.kinds.choice import DECLINED, ORDINARY, accept_one, count_one, slots, spoken
from consultation.questionnaire import Question

FEWEST_POINTS, MOST_POINTS = 2, 11


def values(question: Question) -> dict[int, int]:
    """What each point stands for, by the number of its option."""
    smallest = question.bins[0] if question.bins else 1
    points = sorted(option.number for option in question.options if option.role != DECLINED)
    return {number: smallest + place for place, number in enumerate(points)}


def _mean(question: Question, people: Mapping[int, int], total: Decimal) -> Decimal | None:
    """The mean; None where a point was put between others later, so that the order no longer is that of the numbers."""
    known = values(question)
    points = [
        option.number
        for option in question.options
        if option.number in known and (people.get(option.number) or not option.retired)
    ]
    given = sum(people.get(number, 0) for number in points)
    if not given or points != sorted(points):
        return None
    return Decimal(sum(known[number] * people.get(number, 0) for number in points)) / given


def _bins(minimum: int | None, maximum: int | None) -> list[int]:
    return [1 if minimum is None else minimum]


SCALE = Kind(
    "scale",
    Shape.OPTION,
    accept_one,
    count_one,
    slots=slots,
    spoken=spoken,
    mean=_mean,
    bins=_bins,
    roles=(ORDINARY, DECLINED),
    steers=True,
)
