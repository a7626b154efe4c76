"""A sheet of paper as it is keyed in: one line a question, and for its options the numbers that stand beside them.

What is typed is turned into the fields of the form that people fill in, and read and checked as theirs is. Only what
paper allows and a form does not is different: a required question may be blank, and a question may have an answer that
nobody with the other answers would have been asked. The first is noted, the second is for whoever keys it in to decide.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from consultation import answers as answering
from consultation import equality, routing
from consultation.answers import Answers
from consultation.kinds import KINDS, OTHER, Refused, Shape, TextBeside, places
from consultation.kinds.scale import SCALE, values
from consultation.questionnaire import EMPTY, Condition, Matrix, Option, Question, Questionnaire, Section, Text
from consultation.questionnaire import questions as asked_in

Typed = Mapping[str, Sequence[str]]  # what came with a form, by the name of the input
BETWEEN = re.compile(r"[\s,;.+/&-]+")
DAY = re.compile(r"(\d{1,2})(?:[\s./-]+)(\d{1,2})(?:[\s./-]+)(\d{4})", re.ASCII)
DIGITS = re.compile(r"(\d\d)(\d\d)(\d{4})", re.ASCII)
FEW = 9  # options up to which one digit is one option


def codes(question: Question) -> dict[str, Option]:
    """The options of a question by what is typed for each: its place on the page, or the number of a scale's point."""
    if question.kind != SCALE.name:
        return {str(place): option for place, option in enumerate(question.options, 1)}
    points = values(question)
    beside = max(points.values(), default=0)
    found = {}
    for option in question.options:
        if option.number not in points:
            beside += 1
        found[str(points.get(option.number, beside))] = option
    return found


@dataclass(frozen=True)
class Keyed:
    """What was keyed in of a sheet, and what was wrong with it, by question."""

    answers: Answers  # whether or not the rest leads to these questions
    errors: dict[int, str]
    about: dict[int, str]
    equality: dict[str, str]  # by key
    equality_errors: dict[str, str]
    removed: bool  # unstorable characters were taken out of some text

    @property
    def is_clean(self) -> bool:
        """Whether all of it was understood."""
        return not self.errors and not self.equality_errors


def read(asked: Questionnaire, apart: Sequence[equality.Question], typed: Typed) -> Keyed:
    """Read a whole sheet."""
    form: dict[str, Sequence[str]] = dict(typed)
    errors: dict[int, str] = {}
    about: dict[int, str] = {}
    for question in asked.questions:
        try:
            form[question.name] = _inputs(question, _line(typed, question.name))
            _check_beside(question, form[question.name], typed)
        except Refused as refusal:
            said = {"question": question.wording, "message": refusal}
            errors[question.number] = _("“%(question)s”: %(message)s") % said
            about[question.number] = refusal.about
    understood = [question for question in asked.questions if question.number not in errors]
    reading = answering.read(understood, form, complete=False)
    said_apart, errors_apart = _read_apart(apart, typed)
    return Keyed(
        reading.answers, errors | reading.errors, about | reading.about, said_apart, errors_apart, reading.removed
    )


def _line(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "")


def _inputs(question: Question, text: str) -> list[str]:
    """The inputs of the form that people fill in."""
    kind = KINDS[question.kind]
    if not text.strip():
        return []
    if question.options:
        return [str(option.number) for option in _options(question, text)]
    if kind.shape is Shape.DAY:
        day = DAY.fullmatch(text.strip()) or DIGITS.fullmatch(text.strip())
        return list(day.groups()) if day else [text.strip()]
    return [text]


def _options(question: Question, text: str) -> list[Option]:
    known, shape = codes(question), KINDS[question.kind].shape
    if text.strip() in known and shape is Shape.OPTION:  # the point of a scale can lie below zero
        return [known[text.strip()]]
    parts = [part for part in BETWEEN.split(text.strip()) if part]
    if shape is not Shape.OPTION and len(known) <= FEW and len(parts) == 1 and text.strip().isdigit():
        parts = list(text.strip())
    unknown = [part for part in parts if part not in known]
    if unknown:
        said = {"typed": unknown[0][:20], "codes": _range(known)}
        raise Refused(_("“%(typed)s” is the number of no option here. Type %(codes)s.") % said)
    if shape is Shape.OPTION and len(set(parts)) > 1:
        raise Refused(
            _(
                "it takes one answer. If the sheet has more than one ticked and does not say which was meant, leave it "
                "empty: nobody can tell."
            )
        )
    return [known[part] for part in (parts if shape is Shape.PLACES else dict.fromkeys(parts))]


