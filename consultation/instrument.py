"""Load a questionnaire: a version's structure with a language's latest wordings.

What is kept in memory is read on the primary: the public's forms are made of it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from consultation import questionnaire, replica
from consultation.models import Consultation, Question, Version, Wording
from consultation.questionnaire import Conditions, Questionnaire, Text, Words


def words(consultation: Consultation, language: str, at: dt.datetime | None = None) -> Words:
    """The latest wording of every item ever published, falling back to the leading language's.

    at: the wordings of that instant; of what had none yet, the first.
    """
    latest: dict[str, dict[str, str]] = {consultation.language: {}, language: {}}
    rows = Wording.objects.filter(consultation=consultation, language__in=latest)
    for item, row_language, text, since in rows.values_list("item", "language", "text", "since"):
        if at is None or since <= at or item not in latest[row_language]:
            latest[row_language][item] = text
    found = {item: Text(text, consultation.language) for item, text in latest[consultation.language].items()}
    found |= {item: Text(text, language) for item, text in latest[language].items() if text}
    return found


def current(consultation: Consultation, language: str) -> Questionnaire:
    """The current version in a language, from memory where it was read before. Two queries otherwise.

    Raises ValueError before the leading page was first published.
    """
    return of_version(consultation, consultation.published.pk, language)


def of_version(consultation: Consultation, version: int, language: str) -> Questionnaire:
    """A version, by its primary key, in today's words of a language."""
    return _load(consultation.pk, version, consultation.stamp, language)


@lru_cache(maxsize=256)
def _load(consultation_id: int, version_id: int, stamp: int, language: str) -> Questionnaire:
    # The stamp is in the key alone: a change of wording asks for a fresh reading.
    with replica.on(replica.PRIMARY):
        return _loaded(version_id, language)


def _loaded(version_id: int, language: str) -> Questionnaire:
    version = Version.objects.select_related("consultation").get(pk=version_id)
    return questionnaire.assemble(
        version.structure, words(version.consultation, language), version=version.number, language=language
    )


def told(consultation: Consultation, name: str, language: str) -> Text:
    """What the start page tells under the name of a field, from memory where it was read before.

    Where the leading page says nothing, nothing is said: a translation of what it said before may still stand.
    """
    leading = _told(consultation.pk, consultation.stamp, consultation.language).get(f"f{name}", questionnaire.EMPTY)
    if not leading.text:
        return questionnaire.EMPTY
    return _told(consultation.pk, consultation.stamp, language)[f"f{name}"]


@lru_cache(maxsize=256)
def _told(consultation_id: int, stamp: int, language: str) -> Words:
    with replica.on(replica.PRIMARY):
        found = words(Consultation.objects.get(pk=consultation_id), language)
    return {item: text for item, text in found.items() if item.startswith("f")}


Rows = dict[int, questionnaire.Question]


@dataclass(frozen=True)
class Catalogue:
    """Every question ever asked in one language's words, and which of them belong to which theme."""

    questions: Rows
    themes: dict[int, int | None]  # theme's primary key by question number
    conditions: dict[int, Conditions]


def catalogue(consultation: Consultation, language: str) -> Catalogue:
    """The catalogue of a consultation, from memory where it was read before. Five queries otherwise."""
    return _catalogue(consultation.pk, consultation.stamp, language)


@lru_cache(maxsize=256)
def _catalogue(consultation_id: int, stamp: int, language: str) -> Catalogue:
    with replica.on(replica.PRIMARY):
        consultation = Consultation.objects.get(pk=consultation_id)
        themes: dict[int, int | None] = {row.number: row.theme_id for row in consultation.questions.all()}
        return Catalogue(rows(consultation, words(consultation, language)), themes, conditions(consultation))


def conditions(consultation: Consultation) -> dict[int, Conditions]:
    """What decides who is asked each question, as of the last version that asked it: the current one, where it does."""
    found: dict[int, Conditions] = {}
    # An earlier version is the current one again after its questionnaire was restored.
    for version in sorted(consultation.versions.all(), key=lambda v: (v.pk == consultation.version_id, v.number)):
        found |= questionnaire.conditions(version.structure)
    return found


def personal(consultation: Consultation) -> frozenset[int]:
    """The questions whose answers may name somebody, as the last version that asked each says: the current one, where
    it does."""
    found: dict[int, bool] = {}
    for version in sorted(consultation.versions.all(), key=lambda v: (v.pk == consultation.version_id, v.number)):
        asked = questionnaire.assemble(version.structure, {}).questions
        found |= {question.number: question.personal for question in asked}
    return frozenset(number for number, flagged in found.items() if flagged)


def forget() -> None:
    """Empty what is kept in memory."""
    _load.cache_clear()
    _catalogue.cache_clear()
    _told.cache_clear()


def rows(consultation: Consultation, words: Words | None = None) -> Rows:
    """Every question ever asked, with every option ever offered, by number: what counting and files go by."""
    found: Iterable[Question] = consultation.questions.prefetch_related("options").order_by("position", "number")
    return {row.number: _question(row, words or {}) for row in found}


def _question(row: Question, words: Words) -> questionnaire.Question:
    matrix = row.block.partition("/")[0] if row.kind == "matrix" else ""
    return questionnaire.Question(
        number=row.number,
        kind=row.kind,
        bins=tuple(row.bins),
        label=words.get(f"q{row.number}", questionnaire.EMPTY),
        options=tuple(
            questionnaire.Option(
                option.number,
                option.role,
                questionnaire.option_label(words, row.number, option.number, matrix),
                option.retired_at is not None,
            )
            for option in sorted(row.options.all(), key=lambda option: (option.position, option.number))
        ),
        matrix=matrix,
        stem=words.get(f"m{matrix}", questionnaire.EMPTY),
    )
