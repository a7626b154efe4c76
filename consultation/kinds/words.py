"""Answers in words: short and long texts. The words have rows of their own; the value says only that there are some."""

from collections.abc import Callable, Iterator

from django.utils.translation import ngettext

from consultation.kinds.answer import ANSWERED, Accepted, Count, Given, Kind, Refused, Shape, Value
from consultation.questionnaire import Question
from consultation.text import LONG, SHORT, clean


def read_words(text: str, limit: int) -> tuple[str, bool]:
    """Return the words as they are stored, and whether characters were removed. Raises Refused where too long."""
    kept, removed = clean(text)
    if len(kept) > limit:
        over = len(kept) - limit
        raise Refused(
            ngettext(
                "your answer is %(over)d character too long; shorten it to %(limit)d characters or fewer.",
                "your answer is %(over)d characters too long; shorten it to %(limit)d characters or fewer.",
                over,
            )
            % {"over": over, "limit": limit}
        )
    return kept, removed


def _accept(longest: int) -> Callable[[Question, Given], Accepted]:
    def accept(question: Question, given: Given) -> Accepted:
        text, removed = read_words(given.chosen[0] if given.chosen else "", min(question.limit or longest, longest))
        return Accepted(True, {0: text}, removed) if text.strip() else Accepted(None, {}, removed)

    return accept


def _counts(question: Question, value: Value) -> Iterator[Count]:
    yield Count(ANSWERED)


SHORT_TEXT = Kind("short_text", Shape.WORDS, _accept(SHORT), _counts)
LONG_TEXT = Kind("long_text", Shape.WORDS, _accept(LONG), _counts)