def _check_beside(question: Question, chosen: Sequence[str], typed: Typed) -> None:
    """Refuse words beside an option that is not chosen, which the form that people fill in would leave out."""
    roles = {option.role for option in question.options if str(option.number) in chosen}
    for text in KINDS[question.kind].texts:
        if _line(typed, f"{question.name}_{text.name}").strip() and not roles.intersection(text.roles):
            belongs = [code for code, option in codes(question).items() if option.role in text.roles]
            said = {"label": text.label, "codes": ", ".join(belongs)}
            raise Refused(_("“%(label)s” goes with %(codes)s alone. Type one of these, or clear it.") % said, text.name)


def _range(known: Mapping[str, object]) -> str:
    first, *more = known
    return _("%(first)s to %(last)s") % {"first": first, "last": more[-1]} if more else first


def _read_apart(apart: Sequence[equality.Question], typed: Typed) -> tuple[dict[str, str], dict[str, str]]:
    said, errors = {}, {}
    for question in apart:
        known = {str(place): key for place, key in enumerate(question.options, 1)}
        text = _line(typed, question.name).strip()
        if text in known:
            said[question.key] = known[text]
        elif text:
            message = _("“%(typed)s” is the number of no option here. Type %(codes)s.")
            refused = message % {"typed": text[:20], "codes": _range(known)}
            errors[question.key] = _("“%(question)s”: %(message)s") % {"question": question.label, "message": refused}
    return said, errors


def unasked(asked: Questionnaire, given: Answers) -> list[Question]:
    """The questions that have an answer although nobody with the other answers is asked them."""
    reached = routing.reached(asked, given.values)
    return [q for q in asked.questions if given.values.get(q.number) is not None and not reached.question(q.number)]


def blank(asked: Questionnaire, given: Answers) -> list[Question]:
    """The required questions that a sheet left blank."""
    reached = routing.reached(asked, given.values)
    return [q for q in reached.questions if q.required and given.values.get(q.number) is None]


def as_typed(question: Question, given: Answers) -> dict[str, Sequence[str]]:
    """What would have been typed for an answer, by the name of the input."""
    form = answering.as_form(question, given)
    inputs = form.get(question.name, [])
    if not inputs or given.values.get(question.number) is True:
        return form
    if question.options:
        known = {str(option.number): code for code, option in codes(question).items()}
        return {**form, question.name: [",".join(known.get(text, text) for text in inputs)]}
    return {**form, question.name: [" ".join(inputs)]}


# A sheet on the page


@dataclass(frozen=True)
class Beside:
    """An input for the words beside an option: it belongs to what is typed for those options."""

    name: str
    label: str
    typed: str
    codes: str  # of the options, with a space between them
    error: str

    @property
    def id(self) -> str:
        """As errors link to it."""
        return self.name.replace("_", "-")

    @property
    def belongs(self) -> str:
        """Those codes, as a page says them."""
        return ", ".join(self.codes.split())


@dataclass(frozen=True)
class Line:
    """A question with the input for its answer."""

    name: str
    label: Text
    number: int | None = None  # as officers know the question
    typed: str = ""
    error: str = ""
    how: str = ""
    only: str = ""  # whom it is asked of, where not everybody
    is_long: bool = False
    is_short: bool = False  # a few digits
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Group:
    """Lines that share the options beside them: a question, or the rows of a matrix below what is asked of each."""

    lines: tuple[Line, ...]
    options: tuple[tuple[str, Text], ...] = ()
    heading: Text = EMPTY

    @property
    def name(self) -> str:
        """What the ids of its parts begin with."""
        return self.lines[0].name


@dataclass(frozen=True)
class Part:
    """A section of the questionnaire on the page."""

    title: Text
    only: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Shown:
    """A sheet on the page with what was typed so far."""

    parts: tuple[Part, ...]
    apart: tuple[Group, ...]
    errors: list[tuple[str, str]] = field(default_factory=list)  # (id of the input, message)


