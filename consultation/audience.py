"""Whom a question or a section is asked of, in words."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from consultation.questionnaire import Condition, Conditions, Question

Questions = Mapping[int, Question]
Says = Callable[[str, Question], str]  # which options of which question


def by_number(conditions: Conditions, questions: Questions) -> str:
    """“Asked of those who chose “Rarely” in question 3”, for readers who see numbers; empty: of everybody."""
    return _sentence(
        conditions, questions, lambda options, q: _("%(options)s in question %(number)d") % _names(options, q)
    )


def by_wording(conditions: Conditions, questions: Questions) -> str:
    """“Asked of those who chose “Rarely” in “How often?””, for readers who do not; empty: of everybody."""
    return _sentence(conditions, questions, lambda options, q: _("%(options)s in “%(question)s”") % _names(options, q))


def on_paper(condition: Condition, questions: Questions, places: Mapping[int, int]) -> str:
    """““Rarely” in question 3”, by the place that the question has on paper; empty where it is not asked there."""
    question = questions.get(condition.question)
    if question is None:
        return ""
    chosen = {"options": _options(condition.options, question), "number": places[question.number]}
    return _("%(options)s in question %(number)d") % chosen


def _names(options: str, question: Question) -> dict[str, str | int]:
    return {"options": options, "number": question.number, "question": question.wording}


def _sentence(conditions: Conditions, questions: Questions, says: Says) -> str:
    known = [(condition, questions[condition.question]) for condition in conditions if condition.question in questions]
    parts = [says(_options(condition.options, question), question) for condition, question in known]
    if not parts:
        return ""
    choices = _joined(parts, _("%(first)s and %(last)s"))
    return _("Asked of those who chose %(choices)s") % {"choices": choices}


def _options(numbers: Sequence[int], question: Question) -> str:
    """The options in the order of the page, an option that is no longer offered among them."""
    quoted = [_("“%(option)s”") % {"option": o.label.text} for o in question.options if o.number in numbers]
    return _joined(quoted, _("%(first)s or %(last)s"))


def _joined(parts: Sequence[str], two: str) -> str:
    """The parts, separated by commas, and the last two by a word."""
    *first, last = parts or [""]
    return two % {"first": ", ".join(first), "last": last} if first else last
