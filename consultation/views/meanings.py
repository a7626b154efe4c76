"""What officers say of columns and values: their forms, which are as long as the file is wide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from consultation.kinds import Shape
from consultation.models import Channel, Upload
from consultation.spreadsheets import guessing, uploads
from consultation.spreadsheets.guessing import MOST_VALUES
from consultation.spreadsheets.meaning import EMPTY, OTHER, TICKED, UNTICKED, WRONG, Meaning, decode
from consultation.spreadsheets.targets import Known, Target, targets
from consultation.spreadsheets.values import ColumnReader

Said = TypeVar("Said")
SAMPLES, LOOKED_AT = 3, 50  # values of a column that are shown; rows in which they are looked for


@dataclass(frozen=True)
class ColumnField:
    """One column on the page."""

    place: int
    header: str
    samples: Sequence[str]
    code: str
    error: str

    @property
    def name(self) -> str:
        """Of its select."""
        return f"column-{self.place}"


class Columns:
    """What each column means, with what holds for the whole file. errors: what can't be so."""

    def __init__(self, upload: Upload, data: QueryDict | None, *, anew: bool) -> None:
        self.upload, self.data = upload, data
        self.targets = targets(upload.consultation)
        self.known = None if anew else guessing.known_columns(upload.consultation, upload.headers)
        said = decode(upload.mapping) if upload.mapping and not anew else None
        self.is_known = self.known is not None and said is None
        # What was asked of an earlier questionnaire may not be there any more.
        guess = said or self.known or guessing.guess(upload.consultation, self.targets, upload.headers)
        codes = tuple(code if code in self.targets.by_code else "" for code in guess.columns)
        self.guess = replace(guess, columns=codes)
        self.errors = self._errors() if data is not None else {}

    @property
    def groups(self) -> list[tuple[str, list[Target]]]:
        """What a column can be."""
        return self.targets.grouped

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Those that a response can have."""
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @property
    def channels(self) -> list[tuple[str, str]]:
        """Those that a response can have."""
        return [(channel.value, str(channel.label)) for channel in Channel]

    @cached_property
    def fields(self) -> list[ColumnField]:
        """A select for each column."""
        samples = self._samples()
        codes = self.chosen.columns
        return [
            ColumnField(place, header, samples[place], codes[place], self.errors.get(place, ""))
            for place, header in enumerate(self.upload.headers)
        ]

    def _samples(self) -> list[list[str]]:
        found: list[list[str]] = [[] for _header in self.upload.headers]
        with uploads.source(self.upload) as source:
            for row in islice(source.rows, self.upload.header, self.upload.header + LOOKED_AT):
                for mine, cell in zip(found, row.cells, strict=False):
                    if cell.strip() and len(mine) < SAMPLES and cell not in mine:
                        mine.append(cell)
        return found

    @cached_property
    def chosen(self) -> Meaning:
        """What is chosen on the page."""
        if self.data is None:
            return self.guess
        sent = [self.data.get(f"column-{place}", "") for place in range(len(self.upload.headers))]
        codes = tuple(code if code in self.targets.by_code else "" for code in sent)
        language, channel = self.data.get("language", ""), self.data.get("channel", "")
        return Meaning(
            codes,
            own="own" in self.data,
            historic="historic" in self.data,
            language=language if language in dict(settings.LANGUAGES) else self.upload.consultation.language,
            channel=channel if channel in Channel.values else Channel.IMPORT.value,
            schemes=_kept(self.guess.schemes, codes, self.guess.columns),
            values=_kept(self.guess.values, codes, self.guess.columns),
            others=_kept(self.guess.others, codes, self.guess.columns),
        )

    @cached_property
    def _cells(self) -> dict[int, dict[str, int]]:
        with uploads.source(self.upload) as source:
            return guessing.values_of(*source, self.upload.header, self.targets, self.chosen)

    @cached_property
    def meaning(self) -> Meaning:
        """What was said, with how the values are recognised."""
        return guessing.schemes_of(self.targets, self.chosen, self._cells)

    @property
    def has_unknown_values(self) -> bool:
        """Whether some value has to be explained, of which nothing was said yet."""
        unknown = guessing.unknown_values(self.targets, self.meaning, self.upload.headers, self._cells)
        return any(
            value not in self.meaning.values.get(place, {}) and self.meaning.others.get(place, WRONG) == WRONG
            for place, values in unknown.items()
            for value in values
        )

    def _errors(self) -> dict[int | None, str]:
        """By place what is wrong with a column; under None, with all of them."""
        found: dict[int | None, str] = {}
        first: dict[str, int] = {}
        whole: dict[int, int] = {}  # questions whose answer stands in one cell
        parts: dict[int, int] = {}
        for place, code in enumerate(self.chosen.columns):
            if not code:
                continue
            if code in first:
                said = {"column": self.upload.headers[first[code]]}
                found[place] = _("“%(column)s” has the same meaning. Leave one of them out.") % said
            first.setdefault(code, place)
            known, rest = self.targets.of(code)
            if known is not None and known.shape in (Shape.OPTIONS, Shape.PLACES):
                {"": whole}.get(rest, parts if not rest.endswith(".text") else {})[known.number] = place
        for number in whole.keys() & parts.keys():
            found[whole[number]] = _("This question has columns for its options as well. Choose one way for all.")
        if not any(code.startswith("q") for code in first):
            found[None] = _("Say of at least one column which question it answers.")
        return found


def _kept(by_place: Mapping[int, Said], codes: Sequence[str], before: Sequence[str]) -> dict[int, Said]:
    """What was said of columns that still mean the same."""
    return {place: said for place, said in by_place.items() if place < len(before) and codes[place] == before[place]}


@dataclass(frozen=True)
class ValueField:
    """One value on the page. code: what it means, as things stand."""

    name: str
    value: str
    times: int
    code: str


@dataclass(frozen=True)
class ValuesOfColumn:
    """The values of one column. more: how many are not shown."""

    place: int
    header: str
    target: str
    fields: Sequence[ValueField]
    choices: Sequence[tuple[str, str]]
    others: str
    rules: Sequence[tuple[str, str]]
    is_open: bool  # something is not explained
    more: int

    @property
    def name(self) -> str:
        """Of the select for all other values."""
        return f"others-{self.place}"


class Values:
    """What single values mean, column by column, those that need it first."""

    def __init__(self, upload: Upload) -> None:
        self.upload, self.meaning = upload, decode(upload.mapping)
        self.targets = targets(upload.consultation)
        with uploads.source(upload) as source:
            cells = guessing.values_of(*source, upload.header, self.targets, self.meaning)
        self.meaning = guessing.schemes_of(self.targets, self.meaning, cells)
        self.unknown = guessing.unknown_values(self.targets, self.meaning, upload.headers, cells)
        self.every = guessing.singles(self.targets, self.meaning, upload.headers, cells)

    @cached_property
    def columns(self) -> list[ValuesOfColumn]:
        """Those with something unexplained first."""
        found = [column for place in self.every for column in self._column(place)]
        return sorted(found, key=lambda column: not column.is_open)

    @property
    def is_open(self) -> list[ValuesOfColumn]:
        """Those in which something is not explained."""
        return [column for column in self.columns if column.is_open]

    @property
    def settled(self) -> list[ValuesOfColumn]:
        """The others."""
        return [column for column in self.columns if not column.is_open]

    def _column(self, place: int) -> Iterator[ValuesOfColumn]:
        reader = guessing.reader_of(self.targets, self.meaning, self.upload.headers, place)
        if reader is None or (reader.is_tick and place not in self.unknown):
            return
        unknown = self.unknown.get(place, {})
        shown = sorted(self.every[place].items(), key=lambda item: (item[0] not in unknown, -item[1], item[0]))
        fields = [
            ValueField(f"value-{place}-{index}", value, times, self._code(reader, place, value))
            for index, (value, times) in enumerate(shown[:MOST_VALUES])
        ]
        yield ValuesOfColumn(
            place,
            self.upload.headers[place],
            self._target(place),
            fields,
            _choices(reader),
            self.meaning.others.get(place, WRONG),
            _rules(reader.known),
            bool(unknown),
            max(0, len(shown) - MOST_VALUES),
        )

    def _target(self, place: int) -> str:
        target = self.targets.by_code[self.meaning.columns[place]]
        known = self.targets.questions[target.question or 0]
        title = f"{known.number}. {known.question.wording}"
        return f"{title} – {target.label}" if target.code != known.question.name else title

    def _code(self, reader: ColumnReader, place: int, value: str) -> str:
        return self.meaning.values.get(place, {}).get(value) or reader.known_by_itself(value)

    def said(self, data: QueryDict) -> Meaning:
        """What was chosen on the page. What was left as it was recognised is not kept apart."""
        values: dict[int, dict[str, str]] = {}
        others: dict[int, str] = {}
        for column in self.columns:
            reader = guessing.reader_of(self.targets, self.meaning, self.upload.headers, column.place)
            allowed = dict(column.choices)
            for field in column.fields:
                code = data.get(field.name, "")
                if code in allowed and reader and code != reader.known_by_itself(field.value):
                    values.setdefault(column.place, {})[field.value] = code
            rule = data.get(column.name, "")
            others[column.place] = rule if rule in dict(column.rules) else WRONG
        return replace(self.meaning, values=values, others=others)


def _choices(reader: ColumnReader) -> list[tuple[str, str]]:
    """What a value can mean."""
    rules = [rule for rule in _rules(reader.known) if rule[0] != WRONG]
    if reader.is_tick:
        is_other = reader.known.other is not None and reader.rest == f".{reader.known.other.number}"
        ticks = [(TICKED, _("Ticked")), (UNTICKED, _("Not ticked"))]
        return [*ticks, *(rule for rule in rules if rule[0] == OTHER and is_other)]
    options = [(str(option.number), option.label.text) for option in reader.known.question.options]
    return [*options, *rules]


def _rules(known: Known) -> list[tuple[str, str]]:
    rules = [(WRONG, _("An error: its row is not imported")), (EMPTY, _("Leave it empty"))]
    if known.other is not None:
        label = known.other.label.text
        rules.append((OTHER, _("“%(option)s”, with the value as its words") % {"option": label}))
    return rules