def show(asked: Questionnaire, apart: Sequence[equality.Question], typed: Typed, keyed: Keyed | None = None) -> Shown:
    """The sheet with what was typed, and what was wrong with it."""
    errors, about = (keyed.errors, keyed.about) if keyed else ({}, {})
    known = {question.number: question for question in asked.questions}

    def line(question: Question) -> Line:
        return _show_line(question, typed, errors.get(question.number, ""), about.get(question.number, ""), known)

    parts = tuple(
        Part(section.title, _only(section.condition, known), tuple(_groups(section, line)))
        for section in asked.sections
        if section.questions
    )
    errors_apart = keyed.equality_errors if keyed else {}
    return Shown(
        parts,
        tuple(_show_apart(question, typed, errors_apart.get(question.key, "")) for question in apart),
        [
            *((_place(number, about), errors[number]) for number in known if number in errors),
            *((q.name, errors_apart[q.key]) for q in apart if q.key in errors_apart),
        ],
    )


def _place(number: int, about: Mapping[int, str]) -> str:
    """The input at which an error is put right: a day and a ranking have one here, and several on the form."""
    named = any(text.name == about.get(number) for kind in KINDS.values() for text in kind.texts)
    return answering.input_id(number, about[number] if named else "")


def _groups(section: Section, line: Callable[[Question], Line]) -> Iterator[Group]:
    for item in section.items:
        found = asked_in(item)
        if not found:
            continue
        options = tuple((code, option.label) for code, option in codes(found[0]).items())
        heading = item.label if isinstance(item, Matrix) else EMPTY
        yield Group(tuple(line(question) for question in found), options, heading)


def _show_line(question: Question, typed: Typed, error: str, about: str, known: Mapping[int, Question]) -> Line:
    kind, name = KINDS[question.kind], question.name
    by_role = [(code, option.role) for code, option in codes(question).items()]
    others = [code for code, role in by_role if role == OTHER]
    beside = [Beside(f"{name}_other", _("In their words"), _line(typed, f"{name}_other"), " ".join(others), "")]
    texts = [
        _show_text(name, text, typed, " ".join(code for code, role in by_role if role in text.roles), error, about)
        for text in kind.texts
    ]
    named = any(text.name == about for text in kind.texts)
    return Line(
        name,
        question.label,
        question.number,
        _line(typed, name),
        "" if named else error,
        _how(question),
        _only(question.condition, known),
        is_long=question.kind == "long_text",
        is_short=bool(question.options) or kind.shape in (Shape.NUMBER, Shape.DAY),
        beside=(*(beside if others else ()), *texts),
    )


def _show_text(name: str, text: TextBeside, typed: Typed, belongs: str, error: str, about: str) -> Beside:
    field = f"{name}_{text.name}"
    return Beside(field, str(text.label), _line(typed, field), belongs, error if text.name == about else "")


def _show_apart(question: equality.Question, typed: Typed, error: str) -> Group:
    options = tuple((str(place), Text(str(label))) for place, label in enumerate(question.options.values(), 1))
    line = Line(question.name, Text(str(question.label)), typed=_line(typed, question.name), error=error, is_short=True)
    return Group((line,), options)


def _how(question: Question) -> str:
    """What is typed, where it is more than the number of one option."""
    shape, kind = KINDS[question.kind].shape, KINDS[question.kind]
    together = len(question.options) <= FEW
    if shape is Shape.OPTIONS:
        return _("All that are ticked: 13 for 1 and 3.") if together else _("All that are ticked: 1,13 for 1 and 13.")
    if shape is Shape.PLACES:
        most = {"most": places(question)}
        if together:
            return _("In their order, up to %(most)d: 31 for 3 first and 1 second.") % most
        return _("In their order, up to %(most)d: 13,1 for 13 first and 1 second.") % most
    if shape is Shape.DAY:
        return _("Day, month and year: 27 3 2026, or 27032026.")
    return kind.limits(question)


def _only(condition: Condition | None, known: Mapping[int, Question]) -> str:
    if condition is None or condition.question not in known:
        return ""
    question = known[condition.question]
    wanted = [code for code, option in codes(question).items() if option.number in condition.options]
    said = {"question": question.number, "codes": ", ".join(wanted)}
    return _("Asked only where question %(question)s is %(codes)s.") % said
