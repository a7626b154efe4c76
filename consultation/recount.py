"""Count the ledger itself. What the tally says is right where it says the same as this."""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from consultation import instrument, kinds, replica
from consultation.kinds import Value
from consultation.models import Consultation, KeptCount, Response, Tally, Watermark
from consultation.questionnaire import Question
from consultation.snapshot import snapshot


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


class Group(NamedTuple):
    """Responses that share their segments and their answer to one question; question 0 stands for the responses.

    By day, responses alone are counted: their answers are in groups that do not say the day.
    """

    segments: tuple[tuple[str, str], ...]
    question: int
    value: Value
    n: int


def segments(language: str, channel: str, chosen: Mapping[int, Value]) -> tuple[tuple[str, str], ...]:
    """Where a response is counted: in the whole, by language and channel, and by the option of each chosen question."""
    options = ((f"q{number}", value) for number, value in chosen.items())
    own = ((name, str(value)) for name, value in options if isinstance(value, int) and value is not True)
    return ("", ""), ("language", language), ("channel", channel), *own


DAY = "day"


def day(received: dt.datetime) -> str:
    """The day of receipt where the council is, as the tally writes it."""
    return timezone.localdate(received).isoformat()


def single(consultation: Consultation, response: Response) -> Iterator[Group]:
    """Group one response by itself."""
    values = {int(number): value for number, value in response.answers.items()}
    chosen = {number: values.get(number) for number in consultation.segments}
    shared = segments(response.language, response.channel, chosen)
    yield Group(shared, 0, None, 1)
    yield Group(((DAY, day(response.received_at)),), 0, None, 1)
    yield from (Group(shared, number, value, 1) for number, value in values.items())


# Each database takes the answers apart in its own words: every (key, value), and the option of a chosen question.
EACH = {"postgresql": "jsonb_each_text(r.answers)", "sqlite": "json_each(r.answers)"}
VALUE = {"postgresql": "a.value", "sqlite": "CASE a.type WHEN 'true' THEN 'true' ELSE a.value END"}
OPTION = {
    "postgresql": "r.answers ->> '{0}'",
    "sqlite": "CASE json_type(r.answers, '$.\"{0}\"') WHEN 'integer' THEN json_extract(r.answers, '$.\"{0}\"') END",
}
ASKED_IT = {
    "postgresql": "jsonb_exists(r.answers, '{0}')",
    "sqlite": "json_type(r.answers, '$.\"{0}\"') IS NOT NULL",
}
ANSWER = {
    "postgresql": "r.answers ->> '{0}'",
    "sqlite": (
        "CASE json_type(r.answers, '$.\"{0}\"') WHEN 'true' THEN 'true' ELSE json_extract(r.answers, '$.\"{0}\"') END"
    ),
}
# An hour lies on one day, wherever clocks differ from UTC by whole hours; days are found in Python, with summer time.
HOUR = {
    "postgresql": "to_char(r.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')",
    "sqlite": "substr(r.received_at, 1, 13)",
}
HOURS = "SELECT {hour}, count(*) FROM ({responses}) r GROUP BY 1"
PAIRS = "SELECT {option}, {asked}, {answer}, count(*) FROM ({responses}) r GROUP BY 1, 2, 3"
GROUP = """
    SELECT {segments}, 0, NULL, count(*) FROM ({responses}) r GROUP BY {segments}
    UNION ALL
    SELECT {segments}, CAST(a.key AS int), {value}, count(*) FROM ({responses}) r, {each} a
    GROUP BY {segments}, a.key, {value}
"""


def groups(consultation: Consultation, responses: QuerySet[Response]) -> Iterator[Group]:
    """Let the database group the responses that count, in two statements: a million in seconds, on PostgreSQL.

    A group is as small as its answer is rare, so an open number costs the memory of its distinct values.
    """
    chosen = [int(number) for number in consultation.segments]
    options = [OPTION[replica.connection().vendor].format(number) for number in chosen]
    counted = responses.filter(state=Response.State.COUNTED).order_by().values("language", "channel", "answers")
    inner, parameters = counted.query.sql_with_params()
    statement = GROUP.format(
        segments=", ".join(["r.language", "r.channel", *options]),
        value=VALUE[replica.connection().vendor],
        each=EACH[replica.connection().vendor],
        responses=inner,
    )
    with replica.connection().cursor() as cursor:
        cursor.execute(statement, [*parameters, *parameters])
        for language, channel, *own, question, value, n in cursor:
            values = dict(zip(chosen, map(_value, own), strict=True))
            yield Group(segments(language, channel, values), question, _value(value), n)
    yield from days(responses)


