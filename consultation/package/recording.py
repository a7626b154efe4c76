"""A consultation's record in the shape of record.json."""

import json
from collections.abc import Mapping
from typing import Any

from consultation.models import Consultation, Option, Question, Wording
from consultation.package import pictures
from consultation.package.richtext import portable
from consultation.package.themes import Names


def record(consultation: Consultation, themes: Names, images: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Everything that identity needs. images: their names in the package by primary key, by default as the
    consultation's are numbered."""
    names = pictures.named(consultation) if images is None else images
    rows = consultation.questions.select_related("theme").prefetch_related("options").order_by("number")
    return {
        "current": consultation.published.number,
        "segments": consultation.segments,
        "questions": [_question(row, themes) for row in rows],
        "versions": [
            {
                "number": version.number,
                "created_at": version.created_at.isoformat(),
                "structure": _structure(version.structure, names),
            }
            for version in consultation.versions.order_by("number")
        ],
        "wordings": [_wording(row) for row in consultation.wordings.order_by("pk")],
    }


def _question(row: Question, themes: Names) -> dict[str, Any]:
    return {
        "number": row.number,
        "key": row.key,
        "block": row.block,
        "kind": row.kind,
        "theme": themes.get(row.theme_id, ""),
        "bins": row.bins,
        "position": row.position,
        "retired_at": row.retired_at and row.retired_at.isoformat(),
        "options": [_option(option) for option in sorted(row.options.all(), key=lambda option: option.number)],
    }


def _option(row: Option) -> dict[str, Any]:
    return {
        "number": row.number,
        "key": row.key,
        "item": row.item,
        "role": row.role,
        "position": row.position,
        "retired_at": row.retired_at and row.retired_at.isoformat(),
    }


def _wording(row: Wording) -> dict[str, Any]:
    # Of information alone the text is rich.
    text = portable(row.text) if row.item.startswith("i") else row.text
    return {"item": row.item, "language": row.language, "since": row.since.isoformat(), "text": text}


def _structure(structure: Any, images: Mapping[int, str]) -> Any:
    """The structure in one order of its names: databases keep different ones."""
    copied = json.loads(json.dumps(structure, sort_keys=True))
    for section in copied["sections"]:
        for item in section["items"]:
            if "image" in item:
                item["image"] = images.get(item["image"], item["image"])
    return copied
