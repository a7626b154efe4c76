"""CSV files of responses: streamed, safe in a spreadsheet, and reversible (see cells.py).

RFC 4180, UTF-8, one header row, one row per response.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from consultation.columns import Column, Form, Words, guard, header, plan
from consultation.models import AnswerWords, Consultation, Response

BATCH = 1_000  # responses in memory at a time
BOM = "\ufeff"


class _Line:
    """A file for csv.writer that hands back what was last written."""

    def write(self, text: str) -> str:
        return text


def rows(consultation: Consultation, language: str, form: Form) -> Iterator[Sequence[str]]:
    """Header and rows of all responses, read batch by batch.

    The columns are planned now, in the language that is active now; the rows are read when they are asked for.
    """
    columns = plan(consultation, language, form)
    return chain([header(columns, form)], _rows(consultation, columns))


def _rows(consultation: Consultation, columns: Sequence[Column]) -> Iterator[Sequence[str]]:
    cells = [column.cell() for column in columns]
    responses = (
        Response.objects.filter(consultation=consultation, state=Response.State.COUNTED)
        .order_by("pk")
        .values_list("pk", "reference", "received_at", "language", "channel", "version__number", "answers")
        .iterator(chunk_size=BATCH)
    )
    nothing: Words = {}
    while batch := list(islice(responses, BATCH)):
        words = _words([row[0] for row in batch])
        for pk, reference, received_at, row_language, channel, version, answers in batch:
            own = words.get(pk, nothing)
            fixed = (reference or "", received_at.isoformat(timespec="seconds"), row_language, channel, str(version))
            yield [*fixed, *[cell(answers, own) for cell in cells]]


def _words(responses: Sequence[int]) -> dict[int, dict[tuple[int, int], str]]:
    found: dict[int, dict[tuple[int, int], str]] = {}
    rows = AnswerWords.objects.filter(response__in=responses)
    for pk, question, option, text in rows.values_list("response_id", "question", "option", "text"):
        found.setdefault(pk, {})[question, option] = text
    return found


def write(table: Iterable[Sequence[str]], *, bom: bool = False) -> Iterator[str]:
    """Turn rows into the lines of a file, with the byte order mark that Excel wants as a choice."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    for index, row in enumerate(table):
        line: str = writer.writerow([guard(cell) for cell in row] if index == 0 else row)
        yield BOM + line if bom and index == 0 else line


def chunks(lines: Iterable[str], size: int = 200) -> Iterator[bytes]:
    """Gather lines, so that a download is not one write per response. The header goes out at once."""
    iterator = iter(lines)
    yield next(iterator, "").encode()
    while batch := list(islice(iterator, size)):
        yield "".join(batch).encode()
