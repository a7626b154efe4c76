"""CSV files of responses: streamed, safe in a spreadsheet, and reversible.

RFC 4180, UTF-8, one header row, one row per response. A cell that a spreadsheet would run as a formula is given one
leading apostrophe, as is a cell that begins with one, so that dropping one leading apostrophe always
gives the original.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from consultation.columns import SKIPPED, Column, Form, plan
from consultation.models import AnswerWords, Consultation, Response

BATCH = 1_000  # responses in memory at a time
BOM = "\ufeff"

# Leading blanks, control, format and other invisible characters do not stop a spreadsheet.
_PADDING = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)
# = + - @ | % and every character that is one of them in another width, size or height.
_SIGNS = (
    r"=+\-@|%\u2212\u207a\u207b\u207c\u208a\u208b\u208c\ufb29\ufe62\ufe63\ufe66\ufe6a\ufe6b"
    r"\uff05\uff0b\uff0d\uff1d\uff20\uff5c"
)
_DANGEROUS = re.compile(f"{_PADDING}[{_SIGNS}]")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?\Z", re.ASCII)


def guard(text: str) -> str:
    """Make a cell safe. Plain numbers, negative ones too, stay numbers."""
    if text.startswith("'") or (_DANGEROUS.match(text) and not _NUMBER.match(text)) or text == SKIPPED:
        return "'" + text
    return text


def unguard(cell: str) -> str:
    """Undo `guard`."""
    return cell.removeprefix("'")


class _Line:
    """A file for csv.writer that hands back what was last written."""

    def write(self, text: str) -> str:
        return text


FIXED = ("reference", "received_at", "language", "channel", "version")


def rows(consultation: Consultation, language: str, form: Form) -> Iterator[Sequence[str]]:
    """Header and rows of all responses, read batch by batch.

    The columns are planned now, in the language that is active now; the rows are read when they are asked for.
    """
    columns = plan(consultation, language, form)
    header = [*FIXED, *(column.key if form == Form.KEYS else column.label for column in columns)]
    # Two options may have the same wording; then the key tells them apart.
    repeated = {name for name, n in Counter(header).items() if n > 1}
    keys = [*FIXED, *(column.key for column in columns)]
    header = [f"{name} [{key}]" if name in repeated else name for name, key in zip(header, keys, strict=True)]
    return chain([header], _rows(consultation, columns))


def _rows(consultation: Consultation, columns: Sequence[Column]) -> Iterator[Sequence[str]]:
    responses = (
        Response.objects.filter(consultation=consultation, state=Response.State.COUNTED)
        .order_by("pk")
        .values_list("pk", "reference", "received_at", "language", "channel", "version__number", "answers")
        .iterator(chunk_size=BATCH)
    )
    while batch := list(islice(responses, BATCH)):
        words = _words([row[0] for row in batch])
        for pk, reference, received_at, row_language, channel, version, answers in batch:
            own = words.get(pk, {})
            fixed = (reference or "", received_at.isoformat(timespec="seconds"), row_language, channel, str(version))
            yield [*fixed, *(_cell(column, answers, own) for column in columns)]


def _cell(column: Column, answers: dict[str, object], words: dict[tuple[int, int], str]) -> str:
    text, is_code = column.cell(answers, words)  # type: ignore[arg-type]  # JSON from the database
    return text if is_code else guard(text)


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
