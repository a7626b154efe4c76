"""What a publication would change about what people have answered: the form as it is and as it would be, compared.

Plain values in, plain values out: nothing here knows the database. What nobody has answered yet is left out, however
much of it changes.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from consultation import audience, instants
from consultation.kinds import ANSWERED, ASKED, DECLINED, EXCLUSIVE, KINDS, MOST_PLACES, OTHER, Shape, at_place
from consultation.questionnaire import Condition, Matrix, Option, Question, Questionnaire, Section, Text
from consultation.source import MATRIX, UNASKED, Source, SourceCondition, SourceItem, another_block


class What(StrEnum):
    """What happens to something that people have answered."""

    REMOVED = "removed"
    ROW_REMOVED = "row_removed"
    REWORDED = "reworded"
    STEM_REWORDED = "stem_reworded"
    HINT_REWORDED = "hint_reworded"
    OPTION_REMOVED = "option_removed"
    OPTION_REWORDED = "option_reworded"
    OPTION_ROLE = "option_role"
    OPTION_ADDED = "option_added"
    OPTIONS_MOVED = "options_moved"
    NOW_REQUIRED = "now_required"
    NOW_OPTIONAL = "now_optional"
    ROUTING = "routing"
    THEME = "theme"
    LIMITS = "limits"
    ORDER = "order"
    OPENING = "opening"
    CLOSING = "closing"
    HALT = "halt"
    EQUALITY_ASKED = "equality_asked"
    EQUALITY_DROPPED = "equality_dropped"
    FIGURES = "figures"


@dataclass(frozen=True)
class Change:
    """One thing that changes, and how many answers it touches: never none."""

    what: What
    n: int
    question: str = ""
    option: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Form:
    """What is asked and how, in one language: as it is, or as publishing would make it."""

    questionnaire: Questionnaire
    themes: Mapping[int, str] = field(default_factory=dict)  # names, by question number
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    halt: str = ""  # in words
    figures: str = ""  # when the public sees them, in words
    equality: Sequence[str] = ()  # the equality questions, in words


@dataclass(frozen=True)
class Known:
    """A question that has its number, asked now or not, with the numbers of all its options by list item."""

    number: int
    kind: str
    options: Mapping[str, int]


Counts = Mapping[tuple[int, int], int]  # how many, by question and cell of the tally; (0, 0): all
Differs = Callable[[Text, Text], bool]


# What a source would become


def planned(source: Source, known: Mapping[str, Known]) -> Questionnaire:
    """The form that publishing a source makes, numbered as compile.py numbers it, and without publishing it.

    known: every question that there is or was, by block.
    """
    last = max((row.number for row in known.values()), default=0)
    earlier: dict[str, tuple[int, Mapping[str, int]]] = {}
    sections = []
    for number, section in enumerate(source.sections, 1):
        here = {}
        items: list[Question | Matrix] = []
        for item in section.items:
            if item.kind in UNASKED:
                continue
            rows = []
            shared = _shared(item, known)
            for asked in item.questions:
                row = known_row(asked, known)
                last += row is None
                rows.append(_question(asked, item, row.number if row else last, _numbers(item, row, shared), earlier))
            items += [Matrix(item.id, tuple(rows), Text(item.label))] if item.kind == MATRIX and rows else rows
            if KINDS[item.kind].steers:
                before = known_row(item, known)
                offered = {option.id: own.number for option, own in zip(item.options, rows[0].options, strict=True)}
                once = before.options if before and KINDS[item.kind].beside else {}
                here[item.id] = rows[0].number, {**once, **offered}
        condition = _condition(section.show_if, earlier)
        sections.append(Section(Text(section.title), Text(section.introduction), tuple(items), number, condition))
        earlier |= here
    return Questionnaire(0, source.language, tuple(sections))


def known_row(asked: SourceItem, known: Mapping[str, Known]) -> Known | None:
    """The question that has a number already; None where it would get a new one."""
    row = known.get(asked.id)
    return row if row is None or row.kind == asked.kind else known.get(another_block(asked))


def _shared(item: SourceItem, known: Mapping[str, Known]) -> dict[str, int]:
    """The numbers of options that the rows of a matrix share."""
    rows = [row for block, row in known.items() if block.startswith(f"{item.id}/") and row.kind == item.kind]
    return {option: number for row in rows for option, number in row.options.items()}


def _numbers(item: SourceItem, row: Known | None, shared: dict[str, int]) -> list[int]:
    own = dict(row.options) if row else {}
    if item.kind != MATRIX:
        shared.clear()
    shared |= own
    return [
        own.get(option.id) or shared.setdefault(option.id, max(shared.values(), default=0) + 1)
        for option in item.options
    ]


def _question(
    asked: SourceItem,
    item: SourceItem,
    number: int,
    options: Sequence[int],
    earlier: Mapping[str, tuple[int, Mapping[str, int]]],
) -> Question:
    in_matrix = item.kind == MATRIX
    return Question(
        number=number,
        kind=item.kind,
        required=item.required and bool(options or not KINDS[item.kind].takes_options),
        options=tuple(
            Option(own, option.role, Text(option.label)) for own, option in zip(options, item.options, strict=True)
        ),
        limit=item.limit,
        minimum=item.minimum,
        maximum=item.maximum,
        decimals=item.decimals,
        condition=_condition(item.show_if, earlier),
        label=Text(asked.label),
        hint=Text(asked.hint),
        matrix=item.id if in_matrix else "",
        stem=Text(item.label) if in_matrix else Text(),
    )


def _condition(
    condition: SourceCondition | None, earlier: Mapping[str, tuple[int, Mapping[str, int]]]
) -> Condition | None:
    """One that nobody could meet is none: then everybody is asked."""
    if condition is None or condition.question not in earlier:
        return None
    number, options = earlier[condition.question]
    chosen = sorted({options[option] for option in condition.options if option in options})
    return Condition(number, tuple(chosen)) if chosen else None


# What differs


def compare(before: Form, after: Form, counts: Counts) -> list[Change]:
    """Everything that changes what people have answered, questions first, in the order of the form as it is."""
    found = [*_questions(before, after, counts), *_whole(before, after, counts.get((0, 0), 0))]
    return [change for change in found if change.n > 0]


def compare_words(before: Questionnaire, after: Questionnaire, counts: Counts, language: str) -> list[Change]:
    """The words that change in a translation. What was not translated until now had no words to change."""

    def differs(old: Text, new: Text) -> bool:
        return old.language == language and bool(new.text) and old.text != new.text

    found = _wordings(before, after, counts, differs)
    return [change for change in found if change.n > 0]


def _questions(before: Form, after: Form, counts: Counts) -> Iterator[Change]:
    then, stems = before.questionnaire, _rows(after.questionnaire)
    for old in then.questions:
        new = after.questionnaire.question(old.number)
        if new is None:
            is_row = bool(old.matrix) and old.matrix in stems
            yield Change(What.ROW_REMOVED if is_row else What.REMOVED, _answered(old, counts), old.wording)
    yield from _wordings(then, after.questionnaire, counts, lambda one, other: one.text != other.text)
    for rows in _pairs(then, after.questionnaire):
        yield from _options(rows, counts)
    for rows in _pairs(then, after.questionnaire):
        for old, new in rows:
            yield from _settings(before, after, old, new, counts)


def _rows(questionnaire: Questionnaire) -> set[str]:
    return {question.matrix for question in questionnaire.questions if question.matrix}


def _pairs(before: Questionnaire, after: Questionnaire) -> list[list[tuple[Question, Question]]]:
    """The questions that are in both; the rows of a matrix, which share their words, together."""
    found: dict[object, list[tuple[Question, Question]]] = {}
    for old in before.questions:
        new = after.question(old.number)
        if new is not None:
            found.setdefault(old.matrix or old.number, []).append((old, new))
    return list(found.values())


def _wordings(before: Questionnaire, after: Questionnaire, counts: Counts, differs: Differs) -> Iterator[Change]:
    hints = {item.block: item.hint for section in before.sections for item in section.items if isinstance(item, Matrix)}
    for rows in _pairs(before, after):
        first, second = rows[0]
        most = max(_answered(old, counts) for old, _new in rows)
        if differs(first.stem, second.stem):
            yield Change(What.STEM_REWORDED, most, first.stem.text, "", first.stem.text, second.stem.text)
        for old, new in rows:
            if differs(old.label, new.label):
                was, becomes = old.label.text, new.label.text
                yield Change(What.REWORDED, _answered(old, counts), old.wording, "", was, becomes)
        hint = hints.get(first.matrix, first.hint)
        if differs(hint, second.hint):
            yield Change(What.HINT_REWORDED, most, _name(first), "", hint.text, second.hint.text)
        offered = {option.number: option for option in second.options}
        for option in first.options:
            new_option = offered.get(option.number)
            if new_option and differs(option.label, new_option.label):
                n = sum(chose(old, option.number, counts) for old, _new in rows)
                was, becomes = option.label.text, new_option.label.text
                yield Change(What.OPTION_REWORDED, n, _name(first), was, was, becomes)


def _options(rows: Sequence[tuple[Question, Question]], counts: Counts) -> Iterator[Change]:
    first, second = rows[0]
    name, most = _name(first), max(_answered(old, counts) for old, _new in rows)
    was = {option.number: option for option in first.options}
    becomes = {option.number: option for option in second.options}
    for number, option in was.items():
        n = sum(chose(old, number, counts) for old, _new in rows)
        if number not in becomes:
            yield Change(What.OPTION_REMOVED, n, name, option.label.text)
        elif option.role != becomes[number].role:
            yield Change(What.OPTION_ROLE, n, name, option.label.text, option.role, becomes[number].role)
    for number, option in becomes.items():
        if number not in was:
            yield Change(What.OPTION_ADDED, most, name, option.label.text)
    if [n for n in was if n in becomes] != [n for n in becomes if n in was]:
        yield Change(What.OPTIONS_MOVED, most, name)


def _settings(before: Form, after: Form, old: Question, new: Question, counts: Counts) -> Iterator[Change]:
    name, asked, answered = old.wording, counts.get((old.number, ASKED), 0), _answered(old, counts)
    if old.required != new.required:
        yield Change(What.NOW_REQUIRED if new.required else What.NOW_OPTIONAL, asked, name)
    was, becomes = before.themes.get(old.number, ""), after.themes.get(new.number, "")
    if was != becomes:
        yield Change(What.THEME, answered, name, "", was, becomes)
    if _bounds(old) != _bounds(new):
        yield Change(What.LIMITS, answered, name)
    if _asked_of(before.questionnaire, old) != _asked_of(after.questionnaire, new):
        yield Change(
            What.ROUTING, asked, name, "", _audience(before.questionnaire, old), _audience(after.questionnaire, new)
        )


def _whole(before: Form, after: Form, n: int) -> Iterator[Change]:
    if _order(before.questionnaire, after.questionnaire) != _order(after.questionnaire, before.questionnaire):
        yield Change(What.ORDER, n)
    for what, was, becomes in (
        (What.OPENING, _instant(before.opens_at), _instant(after.opens_at)),
        (What.CLOSING, _instant(before.closes_at), _instant(after.closes_at)),
    ):
        if was != becomes:
            yield Change(what, n, before=was, after=becomes)
    if before.halt != after.halt:
        yield Change(What.HALT, n, before=before.halt, after=after.halt)
    if new := [label for label in after.equality if label not in before.equality]:
        yield Change(What.EQUALITY_ASKED, n, before=str(len(before.equality)), after=" ".join(new))
    if gone := [label for label in before.equality if label not in after.equality]:
        yield Change(What.EQUALITY_DROPPED, n, before=" ".join(gone), after=str(len(after.equality)))
    if before.figures != after.figures:
        yield Change(What.FIGURES, n, before=before.figures, after=after.figures)


def _name(question: Question) -> str:
    """What the options belong to: to a matrix, not to its row."""
    return question.stem.text if question.matrix else question.label.text


def _answered(question: Question, counts: Counts) -> int:
    return counts.get((question.number, ANSWERED), 0)


def chose(question: Question, option: int, counts: Counts) -> int:
    """How many chose an option, at any place of a ranking."""
    if KINDS[question.kind].shape == Shape.PLACES:
        return sum(counts.get((question.number, at_place(place, option)), 0) for place in range(1, MOST_PLACES + 1))
    return counts.get((question.number, option), 0)


def _bounds(question: Question) -> tuple[object, ...]:
    return question.limit, question.minimum, question.maximum, question.decimals


def _asked_of(questionnaire: Questionnaire, question: Question) -> tuple[Condition, ...]:
    section = questionnaire.section_of(question.number)
    return tuple(condition for condition in (section and section.condition, question.condition) if condition)


def _audience(questionnaire: Questionnaire, question: Question) -> str:
    numbered = {other.number: other for other in questionnaire.questions}
    return audience.by_wording(_asked_of(questionnaire, question), numbered) or _("Everybody is asked")


def _order(one: Questionnaire, other: Questionnaire) -> list[list[int]]:
    """What both ask, page by page; a page of which nothing is left is none."""
    pages = [[q.number for q in section.questions if other.question(q.number)] for section in one.sections]
    return [page for page in pages if page]


def _instant(instant: dt.datetime | None) -> str:
    """To the minute: an editor sets no smaller part."""
    return instant.astimezone(dt.UTC).replace(second=0, microsecond=0).isoformat() if instant else ""


# In words


ROLES: Mapping[str, str | Promise] = {
    "": gettext_lazy("an ordinary option"),
    EXCLUSIVE: gettext_lazy("one that can't be ticked with others"),
    OTHER: gettext_lazy("“other”, with words beside it"),
    DECLINED: gettext_lazy("“prefer not to say”, which percentages leave out"),
}

SENTENCES: Mapping[What, Any] = {
    What.REMOVED: ngettext_lazy(
        "%(n)d person answered “%(question)s”: it is not asked any more. The answer stays in results and files.",
        "%(n)d people answered “%(question)s”: it is not asked any more. Their answers stay in results and files.",
        "n",
    ),
    What.ROW_REMOVED: ngettext_lazy(
        "%(n)d person answered the row “%(question)s”: it is not asked any more. The answer stays in results and "
        "files.",
        "%(n)d people answered the row “%(question)s”: it is not asked any more. Their answers stay in results and "
        "files.",
        "n",
    ),
    What.REWORDED: ngettext_lazy(
        "%(n)d person answered “%(question)s”: it becomes “%(after)s”. Answers to both are counted together.",
        "%(n)d people answered “%(question)s”: it becomes “%(after)s”. Answers to both are counted together.",
        "n",
    ),
    What.STEM_REWORDED: ngettext_lazy(
        "%(n)d person answered rows of “%(question)s”: it becomes “%(after)s”. Answers to both are counted together.",
        "%(n)d people answered rows of “%(question)s”: it becomes “%(after)s”. Answers to both are counted together.",
        "n",
    ),
    What.HINT_REWORDED: ngettext_lazy(
        "%(n)d person answered “%(question)s”: the hint “%(before)s” becomes “%(after)s”.",
        "%(n)d people answered “%(question)s”: the hint “%(before)s” becomes “%(after)s”.",
        "n",
    ),
    What.OPTION_REMOVED: ngettext_lazy(
        "%(n)d person chose “%(option)s” in “%(question)s”: the option is no longer offered. The answer stays in "
        "results and files.",
        "%(n)d people chose “%(option)s” in “%(question)s”: the option is no longer offered. Their answers stay in "
        "results and files.",
        "n",
    ),
    What.OPTION_REWORDED: ngettext_lazy(
        "%(n)d person chose “%(before)s” in “%(question)s”: the option becomes “%(after)s”. Both are counted together.",
        "%(n)d people chose “%(before)s” in “%(question)s”: the option becomes “%(after)s”. Both are counted together.",
        "n",
    ),
    What.OPTION_ROLE: ngettext_lazy(
        "%(n)d person chose “%(option)s” in “%(question)s”: it was %(before)s and becomes %(after)s.",
        "%(n)d people chose “%(option)s” in “%(question)s”: it was %(before)s and becomes %(after)s.",
        "n",
    ),
    What.OPTION_ADDED: ngettext_lazy(
        "%(n)d person answered “%(question)s” before “%(option)s” was offered.",
        "%(n)d people answered “%(question)s” before “%(option)s” was offered.",
        "n",
    ),
    What.OPTIONS_MOVED: ngettext_lazy(
        "%(n)d person answered “%(question)s” with its options in another order.",
        "%(n)d people answered “%(question)s” with its options in another order.",
        "n",
    ),
    What.NOW_REQUIRED: ngettext_lazy(
        "%(n)d person was asked “%(question)s” and could leave it blank: from now on an answer is required.",
        "%(n)d people were asked “%(question)s” and could leave it blank: from now on an answer is required.",
        "n",
    ),
    What.NOW_OPTIONAL: ngettext_lazy(
        "%(n)d person had to answer “%(question)s”: from now on it can be left blank.",
        "%(n)d people had to answer “%(question)s”: from now on it can be left blank.",
        "n",
    ),
    What.ROUTING: ngettext_lazy(
        "%(n)d person was asked “%(question)s”. Who is asked changes from “%(before)s” to “%(after)s”.",
        "%(n)d people were asked “%(question)s”. Who is asked changes from “%(before)s” to “%(after)s”.",
        "n",
    ),
    What.THEME: ngettext_lazy(
        "%(n)d person answered “%(question)s”: the answer moves from %(before)s to %(after)s.",
        "%(n)d people answered “%(question)s”: their answers move from %(before)s to %(after)s.",
        "n",
    ),
    What.LIMITS: ngettext_lazy(
        "%(n)d person answered “%(question)s” within other limits: how much, how many, or from when until when.",
        "%(n)d people answered “%(question)s” within other limits: how much, how many, or from when until when.",
        "n",
    ),
    What.ORDER: ngettext_lazy(
        "%(n)d person answered with the questions in another order, or on other pages of the form.",
        "%(n)d people answered with the questions in another order, or on other pages of the form.",
        "n",
    ),
    What.OPENING: ngettext_lazy(
        "%(n)d person has answered. The opening moves from %(before)s to %(after)s.",
        "%(n)d people have answered. The opening moves from %(before)s to %(after)s.",
        "n",
    ),
    What.CLOSING: ngettext_lazy(
        "%(n)d person has answered. The closing moves from %(before)s to %(after)s.",
        "%(n)d people have answered. The closing moves from %(before)s to %(after)s.",
        "n",
    ),
    What.HALT: ngettext_lazy(
        "%(n)d person has answered. Pausing or withdrawing changes from “%(before)s” to “%(after)s”.",
        "%(n)d people have answered. Pausing or withdrawing changes from “%(before)s” to “%(after)s”.",
        "n",
    ),
    What.EQUALITY_ASKED: ngettext_lazy(
        "%(n)d person has answered and was not asked these equality questions: %(after)s",
        "%(n)d people have answered and were not asked these equality questions: %(after)s",
        "n",
    ),
    What.EQUALITY_DROPPED: ngettext_lazy(
        "%(n)d person has answered and could be asked these equality questions, which are not asked any more: "
        "%(before)s What was said stays in the figures.",
        "%(n)d people have answered and could be asked these equality questions, which are not asked any more: "
        "%(before)s What was said stays in the figures.",
        "n",
    ),
    What.FIGURES: ngettext_lazy(
        "%(n)d person has answered. When the public sees rounded figures changes from “%(before)s” to “%(after)s”.",
        "%(n)d people have answered. When the public sees rounded figures changes from “%(before)s” to “%(after)s”.",
        "n",
    ),
}


def in_words(change: Change) -> str:
    """The change as a sentence, in the active language."""
    before, after = (_said(change.what, text) for text in (change.before, change.after))
    values = {"n": change.n, "question": change.question, "option": change.option, "before": before, "after": after}
    return str(SENTENCES[change.what] % values)


def _said(what: What, text: str) -> str:
    if what in (What.OPENING, What.CLOSING):
        return instants.in_words(dt.datetime.fromisoformat(text)) if text else _("no date")
    if what == What.OPTION_ROLE:
        return str(ROLES.get(text, text))
    if what == What.THEME:
        return _("the theme “%(theme)s”") % {"theme": text} if text else _("no theme")
    return text or "–"


def stored(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as JSON, for the history of a page."""
    return [{name: value for name, value in vars(change).items() if value} for change in changes]


def read(rows: object) -> list[Change]:
    """Changes as they were stored; what a later release stored in another way is passed over."""
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            found.append(Change(**{**row, "what": What(row["what"])}))
        except (TypeError, ValueError, KeyError):
            continue
    return found
