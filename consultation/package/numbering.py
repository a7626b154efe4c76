"""The questions of a package with their numbers, and what each version asks: responses are read against it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from consultation.package.blueprint import Blueprint
from consultation.package.record import Record
from consultation.questionnaire import EMPTY, Option, Question, Questionnaire, Text, assemble, option_label


@dataclass(frozen=True)
class Numbered:
    """A question with every option ever offered; options: their numbers by key."""

    key: str
    question: Question
    options: Mapping[str, int]


@dataclass(frozen=True)
class Numbering:
    """All questions that have columns, and the versions by number. Without a record there is one version."""

    questions: tuple[Numbered, ...]
    versions: Mapping[int, Questionnaire]
    current: int
    is_recorded: bool = False


def of_blueprint(blueprint: Blueprint) -> Numbering:
    """As they will be once compiled: numbered from 1, in order."""
    numbered = blueprint.numbered()
    questions = tuple(
        Numbered(item.key, numbered[item.key], {option.key: place for place, option in enumerate(item.options, 1)})
        for item in blueprint.questions
    )
    return Numbering(questions, {1: blueprint.numbered_sections()}, 1)


def of_record(record: Record, language: str) -> Numbering:
    """As they were numbered where the package was written."""
    words = {w.item: Text(w.text, language) for w in record.wordings if w.language == language}
    questions = []
    for row in record.questions:
        matrix = row.block.partition("/")[0] if row.kind == "matrix" else ""
        options = tuple(
            Option(option.number, option.role, option_label(words, row.number, option.number, matrix))
            for option in row.options
        )
        question = Question(row.number, row.kind, options=options, label=words.get(f"q{row.number}", EMPTY))
        questions.append(Numbered(row.key, question, {option.key: option.number for option in row.options}))
    versions = {v.number: assemble(v.structure, words, version=v.number, language=language) for v in record.versions}
    return Numbering(tuple(questions), versions, record.current, is_recorded=True)


def with_all_options(asked: Question, ever: Question) -> Question:
    """The question as a version asks it, with what was offered before and after."""
    return replace(asked, options=ever.options)
