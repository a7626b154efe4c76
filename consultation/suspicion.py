"""When a response is held for an officer, from what is known at its sending. Nothing is refused, nor dropped.

Pace comes before address: a network counts only sendings that were too quick for people, so that those who take their
time are never held for where they are. A few quick ones are spared in each network.
"""

from collections.abc import Mapping

from consultation.kinds import Value
from consultation.models import Reason
from consultation.questionnaire import Questionnaire

LEAST = 3  # seconds in which nobody opens two pages, reads and presses two buttons
EACH = 1  # second for each question that was answered
SPARED = 3  # quick sendings of a network in a day


def least_seconds(questionnaire: Questionnaire, values: Mapping[int, Value]) -> int:
    """How long people take at least to give these answers. A matrix is one question, since its rows are ticked down."""
    given = (q for q in questionnaire.questions if values.get(q.number) is not None)
    return max(LEAST, EACH * len({question.matrix or question.number for question in given}))


def is_quick(seconds: float | None, least: int) -> bool:
    """Whether that was too quick for people. Not where it is unknown, or before the beginning: then a clock was set."""
    return seconds is not None and 0 <= seconds < least


def reasons(*, trapped: bool, hasty: int) -> list[Reason]:
    """Why a response is held, if it is.

    trapped: something stands in the field that people do not see. hasty: how many sendings of its network were too
    quick today, this one included; 0 where this one was not.
    """
    return [Reason.TRAP] * trapped + [Reason.PACE] * (hasty > SPARED)
