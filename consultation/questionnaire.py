"""A questionnaire as plain values: what is asked, in what order, in one language.

It is put together from a version (structure) and the wordings of a language; nothing here knows Django's models.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# Structure as stored: {"sections": [{"id", "items": [{"q", "kind", …} | {"matrix", "rows", …} | {"info", …}]}]}.
# A section and what it asks can have "if": {"q", "any": [option numbers]}.
Structure = dict[str, Any]
# Words by item ("q3", "q3/hint", "q3/2", "s<id>", "s<id>/intro"; of information "i<id>", of an image "p<id>";
# of a matrix "m<id>", "m<id>/hint", "m<id>/2", and "q3" of a row; of what the start page tells beside "f<field>"),
# each with the language it is really in.
Words = Mapping[str, "Text"]


@dataclass(frozen=True)
class Text:
    """A wording and the language it is in, which is not the page's where a translation is missing."""

    text: str = ""
    language: str = ""

    def __str__(self) -> str:
        return self.text


EMPTY = Text()


@dataclass(frozen=True)
class Option:
    """A choice; its number is the question's own, given at first publication and never used again."""

    number: int
    role: str = ""
    label: Text = EMPTY
    retired: bool = False  # no longer offered


@dataclass(frozen=True)
class Condition:
    """Asked only if the answer to a question of an earlier section has one of these options: see routing.py."""

    question: int
    options: tuple[int, ...]

    def met_by(self, value: Any) -> bool:
        """Whether that answer meets it. A question that was skipped or not asked has none."""
        chosen = value if isinstance(value, list) else [] if isinstance(value, bool) else [value]
        return any(option in self.options for option in chosen)


Conditions = tuple[Condition, ...]  # a section's and a question's own; all of them have to be met


@dataclass(frozen=True)
class Question:
    """One question, identified by its number within the consultation."""

    number: int
    kind: str
    required: bool = False
    personal: bool = False  # answers may name or identify somebody
    options: tuple[Option, ...] = ()
    limit: int | None = None  # options at most, or characters at most
    minimum: int | None = None
    maximum: int | None = None
    decimals: bool = False
    bins: tuple[int, ...] = ()
    condition: Condition | None = None
    label: Text = EMPTY
    hint: Text = EMPTY
    matrix: str = ""  # the block of which it is a row
    stem: Text = EMPTY  # what is asked of every row

    @property
    def wording(self) -> str:
        """The question where it stands alone: a row with what is asked of it."""
        return f"{self.stem.text} – {self.label.text}" if self.matrix else self.label.text

    @property
    def name(self) -> str:
        """The name of its input in the form."""
        return f"q{self.number}"


@dataclass(frozen=True)
class Matrix:
    """Questions that share what is asked, and the options: one a row."""

    block: str
    rows: tuple[Question, ...]
    label: Text = EMPTY
    hint: Text = EMPTY


@dataclass(frozen=True)
class Information:
    """Words between questions, or an image with what it shows."""

    body: Text
    image: int | None = None  # its primary key


Item = Question | Matrix | Information


def questions(item: Item) -> tuple[Question, ...]:
    """The questions that an item of a section asks."""
    if isinstance(item, Matrix):
        return item.rows
    return (item,) if isinstance(item, Question) else ()


