"""CSV files of responses: streamed, safe in a spreadsheet, and reversible (see columns/cells.py).

RFC 4180, UTF-8, one header row, one row per response.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, groupby, islice
from typing import Any

from django.db.models import QuerySet

from consultation.columns import CODES, NO_CODE, Cell, Codes, Column, Form, Words, guard, header, plan
from consultation.kinds import Value
from consultation.models import AnswerWords, CodedText, Consultation, Letter, Level, Response
from consultation.models.letter import LETTER, SIGNATURES

BATCH = 1_000  # responses in memory at a time
REMEMBERED = 4_096  # values of a question whose cells are kept
BOM = "\ufeff"

# A part of a line, each cell with the comma before it.
Part = Callable[[Mapping[str, Value], Words], str]


class _File:
    """A file for csv.writer that hands back what was last written."""

    def write(self, text: str) -> str:
        return text


_line: Callable[[Iterable[object]], str] = csv.writer(_File(), lineterminator="\r\n").writerow


# Responses by whatever condition: a file then has those that count among them. None: every one that counts.
Among = QuerySet[Response] | None


def lines(
    consultation: Consultation,
    language: str,
    form: Form,
    level: Level = Level.ANALYSIS,
    *,
    among: Among = None,
    bom: bool = False,
) -> Iterator[str]:
    """Header and rows of the responses, read batch by batch.

    The columns are planned now, in the language that is active now; the rows are read when they are asked for.
    """
    columns = plan(consultation, language, form, level)
    return chain(write([header(columns, form)], bom=bom), _rows(counted(consultation, among), columns))


def counted(consultation: Consultation, among: Among = None) -> QuerySet[Response]:
    """The responses of a file, in its order."""
    responses = Response.objects.filter(consultation=consultation, state=Response.State.COUNTED).order_by("pk")
    return responses if among is None else responses.filter(pk__in=among.order_by().values("pk"))


def _rows(counted: QuerySet[Response], columns: Sequence[Column]) -> Iterator[str]:
    parts = list(_parts(columns))
    fixed_cells = ("pk", "reference", "received_at", "language", "channel", "version__number", "answers")
    responses = counted.values_list(*fixed_cells).iterator(chunk_size=BATCH)
    nothing: Words = {}
    coded = [column for column in columns if isinstance(column, Codes)]
    has_letters = any(column.question == LETTER for column in columns)
    while batch := list(islice(responses, BATCH)):
        words = words_of([row[0] for row in batch], has_letters=has_letters, coded=coded)
        for pk, reference, received_at, row_language, channel, version, answers in batch:
            own = words.get(pk, nothing)
            fixed = _line((reference, received_at.isoformat(timespec="seconds"), row_language, channel, version))
            yield "".join([fixed[:-2], *[part(answers, own) for part in parts], "\r\n"])


def runs(columns: Iterable[Column]) -> Iterator[tuple[int | None, list[Column]]]:
    """Columns that stand beside each other: those where words are shown (None), and those of one question's value."""
    for question, found in groupby(columns, lambda column: column.question if column.option_in_words is None else None):
        yield question, list(found)


def _parts(columns: Sequence[Column]) -> Iterator[Part]:
    """The parts of a line, one for each run."""
    for question, found in runs(columns):
        if question is None:
            yield partial(_part, [column.cell() for column in found])
        else:
            yield remembered(str(question), found)


def _part(cells: Sequence[Cell], answers: Mapping[str, Value], words: Words) -> str:
    """Each cell with the comma before it, as behind one that is empty."""
    return _line(("", *[cell(answers, words) for cell in cells]))[:-2]


def remembered(name: str, columns: Sequence[Column]) -> Part:
    """Many people answer alike, so what stands for a value is found once: for a list, in every option's column."""
    cells = [column.cell() for column in columns]
    unasked = _part(cells, {}, {})

    @lru_cache(REMEMBERED)
    def shown(value: Any) -> str:
        return _part(cells, {name: value}, {})

    def part(answers: Mapping[str, Value], words: Words) -> str:
        if name not in answers:
            return unasked
        value = answers[name]
        return shown(tuple(value) if isinstance(value, list) else value)

    return part


def words_of(
    responses: Sequence[int], *, has_letters: bool, coded: Sequence[Codes] = ()
) -> dict[int, dict[tuple[int, int], str]]:
    """What was written, by response; the signatures of a petition among the words of its letter, and codes of words."""
    found: dict[int, dict[tuple[int, int], str]] = {}
    rows = AnswerWords.objects.filter(response__in=responses)
    for pk, question, option, text in rows.values_list("response_id", "question", "option", "text"):
        found.setdefault(pk, {})[question, option] = text
    if has_letters:
        signed = Letter.objects.filter(pk__in=responses, signatures__gt=0)
        for pk, signatures in signed.values_list("pk", "signatures"):
            found.setdefault(pk, {})[LETTER, SIGNATURES] = str(signatures)
    for (pk, question), codes in codes_of(responses).items() if coded else ():
        found.setdefault(pk, {})[question, CODES] = "; ".join(coded[0].names[code] for code in codes) or NO_CODE
    return found


def codes_of(responses: Sequence[int]) -> dict[tuple[int, int], list[int]]:
    """The codes that count, by response and question; an empty list where nothing fits."""
    found: dict[tuple[int, int], dict[int, None]] = {}
    rows = CodedText.objects.filter(response__in=responses).order_by("codes__code")
    for pk, question, code in rows.values_list("response", "question", "codes__code"):
        found.setdefault((pk, question), {}).update({} if code is None else {code: None})
    return {place: list(codes) for place, codes in found.items()}


def write(table: Iterable[Sequence[str]], *, bom: bool = False) -> Iterator[str]:
    """Turn rows into the lines of a file, with the byte order mark that Excel wants as a choice."""
    for index, row in enumerate(table):
        line = _line([guard(cell) for cell in row] if index == 0 else row)
        yield BOM + line if bom and index == 0 else line


def chunks(lines: Iterable[str], size: int = 200) -> Iterator[bytes]:
    """Gather lines, so that a download is not one write per response. The header goes out at once."""
    iterator = iter(lines)
    yield next(iterator, "").encode()
    while batch := list(islice(iterator, size)):
        yield "".join(batch).encode()
