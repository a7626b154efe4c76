"""Which column of a file of responses belongs to what: the keys are those of columns.py, in any order."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from consultation.columns import CODES_COLUMN, unguard
from consultation.kinds import KINDS, OTHER, Shape
from consultation.package.blueprint import RESERVED
from consultation.package.files import RESPONSES
from consultation.package.findings import Findings
from consultation.package.numbering import Numbered, Numbering
from consultation.package.records import Record
from consultation.questionnaire import Question


@dataclass(frozen=True)
class QuestionColumns:
    """One question's places in a record.

    cells: of the answer (multiple: one an option, in the order of options); words: of the words
    beside an option, by its number (of several only where one was retired); options: numbers by option key; texts: of
    what is asked in words beside the options, by name.
    """

    key: str
    question: Question
    names: tuple[str, ...]
    cells: tuple[int, ...]
    words: Mapping[int, int]
    options: Mapping[str, int]
    texts: Mapping[str, int]


@dataclass(frozen=True)
class Layout:
    """The places of everything: of the fixed columns by name, and of each question."""

    width: int
    fixed: Mapping[str, int]
    questions: tuple[QuestionColumns, ...]


def layout(header: Record, numbering: Numbering, drop: Collection[str], findings: Findings) -> Layout | None:
    """Find every column; None where one is missing, unknown or there twice."""
    before = findings.problem_count
    names = [unguard(cell.strip()) for cell in header.cells]
    wanted = [name for numbered in numbering.questions for name in column_names(numbered)]
    for message, column in _wrong(names, wanted, drop):
        findings.problem(RESPONSES, message, header.line, f"column {column}" if column else "")
    if findings.problem_count > before:
        return None
    places = {name: place for place, name in enumerate(names) if name not in drop}
    return Layout(
        width=len(names),
        fixed={name: places[name] for name in RESERVED if name in places},
        questions=tuple(_places(numbered, places) for numbered in numbering.questions),
    )


def column_names(numbered: Numbered) -> list[str]:
    """The columns that a question has in a file of responses."""
    key, keys = numbered.key, {number: key for key, number in numbered.options.items()}
    beside = [f"{key}.{keys[option.number]}.text" for option in numbered.question.options if option.role == OTHER]
    if KINDS[numbered.question.kind].shape in (Shape.OPTIONS, Shape.PLACES):
        return [f"{key}.{option}" for option in numbered.options] + beside
    return [key, *beside, *(f"{key}.{text.name}" for text in KINDS[numbered.question.kind].texts)]


def _wrong(names: list[str], wanted: list[str], drop: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, times in Counter(names).items():
        if times > 1:
            yield "is there more than once. Rename or remove the others.", name
        # Codes are what officers made of answers, and stay with the site where they did.
        is_known = name in wanted or name in RESERVED or name.endswith(CODES_COLUMN)
        if not is_known and name not in drop:
            yield "is not known. Correct its name, or leave it out with --drop.", name
    for name in wanted:
        if name not in names or name in drop:
            yield "is missing. Every question of the questionnaire needs its columns.", name
    for name in drop:
        if name not in names:
            yield "is to be dropped but is not there.", name


def _places(numbered: Numbered, places: Mapping[str, int]) -> QuestionColumns:
    names = column_names(numbered)
    others = [option.number for option in numbered.question.options if option.role == OTHER]
    texts = [text.name for text in KINDS[numbered.question.kind].texts]
    answer = names[: len(names) - len(others) - len(texts)]
    beside = names[len(answer) : len(names) - len(texts)]
    return QuestionColumns(
        key=numbered.key,
        question=numbered.question,
        names=tuple(names),
        cells=tuple(places[name] for name in answer),
        words={number: places[name] for number, name in zip(others, beside, strict=True)},
        options=numbered.options,
        texts={text: places[f"{numbered.key}.{text}"] for text in texts},
    )
