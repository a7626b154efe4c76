"""Read questionnaire.json into a Blueprint, finding everything that is wrong with it on the way."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from consultation.kinds import FEWEST_POINTS, KINDS, MOST_PLACES, MOST_POINTS, ONCE, ORDINARY, as_number
from consultation.package.blueprint import (
    FORMAT,
    KEY,
    RESERVED,
    Blueprint,
    PackageCondition,
    PackageItem,
    PackageOption,
    PackageRow,
    PackageSection,
    Texts,
)
from consultation.package.files import QUESTIONNAIRE
from consultation.package.findings import Findings
from consultation.source import INFORMATION
from consultation.text import UNSTORABLE

# The editor's own bounds (blocks.py), so that what was imported can be published.
LABEL, TITLE, OPTION, BODY = 500, 255, 255, 20_000
OPTIONS = (2, 100)
COLUMNS, ROWS, RANKED = (2, 11), (1, 30), (2, 30)
POINTS = (FEWEST_POINTS, MOST_POINTS + 1)  # with "prefer not to say"
LIMITS = {"long_text": (50, 20_000), "multiple": (1, 100), "ranking": (1, MOST_PLACES)}
NUMBER = (-(10**9) + 1, 10**9 - 1)

COMMON = {"key", "kind", "label", "hint", "theme", "required", "show_if"}
OWN = {
    "long_text": {"limit"},
    "single": {"options"},
    "multiple": {"options", "limit"},
    "scale": {"options", "minimum"},
    "matrix": {"options", "rows"},
    "ranking": {"options", "limit"},
    "date": {"earliest", "latest"},
    "number": {"minimum", "maximum", "decimals"},
}


def parse(content: bytes, findings: Findings) -> Any:
    """Read the JSON itself; None where it can't be read."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.problem(QUESTIONNAIRE, f"byte {content[error.start]:#04x} is not UTF-8. Save it as UTF-8.", line)
    except json.JSONDecodeError as error:
        findings.problem(QUESTIONNAIRE, f"not JSON: {error.msg}.", error.lineno, f"place {error.colno}")
    except (ValueError, RecursionError) as error:
        findings.problem(QUESTIONNAIRE, f"not JSON that can be used: {error}.")
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, n in Counter(name for name, _value in pairs).items() if n > 1]
    if twice:
        raise ValueError(f"the name “{twice[0]}” stands twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


class Reader:
    """Reads the parts of the file; path says where in it a part stands."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.known = [code for code, _name in settings.LANGUAGES]
        self.leading = ""
        self.languages: dict[str, None] = {}
        self.keys: set[str] = set()
        self.earlier: dict[str, set[str]] = {}  # options by question of the sections so far, where they can decide

    def blueprint(self, parsed: Any) -> Blueprint:
        """Read the whole. Where the findings say that something is wrong, the result is good for nothing else."""
        fields = self._object(parsed, "", {"format", "name", "language", "title", "sections"})
        if fields.get("format") != FORMAT:
            self._problem("format", f"this reads “{FORMAT}” and nothing else.")
        self.leading = self._choice(fields.get("language"), "language", self.known)
        self.languages[self.leading] = None
        title = self._texts(fields.get("title"), "title", TITLE)
        sections = tuple(
            self._section(section, f"sections[{i}]")
            for i, section in enumerate(self._list(fields.get("sections"), "sections"))
        )
        if not self.keys:
            self._problem("sections", "there is no question in them.")
        name = self._string(fields.get("name", ""), "name", TITLE)
        return Blueprint(name or title.get(self.leading, ""), self.leading, title, sections, tuple(self.languages))

    def _section(self, raw: Any, path: str) -> PackageSection:
        fields = self._object(raw, path, {"title", "introduction", "show_if", "items"})
        section = PackageSection(
            self._texts(fields.get("title"), f"{path}.title", TITLE),
            self._texts(fields.get("introduction"), f"{path}.introduction", BODY, required=False),
            tuple(
                self._item(item, f"{path}.items[{i}]")
                for i, item in enumerate(self._list(fields.get("items"), f"{path}.items"))
            ),
            self._condition(fields.get("show_if"), f"{path}.show_if"),
        )
        for item in section.items:
            if item.kind in KINDS and KINDS[item.kind].steers:
                self.earlier[item.key] = {option.key for option in item.options}
        return section

    def _condition(self, raw: Any, path: str) -> PackageCondition | None:
        if raw is None:
            return None
        fields = self._object(raw, path, {"question", "any"})
        question = fields.get("question")
        if not isinstance(question, str) or question not in self.earlier:
            kinds = ", ".join(name for name, kind in KINDS.items() if kind.steers)
            self._problem(f"{path}.question", f"the key of a question of an earlier section belongs here ({kinds}).")
            return None
        options = self._list(fields.get("any"), f"{path}.any")
        if not options:
            self._problem(f"{path}.any", "at least one key of an option belongs here.")
        for i, option in enumerate(options):
            self._choice(option, f"{path}.any[{i}]", sorted(self.earlier[question]))
        return PackageCondition(question, tuple(option for option in options if isinstance(option, str)))

    def _item(self, raw: Any, path: str) -> PackageItem:
        kind = raw.get("kind") if isinstance(raw, dict) else None
        if kind == INFORMATION:
            fields = self._object(raw, path, {"kind", "body"})
            return PackageItem(INFORMATION, self._texts(fields.get("body"), f"{path}.body", BODY))
        kind = self._choice(kind, f"{path}.kind", [*KINDS, INFORMATION])
        own = OWN.get(kind, set())
        fields = self._object(raw, path, COMMON | own)
        if kind == "scale":
            fields = {"minimum": 1} | fields
        minimum = self._integer(fields.get("minimum"), f"{path}.minimum", (0, 1) if kind == "scale" else NUMBER)
        maximum = self._integer(fields.get("maximum"), f"{path}.maximum", NUMBER)
        if kind == "date":
            minimum = self._day(fields.get("earliest"), f"{path}.earliest")
            maximum = self._day(fields.get("latest"), f"{path}.latest")
        if minimum is not None and maximum is not None and minimum > maximum:
            self._problem(f"{path}.maximum", "is below the minimum.")
        return PackageItem(
            kind=kind,
            label=self._texts(fields.get("label"), f"{path}.label", LABEL),
            key=self._key(fields.get("key"), f"{path}.key", self.keys, RESERVED),
            hint=self._texts(fields.get("hint"), f"{path}.hint", LABEL, required=False),
            theme=self._string(fields.get("theme", ""), f"{path}.theme", TITLE),
            required=self._flag(fields.get("required"), f"{path}.required"),
            limit=self._integer(fields.get("limit"), f"{path}.limit", LIMITS.get(kind, NUMBER)),
            minimum=minimum,
            maximum=maximum,
            decimals=self._flag(fields.get("decimals"), f"{path}.decimals"),
            rows=self._rows(fields.get("rows"), f"{path}.rows") if "rows" in own else (),
            options=self._options(fields.get("options"), f"{path}.options", kind) if "options" in own else (),
            show_if=self._condition(fields.get("show_if"), f"{path}.show_if"),
        )

    def _rows(self, raw: Any, path: str) -> tuple[PackageRow, ...]:
        rows = self._list(raw, path)
        if not ROWS[0] <= len(rows) <= ROWS[1]:
            self._problem(path, f"a matrix has {ROWS[0]} to {ROWS[1]} rows, and there are {len(rows)}.")
        return tuple(self._row(row, f"{path}[{i}]") for i, row in enumerate(rows))

    def _row(self, raw: Any, path: str) -> PackageRow:
        fields = self._object(raw, path, {"key", "label", "theme"})
        return PackageRow(
            self._key(fields.get("key"), f"{path}.key", self.keys, RESERVED),
            self._texts(fields.get("label"), f"{path}.label", LABEL),
            self._string(fields.get("theme", ""), f"{path}.theme", TITLE),
        )

    def _options(self, raw: Any, path: str, kind: str) -> tuple[PackageOption, ...]:
        items = self._list(raw, path)
        fewest, most = {"scale": POINTS, "matrix": COLUMNS, "ranking": RANKED}.get(kind, OPTIONS)
        if not fewest <= len(items) <= most:
            self._problem(path, f"this kind has {fewest} to {most} options, and there are {len(items)}.")
        keys: set[str] = set()
        options = tuple(self._option(item, f"{path}[{i}]", keys, kind) for i, item in enumerate(items))
        for role in ONCE:
            if sum(option.role == role for option in options) > 1:
                self._problem(path, f"only one option of a question can have the role “{role}”.")
        return options

    def _option(self, raw: Any, path: str, keys: set[str], kind: str) -> PackageOption:
        fields = self._object(raw, path, {"key", "label", "role"})
        key = self._key(fields.get("key"), f"{path}.key", keys)
        label = self._texts(fields.get("label"), f"{path}.label", OPTION)
        return PackageOption(key, label, self._choice(fields.get("role", ORDINARY), f"{path}.role", KINDS[kind].roles))

    # The sorts of value

    def _problem(self, path: str, message: str) -> None:
        self.findings.problem(QUESTIONNAIRE, message, column=path)

    def _object(self, raw: Any, path: str, allowed: set[str]) -> dict[str, Any]:
        if not isinstance(raw, dict):
            self._problem(path, "an object {…} belongs here.")
            return {}
        for name in raw.keys() - allowed:
            self._problem(path, f"“{name}” is not known here. What is: {', '.join(sorted(allowed))}.")
        return raw

    def _list(self, raw: Any, path: str) -> list[Any]:
        if isinstance(raw, list):
            return raw
        self._problem(path, "a list […] belongs here.")
        return []

    def _string(self, raw: Any, path: str, longest: int) -> str:
        if not isinstance(raw, str):
            self._problem(path, "a text belongs here.")
            return ""
        text = raw.strip()
        if len(text) > longest:
            self._problem(path, f"has {len(text)} characters; {longest} is the most.")
        if UNSTORABLE.search(text) or (longest < BODY and "\n" in text):
            self._problem(path, "holds a control character or a line break. Remove it.")
        return text

    def _texts(self, raw: Any, path: str, longest: int, required: bool = True) -> Texts:
        if raw is None and not required:
            return {}
        texts = {
            self._choice(code, f"{path}.{code}", self.known): self._string(text, f"{path}.{code}", longest)
            for code, text in self._object(raw, path, set(self.known)).items()
        }
        if required and self.leading and not texts.get(self.leading):
            self._problem(path, f"is not worded in “{self.leading}”, the leading language.")
        self.languages |= dict.fromkeys(texts)
        return texts

    def _key(self, raw: Any, path: str, taken: set[str], reserved: Iterable[str] = ()) -> str:
        if not isinstance(raw, str) or not KEY.match(raw):
            self._problem(path, "a key belongs here: 1 to 40 letters from A to Z, digits, “_” and “-”.")
            return f"?{len(taken)}"
        if raw in taken or raw in reserved:
            self._problem(path, f"“{raw}” is taken. Keys are unique, and {', '.join(RESERVED)} have their meaning.")
        taken.add(raw)
        return raw

    def _choice(self, raw: Any, path: str, choices: Iterable[str]) -> str:
        if isinstance(raw, str) and raw in choices:
            return raw
        self._problem(path, f"one of these belongs here: {', '.join(choice or '“”' for choice in choices)}.")
        return ""

    def _integer(self, raw: Any, path: str, bounds: tuple[int, int]) -> int | None:
        if raw is None:
            return None
        if isinstance(raw, int) and not isinstance(raw, bool) and bounds[0] <= raw <= bounds[1]:
            return raw
        self._problem(path, f"a whole number from {bounds[0]} to {bounds[1]} belongs here.")
        return None

    def _day(self, raw: Any, path: str) -> int | None:
        try:
            return None if raw is None else as_number(dt.date.fromisoformat(raw))
        except (ValueError, TypeError):
            self._problem(path, "a date like 2027-03-31 belongs here.")
            return None

    def _flag(self, raw: Any, path: str) -> bool:
        if raw is not None and not isinstance(raw, bool):
            self._problem(path, "true or false belongs here.")
        return raw is True
