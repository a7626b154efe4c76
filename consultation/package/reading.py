"""Read questionnaire.json into a Blueprint, finding everything that is wrong with it on the way."""

import re
import uuid
from typing import Any

from consultation.kinds import FEWEST_POINTS, KINDS, MOST_PLACES, MOST_POINTS, ONCE, ORDINARY
from consultation.models import Consultation
from consultation.package import pictures
from consultation.package.blueprint import (
    FORMAT,
    RESERVED,
    Blueprint,
    PackageCondition,
    PackageItem,
    PackageOption,
    PackageRow,
    PackageSection,
    Period,
)
from consultation.package.files import QUESTIONNAIRE
from consultation.package.findings import Findings
from consultation.package.richtext import portable
from consultation.package.values import BODY, Values
from consultation.source import IMAGE, INFORMATION

# The editor's own bounds (blocks.py), so that what was imported can be published.
LABEL, TITLE, OPTION = 500, 255, 255
OPTIONS, RECORDS = (2, 100), (1, 100)
COLUMNS, ROWS, RANKED = (2, 11), (1, 30), (2, 30)
POINTS = (FEWEST_POINTS, MOST_POINTS + 1)  # with "prefer not to say"
LIMITS = {"long_text": (50, 20_000), "multiple": (1, 100), "ranking": (1, MOST_PLACES)}
NUMBER = (-(10**9) + 1, 10**9 - 1)

ID = re.compile(r"[^/\x00-\x1f]{1,40}\Z")
PACKAGE = {"format", "name", "language", "title", "sections", "opens_at", "closes_at", "results", "themes"}
COMMON = {"key", "kind", "label", "hint", "theme", "required", "personal", "show_if"}
OWN = {
    "long_text": {"limit"},
    "single": {"options"},
    "multiple": {"options", "limit"},
    "scale": {"options", "minimum"},
    "matrix": {"options", "rows"},
    "ranking": {"options", "limit"},
    "date": {"earliest", "latest"},
    "number": {"minimum", "maximum", "decimals"},
    "theme_choice": {"options"},
    "area": {"options"},
    "respondent": {"options"},
    "consent": {"options"},
}


