"""What officers see: exact, live figures of a question, a consultation or a theme.

Read from the tally plus the few responses that are not folded yet, in one snapshot. Percentages are of the people who
answered and did not decline; asked, skipped and declined stand beside them. Nothing is added up across consultations.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import get_language_info

from consultation import instrument
from consultation.kinds import (
    ANSWERED,
    ASKED,
    DECLINED,
    EXCLUSIVE,
    KINDS,
    MOST_PLACES,
    ORGANISATIONS,
    OTHER,
    RESPONDENT,
    Shape,
    at_place,
)
from consultation.models import Channel, Code, Consultation, Theme, Watermark
from consultation.models import Question as Asked
from consultation.questionnaire import Question
from consultation.recount import Cell, Counted, Counts, count, groups, tally
from consultation.snapshot import snapshot

NONE = Counted(0)
LOW = 30  # people, below which percentages say little
EVERY = Q()


@dataclass(frozen=True)
class Bar:
    """One line's figure; percent is of those who answered and did not decline, None where nobody did."""

    number: int
    label: str
    n: int
    percent: float | None
    retired: bool = False
    other: bool = False
    alone: bool = False  # nobody can choose it with others


@dataclass(frozen=True)
class GridRow:
    """A row with its bars in the order of the columns, None for one that it never had.

    Of a matrix: a question, its number, and how many people its percentages are of. Of a ranking: an option, 0, and how
    many chose it at any place.
    """

    number: int
    label: str
    bars: tuple[Bar | None, ...]
    people: int


@dataclass(frozen=True)
class Grid:
    """The rows of a matrix side by side; of a ranking, its options at each place."""

    stem: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class QuestionSummary:
    """One question's figures."""

    number: int
    label: str
    kind: str
    asked: int
    answered: int
    declined: int | None = None  # of those who answered, preferred not to say; None where that is no option
    bars: tuple[Bar, ...] = ()  # of the others
    mean: Decimal | None = None
    retired: bool = False
    grid: Grid | None = None  # of a ranking; with the first row of a matrix, of all of them

    @property
    def base(self) -> int:
        """Who answered and did not decline: percentages are of them."""
        return self.answered - (self.declined or 0)

    @property
    def is_low(self) -> bool:
        """Whether its percentages are of few people."""
        return 0 < self.base < LOW

    @property
    def skipped(self) -> int:
        """Asked, and left blank."""
        return self.asked - self.answered


@dataclass(frozen=True)
class Respondents:
    """How many responses are those of people and of organisations; the others do not say."""

    people: int
    organisations: int
    unsaid: int


@dataclass(frozen=True)
class ConsultationSummary:
    """One consultation's figures, of all its questions or of one theme's."""

    consultation: Consultation
    received: int
    questions: tuple[QuestionSummary, ...]
    segments: Mapping[str, tuple[Bar, ...]]  # "language" and "channel", of all responses
    respondents: Respondents | None  # None where nobody was ever asked


def live_counts(consultation: Consultation) -> dict[Cell, Counted]:
    """The tally and the tail together: the same as a recount, at the cost of the tail."""
    with snapshot():
        consultation.refresh_from_db(fields=["segments"])
        return _with_tail(consultation, instrument.rows(consultation), tally(consultation))


def _with_tail(
    consultation: Consultation, questions: Mapping[int, Question], folded: Mapping[Cell, Counted]
) -> dict[Cell, Counted]:
    counts = Counts()
    for cell, stored in folded.items():
        counts.add(cell, stored.n, stored.total)
    reach = Watermark.objects.filter(consultation=consultation).values_list("response", flat=True).first() or 0
    tail = consultation.responses.filter(pk__gt=reach)
    return count(questions, groups(consultation, tail), into=counts).cells()


@dataclass(frozen=True)
class Reading:
    """All that the figures of a consultation are made of, read in one instant."""

    consultation: Consultation
    questions: instrument.Rows
    cells: Mapping[Cell, Counted]
    folded: int  # responses that the tally included; the others were counted on the spot
    chosen: set[int]
    retired: set[int]
    where: Q = EVERY  # of Response: those alone were counted