def days(responses: QuerySet[Response]) -> Iterator[Group]:
    """Group the responses that count by the day they were received on."""
    with replica.connection().cursor() as cursor:
        cursor.execute(*_statement(HOURS, responses, "received_at", hour=HOUR[replica.connection().vendor]))
        for hour, n in cursor:
            received = dt.datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=dt.UTC)
            yield Group(((DAY, day(received)),), 0, None, n)


def pairs(responses: QuerySet[Response], question: int, by: int) -> Iterator[Group]:
    """Group the responses that count by their answer to one question and their option of another, and no more."""
    vendor = replica.connection().vendor
    parts = {"option": OPTION[vendor].format(by), "asked": ASKED_IT[vendor].format(question)}
    statement = _statement(PAIRS, responses, "answers", **parts, answer=ANSWER[vendor].format(question))
    with replica.connection().cursor() as cursor:
        cursor.execute(*statement)
        for option, asked, answer, n in cursor:
            chosen = _value(option)
            own = ((f"q{by}", str(chosen)),) if isinstance(chosen, int) and chosen is not True else ()
            places = (("", ""), *own)
            yield Group(places, 0, None, n)
            if asked:
                yield Group(places, question, _value(answer), n)


def _statement(
    template: str, responses: QuerySet[Response], *columns: str, **parts: str
) -> tuple[str, tuple[Any, ...]]:
    counted = responses.filter(state=Response.State.COUNTED).order_by().values(*columns)
    inner, parameters = counted.query.sql_with_params()
    return template.format(responses=inner, **parts), tuple(parameters)


def _value(text: str | int | None) -> Value:
    """Read a value of the ledger as the databases' functions write it."""
    if not isinstance(text, str):
        return text
    if text == "true" or text.startswith("[") or text.removeprefix("-").isdecimal():
        read: Value = json.loads(text)
        return read
    return text  # a number with decimals, or another code


def count(questions: Mapping[int, Question], found: Iterable[Group], into: Counts | None = None) -> Counts:
    """Count groups of responses into cells."""
    # Added up by question and option first: there are many groups, and few of those in each combination of segments.
    shared: defaultdict[tuple[tuple[str, str], ...], Counts] = defaultdict(Counts)
    for group in found:
        own = shared[group.segments]
        counts = kinds.counts(questions[group.question], group.value) if group.question else [kinds.Count(0, total=0)]
        for cell in counts:
            own.add(Cell(group.question, cell.option), cell.n * group.n, cell.total * group.n)
    counted = into or Counts()
    for places, own in shared.items():
        for (whole, n), (segment, value) in product(own.n.items(), places):
            counted.add(whole._replace(segment=segment, value=value), n, own.totals[whole])
    return counted


def kept(consultation: Consultation) -> Counts:
    """What was counted before retention took it from the ledger: in the segments that figures have now."""
    counts = Counts()
    places = ["", "language", "channel", *(f"q{number}" for number in consultation.segments)]
    rows = KeptCount.objects.filter(consultation=consultation, segment__in=places)
    for *cell, n, total in rows.values_list(*Cell._fields, "n", "total"):
        counts.add(Cell(*cell), n, total)
    return counts


def of_ledger(consultation: Consultation, responses: QuerySet[Response]) -> dict[Cell, Counted]:
    """What the tally of some responses has to be: the ledger counted, and what retention kept of it."""
    counted = groups(consultation, responses)
    return count(instrument.rows(consultation), counted, into=kept(consultation)).cells()


def recount(consultation: Consultation) -> dict[Cell, Counted]:
    """Count every response of a consultation from the ledger alone."""
    consultation.refresh_from_db(fields=["segments"])
    return of_ledger(consultation, consultation.responses.all())


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
        counted = of_ledger(consultation, folded)
    none = Counted(0)
    return [
        Difference(cell, stored.get(cell, none), counted.get(cell, none))
        for cell in sorted(stored.keys() | counted.keys())
        if stored.get(cell, none) != counted.get(cell, none)
    ]
