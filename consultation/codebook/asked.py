"""Since when a question was asked, in which versions, and within what bounds; of whom, as keys."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consultation import instrument, questionnaire
from consultation.models import Consultation, Version
from consultation.questionnaire import Conditions, Question, Words

Named = tuple[int, int]  # question and option number; option 0 is the question itself


@dataclass(frozen=True)
class Asked:
    """What the versions say about one question, or one of its options."""

    versions: tuple[int, ...]
    since: dt.datetime
    last: Question  # as it was last asked


def asked(consultation: Consultation, language: str) -> dict[Named, Asked]:
    """Everything that any version asked or offered. Two queries."""
    words = instrument.words(consultation, language)
    found: dict[Named, Asked] = {}
    # An earlier version is the current one again after its questionnaire was restored.
    for version in sorted(consultation.versions.all(), key=lambda v: (v.pk == consultation.version_id, v.number)):
        for named, question in _of_version(version, words):
            before = found.get(named)
            numbers = {version.number, *(before.versions if before else ())}
            since = min(version.created_at, before.since) if before else version.created_at
            found[named] = Asked(tuple(sorted(numbers)), since, question)
    return found


def _of_version(version: Version, words: Words) -> Iterator[tuple[Named, Question]]:
    for question in questionnaire.assemble(version.structure, words).questions:
        for option in (0, *(option.number for option in question.options)):
            yield (question.number, option), question


def in_keys(conditions: Conditions, keys: Mapping[Named, str]) -> str:
    """Of whom a question is asked, for programs: q1.2|q1.3 & q4.1. Empty: of everybody."""
    return " & ".join("|".join(keys[c.question, option] for option in c.options) for c in conditions)


def instant(at: dt.datetime | None) -> str:
    """A time as the files have it; empty where there is none."""
    return at.isoformat(timespec="seconds") if at else ""