def read(consultation: Consultation, language: str = "", theme: Theme | None = None, where: Q = EVERY) -> Reading:
    """Read a consultation's figures, in the wording of a language (by default the leading one).

    where: count the responses that fit alone. The tally does not know them, so the ledger is counted.
    """
    with snapshot():  # a question that is published meanwhile is in all of it or in none
        consultation.refresh_from_db(fields=["segments"])
        questions = instrument.rows(consultation, instrument.words(consultation, language or consultation.language))
        folded = {} if where else tally(consultation)
        cells = _fitting(consultation, questions, where) if where else _with_tail(consultation, questions, folded)
        chosen, retired = _chosen(consultation, theme), _retired(consultation)
    return Reading(consultation, questions, cells, folded.get(Cell(0, 0), NONE).n, chosen, retired, where)


def kept(consultation: Consultation, cells: Mapping[Cell, Counted], where: Q = EVERY, language: str = "") -> Reading:
    """Figures that were counted before, of the responses that fitted then."""
    with snapshot():
        questions = instrument.rows(consultation, instrument.words(consultation, language or consultation.language))
        chosen, retired = _chosen(consultation, None), _retired(consultation)
    return Reading(consultation, questions, cells, 0, chosen, retired, where)


def _fitting(consultation: Consultation, questions: Mapping[int, Question], where: Q) -> dict[Cell, Counted]:
    return count(questions, groups(consultation, consultation.responses.filter(where))).cells()


def of_consultation(consultation: Consultation, language: str = "", theme: Theme | None = None) -> ConsultationSummary:
    """Sum up a consultation, in the wording of a language (by default the leading one)."""
    return summarise(read(consultation, language, theme))


def of_theme(theme: Theme, language: str = "") -> list[ConsultationSummary]:
    """Sum up what every consultation asked about a theme, the newest first."""
    return [summarise(reading) for reading in readings(theme, language)]


def readings(theme: Theme, language: str = "") -> list[Reading]:
    """Read the figures of every consultation that asked about a theme, or found it in texts, the newest first."""
    asked = Q(pk__in=Asked.objects.filter(theme=theme).values("consultation"))
    coded = Q(pk__in=Code.objects.filter(theme=theme).values("frame__consultation"))
    consultations = Consultation.objects.filter(asked | coded)
    return [read(consultation, language, theme) for consultation in consultations]


def _chosen(consultation: Consultation, theme: Theme | None) -> set[int]:
    rows = consultation.questions.all() if theme is None else consultation.questions.filter(theme=theme)
    return set(rows.values_list("number", flat=True))


def _retired(consultation: Consultation) -> set[int]:
    """The questions that are no longer asked."""
    return set(consultation.questions.filter(retired_at__isnull=False).values_list("number", flat=True))


def summarise(reading: Reading) -> ConsultationSummary:
    """Lay counts out by question."""
    received = reading.cells.get(Cell(0, 0), NONE).n
    whole: dict[int, dict[int, Counted]] = {}
    for cell, found in reading.cells.items():
        if not cell.segment:
            whole.setdefault(cell.question, {})[cell.option] = found
    questions = [question for question in reading.questions.values() if question.number in reading.chosen]
    summaries = {q.number: _question(q, whole.get(q.number, {}), reading.retired) for q in questions}
    for rows in _matrices(questions):
        first = rows[0].number
        summaries[first] = replace(summaries[first], grid=_grid(rows, summaries))
    return ConsultationSummary(
        reading.consultation,
        received,
        tuple(summaries.values()),
        {segment: shares(segment, reading.cells) for segment in SEGMENTS},
        _respondents(reading, received),
    )


def _respondents(reading: Reading, received: int) -> Respondents | None:
    """A questionnaire asks it once; where the question was replaced by another, both were asked of different people."""
    asked = [question for question in reading.questions.values() if question.kind == RESPONDENT.name]
    people = organisations = 0
    for question in asked:
        for option in question.options:
            n = reading.cells.get(Cell(question.number, option.number), NONE).n
            people += 0 if option.role in ORGANISATIONS else n
            organisations += n if option.role in ORGANISATIONS else 0
    return Respondents(people, organisations, received - people - organisations) if asked else None


