"""Figures side by side: the same summary for every language, every channel, or every option of a chosen question."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from consultation.recount import Cell, Counted
from consultation.summary import SEGMENTS, Bar, QuestionSummary, Reading, percent, summarise


@dataclass(frozen=True)
class Row:
    """One option's figures: of everybody, and of each part in the order of the columns."""

    whole: Bar
    parts: tuple[Bar, ...]


@dataclass(frozen=True)
class Compared:
    """One question's figures side by side. columns: the name of each part."""

    columns: tuple[str, ...]
    parts: tuple[QuestionSummary, ...]
    rows: tuple[Row, ...]

    @property
    def headed(self) -> list[tuple[str, QuestionSummary]]:
        """The parts, each with its name."""
        return list(zip(self.columns, self.parts, strict=True))


@dataclass(frozen=True)
class Comparison:
    """A consultation's questions by the values of a segment."""

    columns: tuple[str, ...]
    questions: Mapping[int, Compared]
    left_out: int  # responses that are in no column, because they did not answer the question that is compared by


NOTHING = Comparison((), {}, 0)


def choices(reading: Reading) -> list[tuple[str, str]]:
    """What can be compared by: language, channel, and the questions that officers chose."""
    asked = ((number, reading.questions.get(number)) for number in reading.consultation.segments)
    return [
        ("language", _("Language")),
        ("channel", _("Channel")),
        *((f"q{number}", f"{number}. {question.label}") for number, question in asked if question),
    ]


def compare(reading: Reading, by: str) -> Comparison:
    """Sum up each part as if it were a consultation of its own, and put them side by side."""
    values = _values(reading, by)
    whole = summarise(reading)
    cells = _apart(reading.cells, by)
    parts = [summarise(replace(reading, cells=cells[value])) for value, _name in values]
    names = tuple(name for _value, name in values)
    return Comparison(
        names,
        {
            question.number: _side_by_side(names, question, tuple(part.questions[index] for part in parts))
            for index, question in enumerate(whole.questions)
        },
        whole.received - sum(part.received for part in parts),
    )


def _side_by_side(names: tuple[str, ...], whole: QuestionSummary, parts: tuple[QuestionSummary, ...]) -> Compared:
    return Compared(names, parts, tuple(Row(bar, tuple(_bar(part, bar) for part in parts)) for bar in whole.bars))


def _bar(part: QuestionSummary, whole: Bar) -> Bar:
    """The part's figure for an option; 0 where its own summary has no such line."""
    found = next((bar for bar in part.bars if bar.number == whole.number), None)
    return found or replace(whole, n=0, percent=percent(0, part.base))


def _values(reading: Reading, by: str) -> Iterable[tuple[str, str]]:
    """The values of a segment and their names: a question's options in their order, others by number of responses."""
    sizes = {cell.value: n.n for cell, n in reading.cells.items() if cell.segment == by and cell.question == 0}
    if by in SEGMENTS:
        return [(value, SEGMENTS[by](value)) for value in sorted(sizes, key=lambda value: (-sizes[value], value))]
    question = reading.questions[int(by.removeprefix("q"))]
    return [(str(option.number), option.label.text) for option in question.options if str(option.number) in sizes]


def _apart(cells: Mapping[Cell, Counted], by: str) -> Mapping[str, dict[Cell, Counted]]:
    """The cells of each value of a segment, addressed as if they were the whole."""
    parts: defaultdict[str, dict[Cell, Counted]] = defaultdict(dict)
    for cell, counted in cells.items():
        if cell.segment == by:
            parts[cell.value][Cell(cell.question, cell.option)] = counted
    return parts
