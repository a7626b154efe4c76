"""Read record.json, finding everything that is wrong with it on the way."""

from collections.abc import Callable
from typing import Any, TypeVar

from consultation.kinds import KINDS
from consultation.package import pictures
from consultation.package.blueprint import RESERVED
from consultation.package.files import RECORD
from consultation.package.findings import Findings
from consultation.package.record import Record, RecordedOption, RecordedQuestion, RecordedVersion, RecordedWording
from consultation.package.richtext import portable
from consultation.package.values import BODY, Values

SMALL = (1, 32_767)
NUMBER = (-(10**9), 10**9)
SETTINGS = {"required", "personal", "decimals", "limit", "minimum", "maximum", "bins", "options", "if"}
T = TypeVar("T")


class RecordReader(Values):
    """Reads the parts of the file; rows are known before the versions that refer to them."""

    def __init__(self, findings: Findings, leading: str) -> None:
        super().__init__(findings, RECORD)
        self.leading = leading
        self.keys: set[str] = set()
        self.rows: dict[int, RecordedQuestion] = {}

    def record(self, parsed: Any) -> Record:
        """Read the whole. Where the findings say that something is wrong, the result is good for nothing else."""
        fields = self._all(parsed, "", {"current", "segments", "questions", "versions", "wordings"})
        questions = self._each(fields.get("questions"), "questions", self._question)
        self._once([row.number for row in questions], "questions", "number")
        self._once([row.block for row in questions], "questions", "block")
        self.rows = {row.number: row for row in questions}
        versions = self._each(fields.get("versions"), "versions", self._version)
        numbers = [version.number for version in versions]
        self._once(numbers, "versions", "number")
        if fields.get("current") not in numbers:
            self._problem("current", "the number of one of the versions belongs here.")
        segments = self._each(fields.get("segments"), "segments", self._asked)
        if len(segments) > 3:
            self._problem("segments", "there are three at most.")
        wordings = self._each(fields.get("wordings"), "wordings", self._wording)
        current = self._small(fields.get("current"), "current")
        return Record(current, tuple(segments), tuple(questions), tuple(versions), tuple(wordings))

    def _question(self, raw: Any, path: str) -> RecordedQuestion:
        names = {"number", "key", "block", "kind", "theme", "bins", "position", "retired_at", "options"}
        fields = self._all(raw, path, names)
        kind = self._choice(fields.get("kind"), f"{path}.kind", KINDS)
        keys: set[str] = set()
        options = self._each(
            fields.get("options"), f"{path}.options", lambda option, at: self._option(option, at, keys, kind)
        )
        self._once([option.number for option in options], f"{path}.options", "number")
        self._once([option.item for option in options], f"{path}.options", "item")
        return RecordedQuestion(
            number=self._small(fields.get("number"), f"{path}.number"),
            key=self._key(fields.get("key"), f"{path}.key", self.keys, RESERVED),
            block=self._filled(fields.get("block"), f"{path}.block", 80),
            kind=kind,
            theme=self._string(fields.get("theme"), f"{path}.theme", 255),
            bins=tuple(self._each(fields.get("bins"), f"{path}.bins", self._whole)),
            position=self._small(fields.get("position"), f"{path}.position"),
            retired_at=self._instant(fields.get("retired_at"), f"{path}.retired_at"),
            options=tuple(options),
        )

    def _option(self, raw: Any, path: str, keys: set[str], kind: str) -> RecordedOption:
        fields = self._all(raw, path, {"number", "key", "item", "role", "position", "retired_at"})
        return RecordedOption(
            number=self._small(fields.get("number"), f"{path}.number"),
            key=self._key(fields.get("key"), f"{path}.key", keys),
            item=self._filled(fields.get("item"), f"{path}.item", 40),
            role=self._choice(fields.get("role"), f"{path}.role", KINDS[kind].roles if kind else ("",)),
            position=self._small(fields.get("position"), f"{path}.position"),
            retired_at=self._instant(fields.get("retired_at"), f"{path}.retired_at"),
        )

    def _wording(self, raw: Any, path: str) -> RecordedWording:
        fields = self._all(raw, path, {"item", "language", "since", "text"})
        item = self._filled(fields.get("item"), f"{path}.item", 60)
        text = self._string(fields.get("text"), f"{path}.text", BODY)
        if item.startswith("i") and text != portable(text):
            self._problem(f"{path}.text", "holds more than p, b, i, ul, ol, li, br and links to elsewhere.")
        language = self._choice(fields.get("language"), f"{path}.language", self.known)
        return RecordedWording(item, language, self._then(fields.get("since"), f"{path}.since"), text)

    # The structures of versions

    def _version(self, raw: Any, path: str) -> RecordedVersion:
        fields = self._all(raw, path, {"number", "created_at", "structure"})
        structure = self._all(fields.get("structure"), f"{path}.structure", {"sections"})
        self._each(structure.get("sections"), f"{path}.structure.sections", self._section)
        number = self._small(fields.get("number"), f"{path}.number")
        return RecordedVersion(number, self._then(fields.get("created_at"), f"{path}.created_at"), structure)

    def _section(self, raw: Any, path: str) -> None:
        fields = self._object(raw, path, {"id", "items", "if"})
        self._filled(fields.get("id"), f"{path}.id", 40)
        self._each(fields.get("items"), f"{path}.items", self._item)
        self._if(fields, path)

    def _item(self, raw: Any, path: str) -> None:
        if isinstance(raw, dict) and "info" in raw:
            fields = self._object(raw, path, {"info", "image"})
            self._filled(fields.get("info"), f"{path}.info", 40)
            image = fields.get("image", "images/1.png")
            if not isinstance(image, str) or not pictures.NAME.match(image):
                self._problem(f"{path}.image", "the image's name in the package belongs here, like images/1.png.")
            return
        is_matrix = isinstance(raw, dict) and "matrix" in raw
        fields = self._object(raw, path, SETTINGS | {"kind"} | ({"matrix", "rows"} if is_matrix else {"q"}))
        numbers = (
            self._each(fields.get("rows"), f"{path}.rows", self._asked)
            if is_matrix
            else [self._asked(fields.get("q"), f"{path}.q")]
        )
        if is_matrix:
            self._filled(fields.get("matrix"), f"{path}.matrix", 40)
        if not numbers or any(n in self.rows and self.rows[n].kind != fields.get("kind") for n in numbers):
            self._problem(f"{path}.kind", "is not the kind of its question.")
        for name in ("required", "personal", "decimals"):
            self._flag(fields.get(name), f"{path}.{name}")
        for name in ("limit", "minimum", "maximum"):
            self._integer(fields.get(name), f"{path}.{name}", NUMBER)
        self._each(fields.get("bins", []), f"{path}.bins", self._whole)
        self._options(fields.get("options", []), f"{path}.options", numbers)
        self._if(fields, path)

    def _options(self, raw: Any, path: str, numbers: list[int]) -> None:
        row = self.rows.get(numbers[0]) if numbers else None
        roles = {option.number for option in row.options} if row else set()
        allowed = KINDS[row.kind].roles if row and row.kind else ("",)
        for i, option in enumerate(self._list(raw, path)):
            if not isinstance(option, list) or len(option) != 2 or not self._is_number(option[0], roles):
                self._problem(f"{path}[{i}]", "the number of an option of the question and its role belong here.")
            else:
                self._choice(option[1], f"{path}[{i}]", allowed)

    def _if(self, fields: dict[str, Any], path: str) -> None:
        if "if" not in fields:
            return
        condition = self._all(fields["if"], f"{path}.if", {"q", "any"})
        row = self.rows.get(self._asked(condition.get("q"), f"{path}.if.q"))
        if row and row.kind and not KINDS[row.kind].steers:
            self._problem(f"{path}.if.q", "a question of this kind decides nothing.")
        offered = {option.number for option in row.options} if row else set()
        chosen = self._list(condition.get("any"), f"{path}.if.any")
        if not chosen or not all(self._is_number(option, offered) for option in chosen):
            self._problem(f"{path}.if.any", "numbers of options of that question belong here.")

    # The sorts of value

    def _all(self, raw: Any, path: str, names: set[str]) -> dict[str, Any]:
        fields = self._object(raw, path, names)
        if fields and (missing := names - fields.keys()):
            self._problem(path, f"lacks {', '.join(sorted(missing))}.")
        return fields

    def _each(self, raw: Any, path: str, read: Callable[[Any, str], T]) -> list[T]:
        return [read(part, f"{path}[{i}]") for i, part in enumerate(self._list(raw, path))]

    def _once(self, values: list[Any], path: str, name: str) -> None:
        if len(set(values)) < len(values):
            self._problem(path, f"the same {name} stands twice.")

    def _small(self, raw: Any, path: str) -> int:
        if raw is None:
            self._problem(path, "a number belongs here.")
        return self._integer(raw, path, SMALL) or 0

    def _whole(self, raw: Any, path: str) -> int:
        if raw is None:
            self._problem(path, "a number belongs here.")
        return self._integer(raw, path, (-(10**12), 10**12)) or 0

    def _asked(self, raw: Any, path: str) -> int:
        if not self._is_number(raw, set(self.rows)):
            self._problem(path, "the number of one of the questions belongs here.")
            return 0
        return int(raw)

    def _is_number(self, raw: Any, known: set[int]) -> bool:
        return isinstance(raw, int) and not isinstance(raw, bool) and raw in known

    def _filled(self, raw: Any, path: str, longest: int) -> str:
        text = self._string(raw, path, longest)
        if raw == "":
            self._problem(path, "is empty.")
        return text

    def _then(self, raw: Any, path: str) -> Any:
        if raw is None:
            self._problem(path, "a time belongs here.")
        return self._instant(raw, path)