def _matrices(questions: Iterable[Question]) -> Iterable[list[Question]]:
    found: dict[str, list[Question]] = {}
    for question in questions:
        if question.matrix:
            found.setdefault(question.matrix, []).append(question)
    return found.values()


def _grid(rows: Sequence[Question], summaries: Mapping[int, QuestionSummary]) -> Grid:
    columns = {bar.number: bar.label for row in rows for bar in summaries[row.number].bars}
    return Grid(rows[0].stem.text, tuple(columns.values()), tuple(_row(row, summaries, columns) for row in rows))


def _row(question: Question, summaries: Mapping[int, QuestionSummary], columns: Iterable[int]) -> GridRow:
    summary = summaries[question.number]
    bars = {bar.number: bar for bar in summary.bars}
    return GridRow(question.number, question.label.text, tuple(map(bars.get, columns)), summary.base)


def _question(question: Question, cells: Mapping[int, Counted], retired: set[int]) -> QuestionSummary:
    def counted(option: int) -> Counted:
        return cells.get(option, NONE)

    kind = KINDS[question.kind]
    slots = kind.slots(question, cells.keys())
    declining = [slot.number for slot in slots if slot.role == DECLINED]
    answered, declined = counted(ANSWERED), sum(counted(number).n for number in declining)
    bars = tuple(
        Bar(
            slot.number,
            slot.label,
            counted(slot.number).n,
            percent(counted(slot.number).n, answered.n - declined),
            slot.retired,
            slot.role == OTHER,
            slot.role == EXCLUSIVE or kind.shape != Shape.OPTIONS,
        )
        for slot in slots
        if slot.role != DECLINED
    )
    return QuestionSummary(
        number=question.number,
        label=question.wording,
        kind=question.kind,
        asked=counted(ASKED).n,
        answered=answered.n,
        declined=declined if declining else None,
        bars=bars,
        mean=kind.mean(question, {bar.number: bar.n for bar in bars}, Decimal(answered.total) / 1000),
        retired=question.number in retired,
        grid=_placed(question, counted, answered.n) if kind.shape == Shape.PLACES else None,
    )


def _placed(question: Question, counted: Callable[[int], Counted], base: int) -> Grid:
    """As many places as somebody filled."""
    filled = [p for p in range(1, MOST_PLACES + 1) if any(counted(at_place(p, o.number)).n for o in question.options)]
    columns = range(1, max(filled, default=1) + 1)
    rows = []
    for option in question.options:
        found = [counted(at_place(place, option.number)).n for place in columns]
        bars = tuple(Bar(place, str(place), n, percent(n, base)) for place, n in zip(columns, found, strict=True))
        rows.append(GridRow(0, option.label.text, bars, sum(found)))
    return Grid(question.label.text, tuple(str(place) for place in columns), tuple(rows))


def percent(n: int, base: int) -> float | None:
    """A share in per cent; None where there is no base."""
    return 100 * n / base if base else None


def shares(segment: str, cells: Mapping[Cell, Counted], question: int = 0) -> tuple[Bar, ...]:
    """How many of the responses that were asked a question (0: of all) each language or channel has, most first."""
    base = cells.get(Cell(question, ASKED), NONE).n
    found = sorted(
        (
            (cell.value, counted.n)
            for cell, counted in cells.items()
            if cell.segment == segment and cell[:2] == (question, ASKED)
        ),
        key=lambda row: -row[1],
    )
    return tuple(Bar(0, SEGMENTS[segment](value), n, percent(n, base)) for value, n in found)


def languages(consultation: Consultation) -> list[tuple[str, str]]:
    """The languages that a consultation has wordings in, by code and name, the leading one first."""
    codes = set(consultation.wordings.values_list("language", flat=True).distinct())
    return [(code, _language(code)) for code in sorted(codes, key=lambda code: (code != consultation.language, code))]


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:  # an imported response may be in a language that the site does not know
        return code


def _channel(value: str) -> str:
    return str(dict(Channel.choices).get(value, value))


# How a segment's values are named.
SEGMENTS = {"language": _language, "channel": _channel}
