"""Read a questionnaire as its editor stored it: the raw StreamField, made into plain values.

Total on anything that the editor can store: a missing value is empty, a missing or repeated id gets one derived from
its place, an unknown block is passed over. Nothing here touches the database.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from consultation.kinds import DECLINED, KINDS, MOST_PLACES, ONCE, PLACES, as_number

INFORMATION = "information"
IMAGE = "image"
UNASKED = (INFORMATION, IMAGE)
MATRIX = "matrix"
# What a page tells that the steps of answering repeat; it is worded like questions, so it falls back as they do.
TOLD = ("next_steps", "halt_reason", "dates_reason", "short_reason")


@dataclass(frozen=True)
class SourceOption:
    """An option as written."""

    id: str
    label: str
    role: str = ""


@dataclass(frozen=True)
class SourceRow:
    """A row of a matrix; without a theme of its own it has that of the matrix."""

    id: str
    label: str
    theme: str = ""


@dataclass(frozen=True)
class SourceCondition:
    """Show only if one of these options of that question was chosen, by block id and list item ids."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class SourceItem:
    """A question; where kind says so, information (its label is rich text) or an image (its label is what it shows)."""

    id: str
    kind: str
    label: str
    hint: str = ""
    required: bool = False
    personal: bool = False  # answers may name or identify somebody
    theme: str = ""  # the theme's key
    options: tuple[SourceOption, ...] = ()
    rows: tuple[SourceRow, ...] = ()  # of a matrix
    limit: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    decimals: bool = False
    image: int | None = None  # its primary key
    show_if: SourceCondition | None = None

    @property
    def questions(self) -> tuple["SourceItem", ...]:
        """The questions that it asks: of a matrix one a row, identified by block and row; or none."""
        if self.kind in UNASKED:
            return ()
        if self.kind != MATRIX:
            return (self,)
        return tuple(
            replace(self, id=f"{self.id}/{row.id}", label=row.label, theme=row.theme or self.theme, hint="", rows=())
            for row in self.rows
        )


@dataclass(frozen=True)
class SourceSection:
    """A section as written."""

    id: str
    title: str
    introduction: str
    items: tuple[SourceItem, ...]
    show_if: SourceCondition | None = None


@dataclass(frozen=True)
class Source:
    """One language's page of a consultation."""

    key: uuid.UUID
    language: str
    title: str
    opens_at: dt.datetime
    closes_at: dt.datetime | None
    results: str
    sections: tuple[SourceSection, ...]
    ask_equality: bool = False
    political_basis: str = ""
    halt: str = ""
    outcome_due: dt.date | None = None
    outcome_on: dt.date | None = None
    kept_until: dt.date | None = None  # the day on which everybody's personal data goes
    kept_months: int | None = None  # for so long after each response; where nothing closes
    told: Mapping[str, str] = field(default_factory=dict)  # what the page tells beside, by the names in TOLD


def another_block(item: SourceItem) -> str:
    """The block of the question that one becomes which changed its kind under the same id."""
    return f"{item.id[:24]}:{item.kind}"


def sections(raw: Iterable[Any]) -> tuple[SourceSection, ...]:
    """Read the raw value of a questionnaire StreamField."""
    seen: set[str] = set()
    once: set[str] = set()
    return tuple(
        SourceSection(
            id=block_id,
            title=_text(value.get("title")),
            introduction=_text(value.get("introduction")),
            items=tuple(_items(value.get("questions"), seen, block_id, once)),
            show_if=_condition(value.get("show_if")),
        )
        for block_id, kind, value in _blocks(raw, seen, "questionnaire")
        if kind == "section" and isinstance(value, dict)
    )


