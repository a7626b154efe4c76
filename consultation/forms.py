"""Questions as a page shows them: what is filled in, what went wrong, what was answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from consultation.answers import Answers, as_form, input_id
from consultation.kinds import DAY_PARTS, KINDS, OTHER, Shape, TextBeside, places
from consultation.questionnaire import (
    Condition,
    Information,
    Item,
    Matrix,
    Option,
    Question,
    Questionnaire,
    Section,
    Text,
)
from consultation.text import clean


@dataclass(frozen=True)
class Choice:
    """An option with the id of its input and whether it is chosen."""

    option: Option
    id: str
    chosen: bool

    @property
    def opens_text(self) -> bool:
        """Whether a text field stands beside it."""
        return self.option.role == OTHER


@dataclass(frozen=True)
class Place:
    """A place of a ranking with the id of its input."""

    number: int
    id: str
    choices: list[Choice]
    wrong: bool

    @property
    def label(self) -> str:
        """What the place is called."""
        named = {1: _("First choice"), 2: _("Second choice"), 3: _("Third choice")}
        return named.get(self.number) or _("Choice %(place)d") % {"place": self.number}


@dataclass(frozen=True)
class TextField:
    """A text beside the options, with the id and the name of its input."""

    id: str
    name: str
    text: TextBeside
    typed: str
    error: str


@dataclass(frozen=True)
class Field:
    """A question on a page. The first input has the question's name as its id, so that an error can link to it.

    texts: what is typed beside the options, by name; about: the input that the error is about, as in `Refused`.
    """

    question: Question
    chosen: tuple[str, ...] = ()
    words: str = ""
    error: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    about: str = ""

    is_information = False

    @property
    def condition(self) -> Condition | None:
        """Who is asked it."""
        return self.question.condition

    @property
    def template(self) -> str:
        """The template of its kind."""
        return f"consultation/answering/kinds/{self.question.kind}.html"

    @property
    def text(self) -> str:
        """What is typed into a field that has one input."""
        return self.chosen[0] if self.chosen else ""

    @property
    def choices(self) -> list[Choice]:
        """The options of a choice, the chosen ones marked."""
        name = self.question.name
        return [
            Choice(option, name if index == 0 else f"{name}-{option.number}", str(option.number) in self.chosen)
            for index, option in enumerate(self.question.options)
        ]

    @property
    def places(self) -> list[Place]:
        """The selects of a ranking, what was chosen at each marked."""
        name, question = self.question.name, self.question
        return [
            Place(
                place,
                name if place == 1 else f"{name}-{place}",
                [
                    Choice(option, "", [str(option.number)] == [*self.chosen[place - 1 : place]])
                    for option in question.options
                ],
                self._is_wrong(str(place)),
            )
            for place in range(1, places(question) + 1)
        ]

    @property
    def parts(self) -> list[tuple[str, str, str, bool]]:
        """(id, label, text, whether it is wrong) of the day, the month and the year."""
        labels = _("Day"), _("Month"), _("Year")
        ids = [input_id(self.question.number, part) for part in DAY_PARTS]
        typed = (*self.chosen, "", "", "")[:3]
        return list(zip(ids, labels, typed, map(self._is_wrong, DAY_PARTS), strict=True))

    def _is_wrong(self, part: str) -> bool:
        """Whether one of several inputs is wrong: that which the error is about, or each."""
        return bool(self.error) and self.about in ("", part)

    @property
    def beside(self) -> list[TextField]:
        """The texts beside the options."""
        number, name = self.question.number, self.question.name
        return [
            TextField(
                input_id(number, text.name),
                f"{name}_{text.name}",
                text,
                self.texts.get(text.name, ""),
                self.error if self.about == text.name else "",
            )
            for text in KINDS[self.question.kind].texts
        ]

    @property
    def own_error(self) -> str:
        """The error where it stands at the question itself."""
        beside = any(text.name == self.about for text in KINDS[self.question.kind].texts)
        return "" if beside else self.error

    @property
    def limits(self) -> str:
        """What can be entered."""
        return KINDS[self.question.kind].limits(self.question)

    @property
    def described_by(self) -> str:
        """The ids of hint and error, for aria-describedby."""
        name = self.question.name
        parts = [f"{name}-hint"] if self.has_hint else []
        return " ".join([*parts, f"{name}-error"] if self.own_error else parts)

    @property
    def has_hint(self) -> bool:
        """Whether anything is said under the question."""
        return bool(self.question.hint.text or self.question.limit or self.limits)


@dataclass(frozen=True)
class Grid:
    """A matrix on a page: a field for every row."""

    matrix: Matrix
    rows: tuple[Field, ...]

    is_information = False
    template = "consultation/answering/kinds/matrix.html"

    @property
    def name(self) -> str:
        """What the ids of its parts begin with."""
        return f"{self.rows[0].question.name}-matrix"

    @property
    def condition(self) -> Condition | None:
        """Who is asked its rows."""
        return self.rows[0].condition

    @property
    def columns(self) -> tuple[Option, ...]:
        """The options, which all rows share."""
        return self.rows[0].question.options

    @property
    def required(self) -> bool:
        """Whether every row has to be answered."""
        return self.rows[0].question.required


@dataclass(frozen=True)
class Words:
    """Information between questions, on a page."""

    body: Text
    image: int | None

    is_information = True


Shown = Field | Grid | Words


def filled(section: Section, answers: Answers) -> list[Shown]:
    """A section as a draft has it."""
    return [_shown(item, lambda question: _filled(question, answers)) for item in section.items]


def _shown(item: Item, field: Callable[[Question], Field]) -> Shown:
    if isinstance(item, Information):
        return Words(item.body, item.image)
    return Grid(item, tuple(map(field, item.rows))) if isinstance(item, Matrix) else field(item)


def errors(shown: Iterable[Shown]) -> list[tuple[str, str]]:
    """(id of the input to go to, message) of every field with an error, in order."""
    fields = [field for item in shown for field in _fields(item)]
    return [(input_id(field.question.number, field.about), field.error) for field in fields if field.error]


def _fields(item: Shown) -> tuple[Field, ...]:
    if isinstance(item, Grid):
        return item.rows
    return (item,) if isinstance(item, Field) else ()


def _filled(question: Question, answers: Answers) -> Field:
    return _field(question, as_form(question, answers))


def _field(question: Question, form: Mapping[str, Sequence[str]], error: str = "", about: str = "") -> Field:
    def typed(text: str) -> str:
        return next(iter(form.get(f"{question.name}_{text}", ())), "")

    texts = {text.name: typed(text.name) for text in KINDS[question.kind].texts}
    return Field(question, tuple(form.get(question.name, ())), typed("other"), error, texts, about)


def refilled(
    section: Section,
    asked: Iterable[Question],
    form: Mapping[str, Sequence[str]],
    errors: Mapping[int, str],
    rest: Answers,
    about: Mapping[int, str] | None = None,
) -> list[Shown]:
    """A section as it was just sent, entries kept, with its errors; what the form did not ask is as in the draft.

    about: of an error, the input that it is about.
    """
    numbers = {question.number for question in asked}

    def field(question: Question) -> Field:
        number = question.number
        if number not in numbers:
            return _filled(question, rest)
        return _field(question, form, errors.get(number, ""), (about or {}).get(number, ""))

    return [_shown(item, field) for item in section.items]


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with its answer in words, as the check page shows it; no words: not answered."""

    question: Question
    spoken: tuple[Text, ...]


