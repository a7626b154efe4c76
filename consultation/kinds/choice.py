"""Choices among options: one of them, be it in a row of a matrix, or any number. An option's role sets it apart."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.kinds.answer import ANSWERED, Accepted, Count, Given, Kind, Refused, Shape, Slot, Value, Words
from consultation.kinds.words import read_words
from consultation.questionnaire import Option, Question, Text
from consultation.text import SHORT

# Roles an option can have: "exclusive" can't be ticked with others, "other" has words beside it, and "declined" (prefer
# not to say) is both counted and left out of the base of percentages.
ORDINARY, EXCLUSIVE, OTHER, DECLINED = "", "exclusive", "other", "declined"
ROLES = (ORDINARY, EXCLUSIVE, OTHER, DECLINED)
ONCE = (OTHER, DECLINED)  # at most one option of a question has it

# What can stand beside options that are records, by the ids of these options.
UNSURE, OUTSIDE = "unsure", "outside"


def find(question: Question, raw: str) -> Option:
    """The option that an input names."""
    for option in question.options:
        if str(option.number) == raw:
            return option
    raise Refused(_("choose one of the options on the page."))


def _other_words(question: Question, chosen: Sequence[Option], text: str) -> tuple[dict[int, str], bool]:
    """Keep the words beside "other". Without a tick beside them nobody knows what was meant, so that is refused."""
    other = next((option for option in question.options if option.role == OTHER), None)
    if other is None or not text.strip():
        return {}, False
    if other not in chosen:
        raise Refused(
            _("choose “%(option)s”, since you wrote something beside it, or clear what you wrote.")
            % {"option": other.label.text}
        )
    kept, removed = read_words(text, SHORT)
    return ({other.number: kept} if kept.strip() else {}), removed


def accept_one(question: Question, given: Given) -> Accepted:
    """Accept one of the options, or none."""
    chosen = [find(question, raw) for raw in given.chosen if raw != ""]
    if len(chosen) > 1:
        raise Refused(_("choose one option only."))
    words, removed = _other_words(question, chosen, given.words)
    return Accepted(chosen[0].number if chosen else None, words, removed)


def _accept_multiple(question: Question, given: Given) -> Accepted:
    options = [find(question, raw) for raw in dict.fromkeys(given.chosen) if raw != ""]
    exclusive = next((option for option in options if option.role in (EXCLUSIVE, DECLINED)), None)
    if exclusive and len(options) > 1:
        raise Refused(_("choose “%(option)s” alone, or choose from the others.") % {"option": exclusive.label.text})
    if question.limit and len(options) > question.limit:
        raise Refused(
            ngettext("choose no more than %(limit)d option.", "choose no more than %(limit)d options.", question.limit)
            % {"limit": question.limit}
        )
    words, removed = _other_words(question, options, given.words)
    return Accepted(sorted(option.number for option in options) or None, words, removed)


def count_one(question: Question, value: Value) -> Iterator[Count]:
    """Count the option."""
    yield Count(ANSWERED)
    if isinstance(value, int) and value is not True:
        yield Count(value)


def _counts_multiple(question: Question, value: Value) -> Iterator[Count]:
    yield Count(ANSWERED)
    if isinstance(value, list):
        yield from (Count(option) for option in value)


def slots(question: Question, found: Collection[int]) -> list[Slot]:
    """A line for every option."""
    return [Slot(option.number, option.label.text, option.role, option.retired) for option in question.options]


def spoken(question: Question, value: Value, words: Words) -> Iterator[Text]:
    """The options chosen, in the order of the page, each with what was written beside it."""
    chosen = value if isinstance(value, list) else [value]
    for option in question.options:
        if option.number in chosen:
            beside = words.get(option.number)
            said = _("%(option)s: %(words)s") % {"option": option.label.text, "words": beside}
            yield replace(option.label, text=said) if beside else option.label


SINGLE = Kind("single", Shape.OPTION, accept_one, count_one, slots=slots, spoken=spoken, roles=ROLES, steers=True)
MATRIX = Kind("matrix", Shape.OPTION, accept_one, count_one, slots=slots, spoken=spoken, roles=(ORDINARY, DECLINED))
MULTIPLE = Kind(
    "multiple", Shape.OPTIONS, _accept_multiple, _counts_multiple, slots=slots, spoken=spoken, roles=ROLES, steers=True
)
# Their options are records: see records.py.
THEME_CHOICE = replace(SINGLE, name="theme_choice", roles=(ORDINARY,), beside={UNSURE: ORDINARY})
AREA = replace(SINGLE, name="area", roles=(ORDINARY, DECLINED), beside={OUTSIDE: ORDINARY, DECLINED: DECLINED})
