"""Ranking: the first choice, the second, and so on, without an option twice.

An answer is the options in their order. The tally counts each option at each place.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.kinds.answer import ANSWERED, Accepted, Count, Given, Kind, Refused, Shape, Slot, Value, Words
from consultation.kinds.choice import ORDINARY, find
from consultation.questionnaire import Question, Text

PLACES, MOST_PLACES = 3, 10
_PLACE = 1000  # a cell of the tally is the place a thousand times, and the option


def at_place(place: int, option: int) -> int:
    """The tally's number for an option at a place."""
    return _PLACE * place + option


def places(question: Question) -> int:
    """How many places people can fill."""
    return min(question.limit or PLACES, MOST_PLACES, len(question.options))


def _accept(question: Question, given: Given) -> Accepted:
    """A place left empty is closed up: whoever chose a second and no first has made a first choice."""
    options = [find(question, raw) for raw in given.chosen if raw != ""]
    for place, raw in enumerate(given.chosen):
        if raw != "" and raw in given.chosen[:place]:
            label = find(question, raw).label.text
            raise Refused(_("choose “%(option)s” once only.") % {"option": label}, str(place + 1))
    most = places(question)
    if len(options) > most:
        raise Refused(
            ngettext("choose no more than %(limit)d option.", "choose no more than %(limit)d options.", most)
            % {"limit": most}
        )
    return Accepted([option.number for option in options] or None, {})


def _counts(question: Question, value: Value) -> Iterator[Count]:
    yield Count(ANSWERED)
    if isinstance(value, list):
        yield from (Count(at_place(place, option)) for place, option in enumerate(value, 1))


def _slots(question: Question, found: Collection[int]) -> list[Slot]:
    """First choices. The other places stand beside them in the table of the officers."""
    return [Slot(at_place(1, option.number), option.label.text, retired=option.retired) for option in question.options]


def _spoken(question: Question, value: Value, words: Words) -> Iterator[Text]:
    labels = {option.number: option.label for option in question.options}
    known = [labels[number] for number in value if number in labels] if isinstance(value, list) else []
    return (replace(label, text=f"{place}. {label.text}") for place, label in enumerate(known, 1))


RANKING = Kind("ranking", Shape.PLACES, _accept, _counts, slots=_slots, spoken=_spoken, roles=(ORDINARY,))
