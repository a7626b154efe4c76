"""A package's questionnaire in the shape in which the editor stores it, with the ids that everything else goes by.

The ids are made from the consultation's key and the package's keys, so that every language has the same ones and a
questionnaire made twice is the same twice.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape

from consultation.kinds import KINDS, as_day
from consultation.package.blueprint import Blueprint, PackageCondition, PackageItem
from consultation.source import INFORMATION


@dataclass(frozen=True)
class Blocks:
    """One consultation's blocks. themes: the keys of the themes by what the package calls them."""

    key: uuid.UUID
    blueprint: Blueprint
    themes: Mapping[str, str]

    def raw(self, language: str = "") -> list[dict[str, Any]]:
        """The raw value of the StreamField, worded in a language (by default the leading one)."""
        return [
            {
                "type": "section",
                "id": self._id(f"{number}"),
                "value": {
                    "title": self.blueprint.text(section.title, language),
                    "introduction": self.blueprint.text(section.introduction, language),
                    "questions": [
                        self._item(item, f"{number}/{place}", language) for place, item in enumerate(section.items)
                    ],
                }
                | self._condition(section.show_if),
            }
            for number, section in enumerate(self.blueprint.sections)
        ]

    def keys(self) -> dict[str, str]:
        """The column keys by block id and by "block id/item id", as compile wants them."""
        return dict(self._keys())

    def _keys(self) -> Iterator[tuple[str, str]]:
        for item in self.blueprint.questions:
            block, own = self._id(f"/{item.key}"), item.key
            if item.matrix:
                block, own = f"{self._id(f'/{item.matrix}')}/{block}", item.matrix
            yield block, item.key
            yield from ((f"{block}/{self._id(f'/{own}/{o.key}')}", o.key) for o in item.options)

    def _item(self, item: PackageItem, place: str, language: str) -> dict[str, Any]:
        if item.kind == INFORMATION:
            return {
                "type": INFORMATION,
                "id": self._id(place),
                "value": paragraphs(self.blueprint.text(item.label, language)),
            }
        value: dict[str, Any] = {
            "label": self.blueprint.text(item.label, language),
            "hint": self.blueprint.text(item.hint, language),
            "theme": self.themes.get(item.theme, ""),
            "required": item.required,
        } | self._condition(item.show_if)
        if KINDS[item.kind].takes_options:
            value["options"] = [
                {
                    "type": "item",
                    "id": self._id(f"/{item.key}/{option.key}"),
                    "value": {"label": self.blueprint.text(option.label, language), "role": option.role},
                }
                for option in item.options
            ]
        if item.rows:
            value["rows"] = [
                {
                    "type": "item",
                    "id": self._id(f"/{row.key}"),
                    "value": {
                        "label": self.blueprint.text(row.label, language),
                        "theme": self.themes.get(row.theme, ""),
                    },
                }
                for row in item.rows
            ]
        if item.kind in ("long_text", "multiple", "ranking"):
            value["limit"] = item.limit
        if item.kind == "scale":
            value["minimum"] = str(item.minimum)  # a code, so a choice block
        if item.kind == "date":
            value |= {"earliest": _iso(item.minimum), "latest": _iso(item.maximum)}
        if item.kind == "number":
            value |= {"minimum": item.minimum, "maximum": item.maximum, "decimals": item.decimals}
        return {"type": item.kind, "id": self._id(f"/{item.key}"), "value": value}

    def _condition(self, condition: PackageCondition | None) -> dict[str, Any]:
        if condition is None:
            return {}
        options = [self._id(f"/{condition.question}/{option}") for option in condition.options]
        return {"show_if": {"question": self._id(f"/{condition.question}"), "any": options}}

    def _id(self, name: str) -> str:
        return str(uuid.uuid5(self.key, name))


def _iso(day: int | None) -> str | None:
    return None if day is None else as_day(day).isoformat()


def paragraphs(text: str) -> str:
    """Plain text as rich text: a paragraph for each that a blank line ends. No markup of the package gets through."""
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