@dataclass(frozen=True)
class AnsweredSection:
    """A section of the check page with its number."""

    number: int
    title: Text
    questions: tuple[AnsweredQuestion, ...]


def answered(questionnaire: Questionnaire, answers: Answers, *, only_given: bool = False) -> list[AnsweredSection]:
    """Every question that is asked, with its answer, section by section; or only those that were given one."""
    sections = [_answered_section(section, answers, only_given) for section in questionnaire.sections]
    return [section for section in sections if section.questions or not only_given]


def _answered_section(section: Section, answers: Answers, only_given: bool) -> AnsweredSection:
    shown = [q for q in section.questions if not only_given or answers.values.get(q.number) is not None]
    return AnsweredSection(section.number, section.title, told(shown, answers))


def told(questions: Iterable[Question], answers: Answers) -> tuple[AnsweredQuestion, ...]:
    """Some questions, each with its answer."""
    return tuple(AnsweredQuestion(question, tuple(spoken(question, answers))) for question in questions)


def as_typed(question: Question, form: Mapping[str, Sequence[str]]) -> AnsweredQuestion:
    """What a form holds for a question, read or not: the options by their labels, all else as it was typed."""
    labels = {str(option.number): option.label for option in question.options}
    inputs = [clean(text)[0] for text in form.get(question.name, ()) if text.strip()]
    if KINDS[question.kind].shape is Shape.DAY:
        inputs = [" ".join(inputs)] if inputs else []
    chosen = [labels.get(text) or Text(text) for text in inputs]
    return AnsweredQuestion(question, (*chosen, *(Text(text) for text in typed_beside(question, form))))


def typed_beside(question: Question, form: Mapping[str, Sequence[str]]) -> list[str]:
    """What a form holds beside a question's options, as it was typed."""
    names = ["other", *(text.name for text in KINDS[question.kind].texts)]
    return [clean(text)[0] for name in names for text in form.get(f"{question.name}_{name}", ()) if text.strip()]


def spoken(question: Question, answers: Answers) -> Iterable[Text]:
    """An answer in words: the options chosen, each with what was written beside it, or the text."""
    value = answers.values.get(question.number)
    if value is None:
        return ()
    words = {option: text for (number, option), text in answers.words.items() if number == question.number}
    if value is True:  # also where a number was kept as it was written
        return (Text(words.get(0, "")),)
    return KINDS[question.kind].spoken(question, value, words)
