"""All that a codebook is made from, read in one instant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from consultation import columns, instrument, summary
from consultation.codebook.asked import Asked, Named, asked
from consultation.codebook.line import Line
from consultation.columns import FIXED, Form
from consultation.models import AnswerWords, Consultation, Letter, Level, Response
from consultation.questionnaire import Conditions
from consultation.recount import Cell
from consultation.snapshot import snapshot
from consultation.summary import NONE, Reading


@dataclass(frozen=True)
class Book:
    """The questions with their figures, in one language, and what stands beside."""

    reading: Reading
    asked: Mapping[Named, Asked]
    conditions: Mapping[int, Conditions]  # who is asked it, by question number
    worded: Mapping[str, instrument.Rows]  # every question by language and number
    headers: Mapping[str, str]  # of the CSV of responses in words, by the key of the column
    identifying: frozenset[str]  # the keys of columns that say who answered
    personal: frozenset[int]  # the numbers of questions whose answers may
    texts: Mapping[Named, int]  # how many wrote something
    versions: Mapping[int, int]  # how many answered each version
    with_reference: int
    signed: int  # petitions with signatures

    def n(self, question: int, option: int) -> int:
        """How many responses a cell of the tally counts."""
        return self.reading.cells.get(Cell(question, option), NONE).n

    def place(self, line: Line, column: str) -> Line:
        """Say in which column of the CSV of responses a line is found."""
        identifying = "1" if column in self.identifying else ""
        return replace(line, column=column, header=self.headers[column], identifying=identifying)


def read(consultation: Consultation, language: str) -> Book:
    """Read a consultation, in the wording of a language."""
    with snapshot():
        counted = Response.objects.filter(consultation=consultation, state=Response.State.COUNTED)
        plan = columns.plan(consultation, language, Form.LABELS, Level.FULL)
        return Book(
            summary.read(consultation, language),
            asked(consultation, language),
            instrument.conditions(consultation),
            dict(_worded(consultation)),
            _headers(plan),
            frozenset(column.key for column in plan if column.identifying),
            instrument.personal(consultation),
            _texts(counted),
            dict(counted.order_by().values_list("version__number").annotate(n=Count("pk"))),
            counted.filter(reference__isnull=False).count(),
            Letter.objects.filter(response__in=counted, signatures__gt=0).count(),
        )


def _worded(consultation: Consultation) -> Iterator[tuple[str, instrument.Rows]]:
    for code, _name in summary.languages(consultation):
        yield code, instrument.rows(consultation, instrument.words(consultation, code))


def _headers(plan: Sequence[columns.Column]) -> dict[str, str]:
    return dict(zip([*FIXED, *(column.key for column in plan)], columns.header(plan, Form.LABELS), strict=True))


def _texts(counted: QuerySet[Response]) -> dict[Named, int]:
    found = (
        AnswerWords.objects.filter(response__in=counted).exclude(text="").order_by().values_list("question", "option")
    )
    return {(question, option): n for question, option, n in found.annotate(n=Count("pk"))}
