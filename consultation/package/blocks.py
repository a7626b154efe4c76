"""A package's questionnaire in the shape in which the editor stores it, with the ids that everything else goes by.

The ids are made from the consultation's key and the package's keys, so that every language has the same ones and a
questionnaire made twice is the same twice.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.html import escape

from consultation.kinds import KINDS, as_day
from consultation.package.blueprint import Blueprint, PackageCondition, PackageItem, PackageOption
from consultation.package.record import Record
from consultation.source import IMAGE, INFORMATION, SourceItem, SourceOption, SourceSection, sections


@dataclass(frozen=True)
class Blocks:
    """One consultation's blocks.

    themes: the keys of the themes by what the package calls them; records: of options that are records, by question
    and option key; images: primary keys by name; record: what the blocks were elsewhere, where the package has it.
    """

    key: uuid.UUID
    blueprint: Blueprint
    themes: Mapping[str, str]
    records: Mapping[tuple[str, str], str] = field(default_factory=dict)
    images: Mapping[str, int] = field(default_factory=dict)
    record: Record | None = None

    def raw(self, language: str = "") -> list[dict[str, Any]]:
        """The raw value of the StreamField, worded in a language (by default the leading one)."""
        return [
            {
                "type": "section",
                "id": section.id or self._id(f"{number}"),
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

    def sections(self, language: str = "") -> tuple[SourceSection, ...]:
        """What this is once it is read, with the records that the package has as options, in its order and words."""
        items = {self._id(f"/{item.key}"): item for item in self.blueprint.questions if KINDS[item.kind].beside}

        def filled(read: SourceItem) -> SourceItem:
            item = items.get(read.id)
            return replace(read, options=tuple(self._options(item, language))) if item else read

        return tuple(
            replace(section, items=tuple(map(filled, section.items))) for section in sections(self.raw(language))
        )

    def _options(self, item: PackageItem, language: str) -> Iterator[SourceOption]:
        for option in item.options:
            label = option.label.get(language or self.blueprint.language, "")
            yield SourceOption(self._option_id(item, option), label, option.role)

    def keys(self) -> dict[str, str]:
        """The column keys by block id and by "block id/item id", as compile wants them."""
        return dict(self._keys())

    def _keys(self) -> Iterator[tuple[str, str]]:
        for item in self.blueprint.questions:
            block, own = self._id(f"/{item.key}"), item.key
            if item.matrix:
                block, own = f"{self._id(f'/{item.matrix}')}/{block}", item.matrix
            yield block, item.key
            yield from ((f"{block}/{self._option_id(item, o, own)}", o.key) for o in item.options)

    def _item(self, item: PackageItem, place: str, language: str) -> dict[str, Any]:
        value: dict[str, Any]
        if item.kind == INFORMATION:
            text = self.blueprint.text(item.label, language)
            return {
                "type": INFORMATION,
                "id": item.id or self._id(place),
                "value": text if item.is_html else paragraphs(text),
            }
        if item.kind == IMAGE:
            value = {"image": self.images[item.image], "alt": self.blueprint.text(item.label, language)}
            return {"type": IMAGE, "id": item.id or self._id(place), "value": value}
        value = {
            "label": self.blueprint.text(item.label, language),
            "hint": self.blueprint.text(item.hint, language),
            "theme": self.themes.get(item.theme, ""),
            "required": item.required,
            "personal": item.personal,
        } | self._condition(item.show_if)
        if KINDS[item.kind].beside:
            value |= {name: name in (option.key for option in item.options) for name in KINDS[item.kind].beside}
        elif KINDS[item.kind].fixed:
            value |= {option.key: self.blueprint.text(option.label, language) for option in item.options}
        elif KINDS[item.kind].takes_options:
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
        asked = {item.key: item for item in self.blueprint.questions}[condition.question]
        options = [self._option_id(asked, option) for option in asked.options if option.key in condition.options]
        return {"show_if": {"question": self._id(f"/{condition.question}"), "any": options}}

    def _option_id(self, item: PackageItem, option: PackageOption, own: str = "") -> str:
        if option.key in KINDS[item.kind].known:
            return option.key
        return self.records.get((item.key, option.key)) or self._id(f"/{own or item.key}/{option.key}")

    def _id(self, name: str) -> str:
        return self._recorded.get(name) or str(uuid.uuid5(self.key, name))

    @cached_property
    def _recorded(self) -> dict[str, str]:
        """The ids that blocks and list items had elsewhere, by the names under which they are asked for here."""
        found: dict[str, str] = {}
        for item in self.blueprint.questions:
            row = self.record.question(item.key) if self.record else None
            if row is not None:
                matrix, _slash, block = row.block.rpartition("/")
                found |= {f"/{item.key}": block} | ({f"/{item.matrix}": matrix} if item.matrix else {})
                found |= {f"/{item.matrix or item.key}/{option.key}": option.item for option in row.options}
        return found


def _iso(day: int | None) -> str | None:
    return None if day is None else as_day(day).isoformat()


def paragraphs(text: str) -> str:
    """Plain text as rich text: a paragraph for each that a blank line ends. No markup of the package gets through."""
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
