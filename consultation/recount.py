"""Count the ledger itself. What the tally says is right where it says the same as this."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from consultation import answers, instrument
from consultation.kinds import Value
from consultation.models import Consultation, Response, Tally, Watermark
from consultation.questionnaire import Question
from consultation.snapshot import snapshot

BATCH = 2_000  # responses in memory at a time


class Cell(NamedTuple):
    """A cell's address in the tally: question 0 counts responses; segment "" is the whole."""

    question: int
    option: int
    segment: str = ""
    value: str = ""


class Counted(NamedTuple):
    """What a cell holds: how many responses, and the sum of the numbers they gave, in thousandths."""

    n: int
    total: int = 0


class Counts:
    """Cells that grow as responses are added."""

    def __init__(self) -> None:
        self.n: Counter[Cell] = Counter()
        self.totals: Counter[Cell] = Counter()

    def add(self, cell: Cell, n: int, total: int = 0) -> None:
        """Add to one cell."""
        self.n[cell] += n
        if total:
            self.totals[cell] += total

    def cells(self) -> dict[Cell, Counted]:
        """All cells that are not empty."""
        return {cell: Counted(n, self.totals[cell]) for cell, n in self.n.items() if n}


class LedgerRow(NamedTuple):
    """As much of a response as counting needs."""

    id: int
    language: str
    channel: str
    answers: Mapping[str, Value]


def ledger_rows(responses: QuerySet[Response]) -> Iterator[LedgerRow]:
    """Stream the responses that count, in the order of their ids, in constant memory."""
    columns = (
        responses.filter(state=Response.State.COUNTED)
        .order_by("pk")
        .values_list("pk", "language", "channel", "answers")
    )
    return (LedgerRow(*row) for row in columns.iterator(chunk_size=BATCH))


def count(
    consultation: Consultation,
    questions: Mapping[int, Question],
    rows: Iterable[LedgerRow],
    into: Counts | None = None,
) -> Counts:
    """Count responses into cells: of the whole, of each language and channel, and of the chosen questions' options."""
    counted = into or Counts()
    for row in rows:
        segments = [("", ""), ("language", row.language), ("channel", row.channel)]
        for number in consultation.segments:
            option = row.answers.get(str(number))
            if isinstance(option, int) and option is not True:
                segments.append((f"q{number}", str(option)))
        for segment, value in segments:
            counted.add(Cell(0, 0, segment, value), 1)
        values = {int(number): given for number, given in row.answers.items()}
        for number, cell_count in answers.counts(questions, values):
            for segment, value in segments:
                counted.add(Cell(number, cell_count.option, segment, value), cell_count.n, cell_count.total)
    return counted


def recount(consultation: Consultation) -> dict[Cell, Counted]:
    """Count every response of a consultation from the ledger alone."""
    consultation.refresh_from_db(fields=["segments"])
    return count(consultation, instrument.rows(consultation), ledger_rows(consultation.responses.all())).cells()


def tally(consultation: Consultation) -> dict[Cell, Counted]:
    """Read the stored tally of a consultation."""
    rows = Tally.objects.filter(consultation=consultation).values_list(
        "question", "option", "segment", "value", "n", "total"
    )
    return {Cell(*row[:4]): Counted(row[4], row[5]) for row in rows if row[4]}


@dataclass(frozen=True)
class Difference:
    """A cell in which tally and ledger disagree."""

    cell: Cell
    tally: Counted
    ledger: Counted


def check(consultation: Consultation) -> list[Difference]:
    """Compare the tally with a count of the responses that it says it includes."""
    with snapshot():
        consultation.refresh_from_db(fields=["segments"])
        stored = tally(consultation)
        reach = Watermark.objects.filter(consultation=consultation).values_list("response", flat=True).first() or 0
        folded = consultation.responses.filter(pk__lte=reach)
        counted = count(consultation, instrument.rows(consultation), ledger_rows(folded)).cells()
    none = Counted(0)
    return [
        Difference(cell, stored.get(cell, none), counted.get(cell, none))
        for cell in sorted(stored.keys() | counted.keys())
        if stored.get(cell, none) != counted.get(cell, none)
    ]