class Reader(Values):
    """Reads the parts of the file; path says where in it a part stands."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(findings, QUESTIONNAIRE)
        self.ids: set[str] = set()
        self.keys: set[str] = set()
        self.earlier: dict[str, set[str]] = {}  # options by question of the sections so far, where they can decide

    def blueprint(self, parsed: Any) -> Blueprint:
        """Read the whole. Where the findings say that something is wrong, the result is good for nothing else."""
        fields = self._object(parsed, "", PACKAGE)
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
        asked = [item.kind for section in sections for item in section.items]
        for kind in KINDS.values():
            if kind.once and asked.count(kind.name) > 1:
                self._problem("sections", f"a questionnaire has one question of the kind “{kind.name}” at most.")
        name = self._string(fields.get("name", ""), "name", TITLE)
        opens_at = self._instant(fields.get("opens_at"), "opens_at")
        closes_at = self._instant(fields.get("closes_at"), "closes_at")
        if opens_at and closes_at and opens_at >= closes_at:
            self._problem("closes_at", "is not after it opens.")
        return Blueprint(
            name=name or title.get(self.leading, ""),
            language=self.leading,
            title=title,
            sections=sections,
            languages=tuple(self.languages),
            period=Period(opens_at, closes_at) if opens_at else None,
            results=self._choice(
                fields.get("results", Consultation.Results.NEVER), "results", Consultation.Results.values
            ),
            own_themes=self._themes(fields.get("themes", {}), "themes"),
        )

    def _themes(self, raw: Any, path: str) -> dict[str, str]:
        themes = {}
        for key, name in (raw if isinstance(raw, dict) else self._object(raw, path, set())).items():
            try:
                themes[str(uuid.UUID(key))] = self._string(name, f"{path}.{key}", TITLE)
            except ValueError:
                self._problem(f"{path}.{key}", "the key of a theme belongs here, and its name beside it.")
            else:
                if not name:
                    self._problem(f"{path}.{key}", "is not named.")
        return themes

    def _id(self, raw: Any, path: str) -> str:
        if raw is None:
            return ""
        if not isinstance(raw, str) or not ID.match(raw) or raw in self.ids:
            self._problem(path, "the id of a block belongs here, 1 to 40 characters, each once.")
            return ""
        self.ids.add(raw)
        return raw

    def _section(self, raw: Any, path: str) -> PackageSection:
        fields = self._object(raw, path, {"id", "title", "introduction", "show_if", "items"})
        section = PackageSection(
            self._texts(fields.get("title"), f"{path}.title", TITLE),
            self._texts(fields.get("introduction"), f"{path}.introduction", BODY, required=False),
            tuple(
                self._item(item, f"{path}.items[{i}]")
                for i, item in enumerate(self._list(fields.get("items"), f"{path}.items"))
            ),
            self._condition(fields.get("show_if"), f"{path}.show_if"),
            self._id(fields.get("id"), f"{path}.id"),
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
            return self._information(raw, path)
        if kind == IMAGE:
            return self._image(raw, path)
        kind = self._choice(kind, f"{path}.kind", [*KINDS, INFORMATION, IMAGE])
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
            personal=self._flag(fields.get("personal"), f"{path}.personal"),
            limit=self._integer(fields.get("limit"), f"{path}.limit", LIMITS.get(kind, NUMBER)),
            minimum=minimum,
            maximum=maximum,
            decimals=self._flag(fields.get("decimals"), f"{path}.decimals"),
            rows=self._rows(fields.get("rows"), f"{path}.rows") if "rows" in own else (),
            options=self._options(fields.get("options"), f"{path}.options", kind) if "options" in own else (),
            show_if=self._condition(fields.get("show_if"), f"{path}.show_if"),
        )

    def _information(self, raw: Any, path: str) -> PackageItem:
        fields = self._object(raw, path, {"id", "kind", "body", "html"})
        own_id = self._id(fields.get("id"), f"{path}.id")
        if "html" not in fields:
            return PackageItem(INFORMATION, self._texts(fields.get("body"), f"{path}.body", BODY), id=own_id)
        texts = self._texts(fields["html"], f"{path}.html", BODY, required=False)
        for code, text in texts.items():
            if text != portable(text):
                self._problem(f"{path}.html.{code}", "holds more than p, b, i, ul, ol, li, br and links to elsewhere.")
        if "body" in fields:
            self._problem(f"{path}.body", "stands beside html. Remove one.")
        return PackageItem(INFORMATION, texts, is_html=True, id=own_id)

    def _image(self, raw: Any, path: str) -> PackageItem:
        fields = self._object(raw, path, {"id", "kind", "file", "alt"})
        own_id = self._id(fields.get("id"), f"{path}.id")
        file = fields.get("file")
        if not isinstance(file, str) or not pictures.NAME.match(file):
            self._problem(f"{path}.file", "the image's name in the package belongs here, like images/1.png.")
            file = ""
        alt = self._texts(fields.get("alt"), f"{path}.alt", OPTION, required=False)
        return PackageItem(IMAGE, alt, image=file, id=own_id)

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
        usual = RECORDS if kind in KINDS and KINDS[kind].beside else OPTIONS
        fewest, most = {"scale": POINTS, "matrix": COLUMNS, "ranking": RANKED}.get(kind, usual)
        if not fewest <= len(items) <= most:
            self._problem(path, f"this kind has {fewest} to {most} options, and there are {len(items)}.")
        keys: set[str] = set()
        fixed = list(KINDS[kind].fixed) if kind in KINDS else []
        options = tuple(self._option(item, f"{path}[{i}]", keys, kind) for i, item in enumerate(items))
        if fixed and [option.key for option in options] != fixed:
            self._problem(path, f"the options of this kind have these keys, in this order: {', '.join(fixed)}.")
        for role in ONCE:
            if sum(option.role == role for option in options) > 1:
                self._problem(path, f"only one option of a question can have the role “{role}”.")
        return options

    def _option(self, raw: Any, path: str, keys: set[str], kind: str) -> PackageOption:
        fields = self._object(raw, path, {"key", "label", "role"})
        key = self._key(fields.get("key"), f"{path}.key", keys)
        label = self._texts(fields.get("label"), f"{path}.label", OPTION)
        roles, role = KINDS[kind].roles, ORDINARY
        if KINDS[kind].known:  # the key says which option it is, and that has its role
            role = KINDS[kind].known.get(key, ORDINARY)
            roles = (role,)
        return PackageOption(key, label, self._choice(fields.get("role", role), f"{path}.role", roles))
