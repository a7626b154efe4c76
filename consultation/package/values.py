"""Read the sorts of value that a file of JSON can hold, finding everything that is wrong with them on the way."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from consultation.kinds import as_number
from consultation.package.blueprint import KEY, RESERVED, Texts
from consultation.package.findings import Findings
from consultation.text import UNSTORABLE

BODY = 20_000  # characters of a long text


def parse(content: bytes, file: str, findings: Findings) -> Any:
    """Read the JSON itself; None where it can't be read."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.problem(file, f"byte {content[error.start]:#04x} is not UTF-8. Save it as UTF-8.", line)
    except json.JSONDecodeError as error:
        findings.problem(file, f"not JSON: {error.msg}.", error.lineno, f"place {error.colno}")
    except (ValueError, RecursionError) as error:
        findings.problem(file, f"not JSON that can be used: {error}.")
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, n in Counter(name for name, _value in pairs).items() if n > 1]
    if twice:
        raise ValueError(f"the name “{twice[0]}” stands twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


class Values:
    """Reads values; path says where in the file one stands."""

    def __init__(self, findings: Findings, file: str) -> None:
        self.findings = findings
        self.file = file
        self.known = [code for code, _name in settings.LANGUAGES]
        self.leading = ""
        self.languages: dict[str, None] = {}

    def _problem(self, path: str, message: str) -> None:
        self.findings.problem(self.file, message, column=path)

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

    def _instant(self, raw: Any, path: str) -> dt.datetime | None:
        try:
            found = None if raw is None else dt.datetime.fromisoformat(raw)
            if found is None or found.tzinfo is not None:
                return found and found.astimezone(dt.UTC)
        except (ValueError, TypeError, OverflowError):
            pass
        self._problem(path, "a time with its zone belongs here, like 2027-03-31T09:00:00+00:00.")
        return None
