"""A questionnaire as it is printed: everything that is asked, with places, codes, and its routes in words.

On paper nobody is led past a question, so each says whom it is for. A code is what stands beside a box and is keyed in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultation import audience
from consultation.forms import Words
from consultation.kinds import KINDS, OTHER, TextBeside, places
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
    codes,
)
from consultation.questionnaire import places as places_of

FEW, MANY = 1, 8  # lines to write on
WIDE = 6  # options from which on they stand in two columns
SHORT = 45  # characters of the longest label there


@dataclass(frozen=True)
class Box:
    """An option with its code."""

    code: int
    option: Option

    @property
    def opens_text(self) -> bool:
        """Whether there is a line to write on."""
        return self.option.role == OTHER


@dataclass(frozen=True)
class Printed:
    """A question on paper. only_if: whom it is for, in words; empty: for everybody."""

    place: int
    question: Question
    only_if: str

    is_information = False

    @property
    def template(self) -> str:
        """The template of the shape of its answer."""
        return f"home/paper/{KINDS[self.question.kind].shape.value}.html"

    @property
    def boxes(self) -> list[Box]:
        """Its options."""
        return [Box(code, option) for code, option in codes(self.question).items()]

    @property
    def has_columns(self) -> bool:
        """Whether its options are so many and so short that two fit side by side."""
        boxes = self.boxes
        return len(boxes) >= WIDE and all(len(b.option.label.text) <= SHORT and not b.opens_text for b in boxes)

    @property
    def texts(self) -> tuple[TextBeside, ...]:
        """What is asked in words beside the options."""
        return KINDS[self.question.kind].texts

    @property
    def limits(self) -> str:
        """What can be entered."""
        return KINDS[self.question.kind].limits(self.question)

    @property
    def places(self) -> range:
        """The places of a ranking."""
        return range(1, places(self.question) + 1)

    @property
    def lines(self) -> range:
        """The lines to write on."""
        return range(MANY if self.question.kind == "long_text" else FEW)


@dataclass(frozen=True)
class PrintedGrid:
    """A matrix on paper: a row for each question, and what its columns are called."""

    matrix: Matrix
    rows: tuple[Printed, ...]
    only_if: str

    is_information = False
    template = "home/paper/grid.html"

    @property
    def columns(self) -> list[Box]:
        """The options, which all rows share."""
        return self.rows[0].boxes

    @property
    def required(self) -> bool:
        """Whether every row has to be answered."""
        return self.rows[0].question.required


Shown = Printed | PrintedGrid | Words


@dataclass(frozen=True)
class PrintedSection:
    """A section on paper. otherwise: where to go on for whom it is not."""

    number: int
    title: Text
    introduction: Text
    only_if: str
    otherwise: str
    items: tuple[Shown, ...]


def sections(questionnaire: Questionnaire) -> list[PrintedSection]:
    """Every section in the order of the form, in the language of the questionnaire."""
    numbered = _Numbered({question.number: question for question in questionnaire.questions}, places_of(questionnaire))
    return [
        PrintedSection(
            section.number,
            section.title,
            section.introduction,
            numbered.only_if(section.condition),
            _otherwise(questionnaire, section),
            tuple(numbered.shown(section)),
        )
        for section in questionnaire.sections
    ]


def _otherwise(questionnaire: Questionnaire, section: Section) -> str:
    """Past the sections that the same answer leads to."""
    if section.condition is None:
        return ""
    later = (s for s in questionnaire.sections if s.number > section.number and s.condition != section.condition)
    following = next(later, None)
    if following is None:
        return _("If not, you have reached the end of the questions.")
    return _("If not, go on to section %(number)d.") % {"number": following.number}


@dataclass(frozen=True)
class _Numbered:
    questions: Mapping[int, Question]
    places: Mapping[int, int]

    def only_if(self, condition: Condition | None) -> str:
        return audience.on_paper(condition, self.questions, self.places) if condition else ""

    def shown(self, section: Section) -> Iterator[Shown]:
        for item in section.items:
            yield self._item(item)

    def _item(self, item: Item) -> Shown:
        if isinstance(item, Information):
            return Words(item.body, item.image)
        if isinstance(item, Matrix):
            return PrintedGrid(item, tuple(map(self._printed, item.rows)), self.only_if(item.rows[0].condition))
        return self._printed(item)

    def _printed(self, question: Question) -> Printed:
        return Printed(self.places[question.number], question, self.only_if(question.condition))
