"""Put a record's rows into the database as they were, before its page is published."""

import copy
from collections.abc import Mapping
from typing import Any

from consultation.models import Consultation, Option, Question, Theme, Version, Wording
from consultation.package.blocks import Blocks
from consultation.package.record import Record, RecordedQuestion
from consultation.questionnaire import digest
from consultation.source import Source


def restore(source: Source, record: Record, blocks: Blocks) -> Consultation:
    """Make the consultation with every number, key, version and wording; with the themes, areas and images of here."""
    consultation = Consultation.objects.create(
        key=source.key,
        title=source.title,
        language=source.language,
        opens_at=source.opens_at,
        closes_at=source.closes_at,
        results=source.results,
        segments=list(record.segments),
    )
    known = {str(theme.key): theme for theme in Theme.objects.all()}
    for question in record.questions:
        _question(consultation, question, known.get(blocks.themes.get(question.theme, "")), blocks)
    _versions(consultation, record, blocks.images)
    _wordings(consultation, record)
    return consultation


def _question(consultation: Consultation, question: RecordedQuestion, theme: Theme | None, blocks: Blocks) -> None:
    row = Question.objects.create(
        consultation=consultation,
        number=question.number,
        key=question.key,
        block=question.block,
        kind=question.kind,
        theme=theme,
        bins=list(question.bins),
        position=question.position,
        retired_at=question.retired_at,
    )
    Option.objects.bulk_create(
        Option(
            question=row,
            number=option.number,
            key=option.key,
            item=blocks.records.get((question.key, option.key)) or option.item,
            role=option.role,
            position=option.position,
            retired_at=option.retired_at,
        )
        for option in question.options
    )


def _versions(consultation: Consultation, record: Record, images: Mapping[str, int]) -> None:
    rows = []
    for version in record.versions:
        structure = structure_with(version.structure, images)
        rows.append(
            Version(consultation=consultation, number=version.number, digest=digest(structure), structure=structure)
        )
    made = Version.objects.bulk_create(rows)
    for row, version in zip(made, record.versions, strict=True):
        row.created_at = version.created_at  # the field takes the time of adding, so it is set afterwards
    Version.objects.bulk_update(made, ["created_at"])
    consultation.version = next(row for row in made if row.number == record.current)
    consultation.save()


def _wordings(consultation: Consultation, record: Record) -> None:
    made = Wording.objects.bulk_create(
        Wording(consultation=consultation, item=wording.item, language=wording.language, text=wording.text)
        for wording in record.wordings
    )
    for row, wording in zip(made, record.wordings, strict=True):
        row.since = wording.since
    Wording.objects.bulk_update(made, ["since"], batch_size=200)


def structure_with(structure: dict[str, Any], images: Mapping[str, int]) -> dict[str, Any]:
    """A version's structure with the primary keys of its images."""
    copied = copy.deepcopy(structure)
    for section in copied["sections"]:
        for item in section["items"]:
            if "image" in item:
                item["image"] = images[item["image"]]
    return copied
