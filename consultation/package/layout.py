"""Which column of a file of responses belongs to what: the keys are those of columns.py, in any order."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from consultation.columns import unguard
from consultation.kinds import KINDS, OTHER, Shape
from consultation.package.blueprint import RESERVED, Blueprint, PackageItem
from consultation.package.files import RESPONSES
from consultation.package.findings import Findings
from consultation.package.records import Record
from consultation.questionnaire import Question


@dataclass(frozen=True)
class QuestionColumns:
    """One question's places in a record.

    cells: of the answer (multiple: one an option, in the options' order); words: of the words beside "other";
    other: the number of that option; options: numbers by option key.
    """

    key: str
    question: Question
    names: tuple[str, ...]
    cells: tuple[int, ...]
    words: int | None
    other: int | None
    options: Mapping[str, int]


@dataclass(frozen=True)
class Layout:
    """The places of everything: of the fixed columns by name, and of each question."""

    width: int
    fixed: Mapping[str, int]
    questions: tuple[QuestionColumns, ...]


def layout(header: Record, blueprint: Blueprint, drop: Collection[str], findings: Findings) -> Layout | None:
    """Find every column; None where one is missing, unknown or there twice."""
    before = findings.problem_count
    names = [unguard(cell.strip()) for cell in header.cells]
    wanted = [name for item in blueprint.questions for name in column_names(item)]
    for message, column in _wrong(names, wanted, drop):
        findings.problem(RESPONSES, message, header.line, f"column {column}" if column else "")
    if findings.problem_count > before:
        return None
    places = {name: place for place, name in enumerate(names) if name not in drop}
    numbered = blueprint.numbered()
    return Layout(
        width=len(names),
        fixed={name: places[name] for name in RESERVED if name in places},
        questions=tuple(_places(item, numbered[item.key], places) for item in blueprint.questions),
    )


def column_names(item: PackageItem) -> list[str]:
    """The columns that a question has in a file of responses."""
    beside = [f"{item.key}.{option.key}.text" for option in item.options if option.role == OTHER]
    if KINDS[item.kind].shape in (Shape.OPTIONS, Shape.PLACES):
        return [f"{item.key}.{option.key}" for option in item.options] + beside
    return [item.key, *beside]


def _wrong(names: list[str], wanted: list[str], drop: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, times in Counter(names).items():
        if times > 1:
            yield "is there more than once. Rename or remove the others.", name
        if name not in wanted and name not in RESERVED and name not in drop:
            yield "is not known. Correct its name, or leave it out with --drop.", name
    for name in wanted:
        if name not in names or name in drop:
            yield "is missing. Every question of the questionnaire needs its columns.", name
    for name in drop:
        if name not in names:
            yield "is to be dropped but is not there.", name


def _places(item: PackageItem, question: Question, places: Mapping[str, int]) -> QuestionColumns:
    names = column_names(item)
    other = next((option.number for option in question.options if option.role == OTHER), None)
    answer = names[: len(names) - (other is not None)]
    return QuestionColumns(
        key=item.key,
        question=question,
        names=tuple(names),
        cells=tuple(places[name] for name in answer),
        words=places[names[-1]] if other is not None else None,
        other=other,
        options={option.key: number for number, option in enumerate(item.options, 1)},
    )