def _items(raw: Any, seen: set[str], place: str, once: set[str]) -> Iterator[SourceItem]:
    """once: the kinds there were that a questionnaire asks once at most; another one is passed over."""
    for block_id, kind, value in _blocks(raw, seen, place):
        if kind == INFORMATION:
            yield SourceItem(block_id, INFORMATION, _text(value))
        elif kind == IMAGE and isinstance(value, dict):
            yield SourceItem(block_id, IMAGE, _text(value.get("alt")), image=_integer(value.get("image")))
        elif kind in KINDS and isinstance(value, dict) and kind not in once:
            once |= {kind} if KINDS[kind].once else set()
            options = tuple(_options(value.get("options"), block_id, KINDS[kind].roles))
            if KINDS[kind].beside:
                options = tuple(_beside(value, KINDS[kind].beside))
            if KINDS[kind].fixed:
                options = tuple(_fixed(value, KINDS[kind].fixed))
            minimum = _integer(value.get("minimum"))
            if kind == "scale":
                minimum = 0 if value.get("minimum") == "0" else 1
                options = tuple(_points(options, minimum))
            maximum = _integer(value.get("maximum"))
            if kind == "date":
                minimum, maximum = _day(value.get("earliest")), _day(value.get("latest"))
            limit = _integer(value.get("limit")) or None
            if kind == "ranking":
                limit = min(max(limit or PLACES, 1), MOST_PLACES)
            yield SourceItem(
                id=block_id,
                kind=kind,
                label=_text(value.get("label")),
                hint=_text(value.get("hint")),
                required=value.get("required") is True,
                personal=value.get("personal") is True,
                theme=_text(value.get("theme")),
                options=options,
                rows=tuple(_rows(value.get("rows"), block_id)) if kind == MATRIX else (),
                limit=limit,
                minimum=minimum,
                maximum=maximum,
                decimals=value.get("decimals") is True,
                show_if=_condition(value.get("show_if")),
            )


def _rows(raw: Any, place: str) -> Iterator[SourceRow]:
    for row_id, _kind, value in _blocks(raw, set(), place, longest=39):  # with the matrix's own id below 80
        if isinstance(value, dict):
            yield SourceRow(row_id, _text(value.get("label")), _text(value.get("theme")))


def _condition(raw: Any) -> SourceCondition | None:
    """What the editor stores: {"question": block id, "any": [list item ids]}."""
    if not isinstance(raw, dict) or not isinstance(raw.get("any"), list):
        return None
    return SourceCondition(_text(raw.get("question")), tuple(filter(None, map(_text, raw["any"]))))


def _options(raw: Any, place: str, allowed: tuple[str, ...]) -> Iterator[SourceOption]:
    if not allowed:
        return
    roles: set[str] = set()
    for item_id, _kind, value in _blocks(raw, set(), place):
        if isinstance(value, dict):
            role = value.get("role")
            # One text field stands beside a question, so a second "other" is an ordinary option.
            role = role if role in allowed and not (role in ONCE and role in roles) else ""
            roles.add(role)
            yield SourceOption(item_id, _text(value.get("label")), role)


def _beside(value: Mapping[str, Any], beside: Mapping[str, str]) -> Iterator[SourceOption]:
    """What is offered beside records. The records themselves, and all words, are added by whoever knows them."""
    return (SourceOption(name, "", role) for name, role in beside.items() if value.get(name) is not False)


def _fixed(value: Mapping[str, Any], fixed: Mapping[str, str]) -> Iterator[SourceOption]:
    """The options that are always the same, each worded under its id."""
    return (SourceOption(name, _text(value.get(name)), role) for name, role in fixed.items())


def _points(options: tuple[SourceOption, ...], smallest: int) -> Iterator[SourceOption]:
    """The points of a scale, with their numbers where not every one is worded."""
    points = [option for option in options if option.role != DECLINED]
    numbers = {option.id: smallest + place for place, option in enumerate(points)}
    worded = all(option.label for option in points)
    for option in options:
        if worded or option.id not in numbers:
            yield option
        else:
            number = str(numbers[option.id])
            yield replace(option, label=f"{number} – {option.label}" if option.label else number)


def _blocks(raw: Any, seen: set[str], place: str, longest: int = 40) -> Iterator[tuple[str, str, Any]]:
    """Give (id, type, value) of each stored block, with an id that no other block of its scope has.

    An id has no "/": that is between a matrix and its row.
    """
    for index, block in enumerate(raw if isinstance(raw, list | tuple) else ()):
        if not isinstance(block, dict):
            continue
        block_id = _text(block.get("id"))[:longest]
        if not block_id or block_id in seen or "/" in block_id:
            block_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{place}/{index}/{block_id}"))
        seen.add(block_id)
        yield block_id, _text(block.get("type")), block.get("value")


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _day(value: Any) -> int | None:
    try:
        return as_number(dt.date.fromisoformat(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12 else None
