"""A consultation's questionnaire in the shape of questionnaire.json, so that it can be imported elsewhere."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from consultation.kinds import KINDS, as_day
from consultation.models import Consultation, Question
from consultation.package import pictures, themes
from consultation.package.blueprint import FORMAT
from consultation.package.richtext import portable
from consultation.source import IMAGE, INFORMATION

Described = dict[str, Any]


def write(described: Any) -> Iterator[bytes]:
    """A file of JSON: the same value is the same bytes."""
    yield json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"


def questionnaire(consultation: Consultation) -> Described:
    """What is asked now, in every language in which it is worded."""
    return _Describer(consultation).questionnaire()


class _Describer:
    def __init__(self, consultation: Consultation) -> None:
        self.consultation = consultation
        self.words = _words(consultation)
        rows = consultation.questions.select_related("theme").prefetch_related("options")
        self.rows: dict[int, Question] = {row.number: row for row in rows}
        self.themes = themes.of(consultation)
        self.names = themes.names(self.themes)
        self.images = pictures.named(consultation)
        self.options = {n: {o.number: o for o in row.options.all()} for n, row in self.rows.items()}

    def questionnaire(self) -> Described:
        described: Described = {
            "format": FORMAT,
            "language": self.consultation.language,
            "title": {self.consultation.language: self.consultation.title},
        }
        described |= {
            "opens_at": self.consultation.opens_at.isoformat(),
            "closes_at": self.consultation.closes_at and self.consultation.closes_at.isoformat(),
            "results": self.consultation.results,
            "themes": {str(theme.key): theme.name.strip() for theme in self.themes},
        }
        structure = self.consultation.version.structure if self.consultation.version else {"sections": []}
        return described | {"sections": [self._section(section) for section in structure["sections"]]}

    def _section(self, section: Described) -> Described:
        described = {"id": section["id"], "title": self._text(f"s{section['id']}")}
        described |= self._unless_empty("introduction", f"s{section['id']}/intro")
        items = [self._item(item) for item in section["items"]]
        return described | self._condition(section) | {"items": items}

    def _item(self, item: Described) -> Described:
        if "info" in item:
            return self._unasked(item)
        number = item["rows"][0] if "rows" in item else item["q"]
        name = f"m{item['matrix']}" if "rows" in item else f"q{number}"
        described = {"key": self._matrix_key(number) if "rows" in item else self.rows[number].key, "kind": item["kind"]}
        described |= {"label": self._text(name)} | self._unless_empty("hint", f"{name}/hint")
        if "rows" not in item:
            described |= self._theme(number)
        described |= {"required": True} if item.get("required") else {}
        described |= {"personal": True} if item.get("personal") else {}
        described |= self._settings(item) | self._condition(item)
        if KINDS[item["kind"]].takes_options:
            described["options"] = [self._option(number, name, *option) for option in item.get("options", [])]
        if "rows" in item:
            rows = [
                {"key": self.rows[row].key, "label": self._text(f"q{row}")} | self._theme(row) for row in item["rows"]
            ]
            described["rows"] = rows
        return described

    def _unasked(self, item: Described) -> Described:
        described = {"id": item["info"]}
        if "image" in item:
            file = self.images[item["image"]]
            return described | {"kind": IMAGE, "file": file, "alt": self._text(f"p{item['info']}")}
        html = {code: portable(text) for code, text in self._text(f"i{item['info']}").items()}
        return described | {"kind": INFORMATION, "html": html}

    def _option(self, number: int, name: str, option: int, role: str) -> Described:
        described = {"key": self.options[number][option].key, "label": self._text(f"{name}/{option}")}
        return described | ({"role": role} if role else {})

    def _settings(self, item: Described) -> Described:
        described: Described = {
            name: item[name] for name in ("limit", "minimum", "maximum", "decimals") if name in item
        }
        if item["kind"] == "date":
            bounds = {"minimum": "earliest", "maximum": "latest"}
            described = {bounds[name]: as_day(day).isoformat() for name, day in described.items()}
        return described

    def _condition(self, part: Described) -> Described:
        if "if" not in part:
            return {}
        number = part["if"]["q"]
        chosen = [self.options[number][option].key for option in part["if"]["any"]]
        return {"show_if": {"question": self.rows[number].key, "any": chosen}}

    def _matrix_key(self, number: int) -> str:
        """A matrix has no column, so it has no key of its own in the database: one made of its first row's number."""
        taken = {row.key for row in self.rows.values()}
        key = f"matrix{number}"
        while key in taken:
            key += "_"
        return key

    def _theme(self, number: int) -> Described:
        theme = self.rows[number].theme
        return {"theme": self.names[theme.pk]} if theme else {}

    def _text(self, name: str) -> dict[str, str]:
        return self.words[name]

    def _unless_empty(self, field: str, name: str) -> Described:
        return {field: self.words[name]} if self.words[name] else {}


def _words(consultation: Consultation) -> Mapping[str, dict[str, str]]:
    """The latest wordings of each item, by language: the leading one first, then in the site's order."""
    latest: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for item, language, text in consultation.wordings.order_by("pk").values_list("item", "language", "text"):
        latest[item][language] = text
    codes = [consultation.language, *(code for code, _name in settings.LANGUAGES)]
    order = {code: place for place, code in reversed(list(enumerate(codes)))}
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for item, texts in latest.items():
        found[item] = {code: texts[code] for code in sorted(texts, key=lambda c: order.get(c, 99)) if texts[code]}
    return found