@dataclass(frozen=True)
class Section:
    """What stands on one page of the form."""

    title: Text
    introduction: Text = EMPTY
    items: tuple["Item", ...] = ()
    number: int = 0  # its place in the version, from 1
    condition: Condition | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of this page, in order, the rows of a matrix one by one."""
        return tuple(question for item in self.items for question in questions(item))


@dataclass(frozen=True)
class Questionnaire:
    """A version in one language."""

    version: int  # the version's number within its consultation
    language: str
    sections: tuple[Section, ...] = ()
    _by_number: dict[int, Question] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_number.update((question.number, question) for question in self.questions)

    @property
    def questions(self) -> Iterator[Question]:
        """Every question, in order."""
        return (question for section in self.sections for question in section.questions)

    def question(self, number: int) -> Question | None:
        """The question of that number, if this version asks it."""
        return self._by_number.get(number)

    def section(self, number: int) -> Section | None:
        """The section of that number, if it is among these."""
        return next((section for section in self.sections if section.number == number), None)

    def section_before(self, number: int) -> Section | None:
        """The last section before that number."""
        return next((section for section in reversed(self.sections) if section.number < number), None)

    def section_after(self, number: int) -> Section | None:
        """The first section after that number."""
        return next((section for section in self.sections if section.number > number), None)

    def section_of(self, question: int) -> Section | None:
        """The section that asks a question."""
        return next((s for s in self.sections if any(q.number == question for q in s.questions)), None)

    @property
    def is_routed(self) -> bool:
        """Whether any part of it is asked only of some."""
        return any(section.condition or any(q.condition for q in section.questions) for section in self.sections)

    @property
    def minutes(self) -> int:
        """About how long it takes, at least one minute."""
        return max(1, round(sum(SECONDS.get(question.kind, 20) for question in self.questions) / 60))


def codes(question: Question) -> dict[int, Option]:
    """The options by their codes: what stands beside a box on paper, and is keyed in from there.

    They count from 1 in the order shown, so they belong to one version and are never stored.
    """
    return dict(enumerate(question.options, 1))


def places(questionnaire: Questionnaire) -> dict[int, int]:
    """The place of each question in the form, counted from 1, by its number: what it is called on paper.

    The number was given for good, so it leaves gaps and jumps where a questionnaire was changed.
    """
    return {question.number: place for place, question in enumerate(questionnaire.questions, 1)}


SECONDS = {"long_text": 60, "matrix": 10}  # a question takes, where not 20


def digest(structure: Structure) -> str:
    """Name a structure by its content, so that an equal one makes no new version."""
    return hashlib.sha256(json.dumps(structure, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def conditions(structure: Structure) -> dict[int, Conditions]:
    """The numbers of the questions that a version asks, and what decides who is asked each."""
    return {
        number: tuple(condition for condition in (_condition(section), _condition(item)) if condition)
        for section in structure["sections"]
        for item in section["items"]
        for number in item.get("rows", [item["q"]] if "q" in item else [])
    }


def assemble(structure: Structure, words: Words, *, version: int = 0, language: str = "") -> Questionnaire:
    """Put structure and words together."""
    return Questionnaire(
        version,
        language,
        tuple(
            Section(
                title=words.get(f"s{section['id']}", EMPTY),
                introduction=words.get(f"s{section['id']}/intro", EMPTY),
                items=tuple(_item(item, words) for item in section["items"]),
                number=number,
                condition=_condition(section),
            )
            for number, section in enumerate(structure["sections"], 1)
        ),
    )


def _item(item: dict[str, Any], words: Words) -> Item:
    if "info" in item:
        name = f"{'p' if 'image' in item else 'i'}{item['info']}"  # rich text and plain text never share a wording
        return Information(words.get(name, EMPTY), item.get("image"))
    if "matrix" in item:
        name = f"m{item['matrix']}"
        rows = tuple(_question(item, number, words, item["matrix"]) for number in item["rows"])
        return Matrix(item["matrix"], rows, words.get(name, EMPTY), words.get(f"{name}/hint", EMPTY))
    return _question(item, item["q"], words)


def _question(item: dict[str, Any], number: int, words: Words, matrix: str = "") -> Question:
    options = item.get("options", [])
    return Question(
        number=number,
        kind=item["kind"],
        required=item.get("required", False),
        personal=item.get("personal", False),
        options=tuple(Option(option, role, option_label(words, number, option, matrix)) for option, role in options),
        limit=item.get("limit"),
        minimum=item.get("minimum"),
        maximum=item.get("maximum"),
        decimals=item.get("decimals", False),
        bins=tuple(item.get("bins", ())),
        condition=_condition(item),
        label=words.get(f"q{number}", EMPTY),
        hint=words.get(f"q{number}/hint", EMPTY),
        matrix=matrix,
        stem=words.get(f"m{matrix}", EMPTY),
    )


def option_label(words: Words, number: int, option: int, matrix: str) -> Text:
    """The wording of a question's option; the rows of a matrix share theirs."""
    return words.get(f"m{matrix}/{option}" if matrix else f"q{number}/{option}", EMPTY)


def _condition(part: dict[str, Any]) -> Condition | None:
    condition = part.get("if")
    return Condition(condition["q"], tuple(condition["any"])) if condition else None
