"""What the columns of a file may mean, told from headers and values. An officer sees each guess before it counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO

from consultation.columns import SKIPPED, Form, unguard
from consultation.models import Channel, Consultation, KnownColumns
from consultation.spreadsheets.meaning import FIXED, Meaning, decode, digest
from consultation.spreadsheets.reading import rows
from consultation.spreadsheets.spoken import plain
from consultation.spreadsheets.targets import Targets
from consultation.spreadsheets.values import KEYS, LABELS, SCHEMES, ColumnReader, Options, names_options

ALIKE = 0.7  # of the words of two wordings are the same
FEW_WORDS = 3  # too few to tell that two are alike
MOST_VALUES = 100  # values of a column that are looked at


def known_columns(consultation: Consultation, headers: Sequence[str]) -> Meaning | None:
    """What an officer said the last time that a file had these headers."""
    found = KnownColumns.objects.filter(consultation=consultation, digest=digest(headers)).first()
    return decode(found.mapping) if found else None


def guess(consultation: Consultation, targets: Targets, headers: Sequence[str]) -> Meaning:
    """What the headers say."""
    own = _own(targets, headers)
    if own is None:
        columns = tuple(_from_elsewhere(targets, headers))
        return Meaning(columns, language=consultation.language, channel=Channel.IMPORT)
    form, language, codes = own
    # The versions of a copy have numbers of their own, and where there is one version nothing has to be said.
    fixed = {name: name if name != "version" or consultation.versions.count() > 1 else "" for name in FIXED}
    columns = tuple((fixed | dict(codes)).get(unguard(header) if header in fixed else header, "") for header in headers)
    scheme = KEYS if form == Form.KEYS else LABELS
    schemes = {place: scheme for place, code in enumerate(columns) if code.startswith("q")}
    return Meaning(columns, True, schemes=schemes, language=consultation.language, channel=Channel.IMPORT)


def _own(targets: Targets, headers: Sequence[str]) -> tuple[Form, str, Mapping[str, str]] | None:
    """The form and the language in which this site wrote the file, if it did."""
    if not set(FIXED) <= set(headers):
        return None
    (form, language), codes = max(
        targets.exports.items(), key=lambda export: sum(header in export[1] for header in headers)
    )
    return (form, language, codes) if any(header in codes for header in headers) else None


def _from_elsewhere(targets: Targets, headers: Sequence[str]) -> Iterator[str]:
    """A code for each header. What several targets are called is the next of them in the questionnaire's order."""
    order = {code: place for place, code in enumerate(targets.by_code)}
    called: dict[str, list[str]] = {}
    for code, target in targets.by_code.items():
        for name in target.names:
            called.setdefault(name, []).append(code)
    taken: set[str] = set()
    last = -1
    for header in headers:
        words = plain(header)
        candidates = called.get(words) or list(_alike(words, called))
        free = [code for code in candidates if code not in taken and (code != "version")]
        code = next((code for code in free if order[code] > last), free[0] if free else "")
        if code:
            taken.add(code)
            last = order[code] if targets.by_code[code].question is not None else last
        yield code


def _alike(words: str, called: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The targets whose name has nearly the same words, the likest first."""
    mine = set(words.split())
    if len(mine) < FEW_WORDS:
        return
    found = []
    for name, codes in called.items():
        theirs = set(name.split())
        shared = len(mine & theirs) / len(mine | theirs) if len(theirs) >= FEW_WORDS else 0
        if shared >= ALIKE:
            found.append((shared, codes))
    for _shared, codes in sorted(found, key=lambda one: -one[0]):
        yield from codes


def values_of(
    file: IO[bytes], encoding: str, separator: str, header: int, targets: Targets, meaning: Meaning
) -> dict[int, dict[str, int]]:
    """The cells of the columns that name options, each with how often it is there, by place. Reads the file once."""
    wanted = [
        (place, known, rest)
        for place, code in enumerate(meaning.columns)
        for known, rest in [targets.of(code)]
        if known is not None and names_options(known, rest)
    ]
    cells: dict[int, dict[str, int]] = {place: {} for place, _known, _rest in wanted}
    for row in rows(file, encoding, separator):
        for place in cells if row.number > header else ():
            cell = row.cells[place].strip() if place < len(row.cells) else ""
            if cell and (cell in cells[place] or len(cells[place]) < 10 * MOST_VALUES):
                cells[place][cell] = cells[place].get(cell, 0) + 1
    return cells


def schemes_of(targets: Targets, meaning: Meaning, cells: Mapping[int, Iterable[str]]) -> Meaning:
    """How the options of each column are recognised, where that is not known already."""
    found = dict(meaning.schemes)
    for place, values in cells.items():
        known, rest = targets.of(meaning.columns[place])
        if known is None or found.get(place) in SCHEMES:
            continue
        options = Options(known)
        singles = {part for value in values for part in options.parts(LABELS, value)}
        found[place] = options.best(singles if not rest else list(values))
    return replace(meaning, schemes=found)


def singles(
    targets: Targets, meaning: Meaning, headers: Sequence[str], cells: Mapping[int, Mapping[str, int]]
) -> dict[int, dict[str, int]]:
    """The single values of these cells, which may have several each, with how often each is there, by place."""
    found: dict[int, dict[str, int]] = {}
    for place, counted in cells.items():
        reader = reader_of(targets, meaning, headers, place)
        for cell, n in counted.items() if reader else ():
            if meaning.own and cell == SKIPPED:
                continue
            for value in reader.values(unguard(cell) if meaning.own else cell) if reader else ():
                mine = found.setdefault(place, {})
                mine[value] = mine.get(value, 0) + n
    return found


def unknown_values(
    targets: Targets, meaning: Meaning, headers: Sequence[str], cells: Mapping[int, Mapping[str, int]]
) -> dict[int, dict[str, int]]:
    """Of the single values, those that nothing but an officer can explain."""
    found: dict[int, dict[str, int]] = {}
    for place, values in singles(targets, meaning, headers, cells).items():
        reader = reader_of(targets, meaning, headers, place)
        unknown = {value: n for value, n in values.items() if reader and not reader.known_by_itself(value)}
        found |= {place: unknown} if unknown else {}
    return found


def reader_of(targets: Targets, meaning: Meaning, headers: Sequence[str], place: int) -> ColumnReader | None:
    """What reads the cells of a column; None where these are no options."""
    known, rest = targets.of(meaning.columns[place])
    if known is None or not names_options(known, rest):
        return None
    said, others = meaning.values.get(place, {}), meaning.others.get(place, "")
    return ColumnReader(known, rest, meaning.schemes.get(place, LABELS), said, others, headers[place])
