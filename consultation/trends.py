"""What several consultations asked about a theme, in a few lines each, and the same question from year to year.

Two consultations asked the same question where one is a copy of the other's, which keeps its block, or where wording
and kind are the same. Figures stand side by side and are never added up: the same people may have answered both.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from consultation.kinds import KINDS, Shape
from consultation.models import Consultation, Option, Question
from consultation.summary import Bar, ConsultationSummary, QuestionSummary

Key = tuple[int, int]  # a consultation's primary key and a question's number


@dataclass(frozen=True)
class Asked:
    """A question of one consultation. leading: the options that most people chose, all of them where several did."""

    consultation: Consultation
    question: QuestionSummary
    leading: tuple[Bar, ...]

    @property
    def year(self) -> int:
        """In which the consultation opened."""
        return timezone.localtime(self.consultation.opens_at).year


@dataclass(frozen=True)
class Line:
    """One answer's figures in each consultation; None where it could not be given."""

    label: str
    bars: tuple[Bar | None, ...]


@dataclass
class Trend:
    """A question in several consultations, the earliest first."""

    asked: list[Asked]
    blocks: set[str] = field(default_factory=set)
    wordings: set[str] = field(default_factory=set)
    lines: tuple[Line, ...] = ()

    @property
    def label(self) -> str:
        """As it was worded last."""
        return self.asked[-1].question.label

    @property
    def is_reworded(self) -> bool:
        """Whether it was worded otherwise before."""
        return len({_plain(asked.question.label) for asked in self.asked}) > 1

    @property
    def has_mean(self) -> bool:
        """Whether any of them has a mean."""
        return any(asked.question.mean is not None for asked in self.asked)


def leading(question: QuestionSummary) -> tuple[Bar, ...]:
    """The answers that most people gave; none where nobody gave one."""
    most = max((bar.n for bar in question.bars), default=0)
    return tuple(bar for bar in question.bars if bar.n == most) if most else ()


def asked(summaries: Iterable[ConsultationSummary]) -> list[Asked]:
    """Every question of every consultation, in their order."""
    return [Asked(found.consultation, q, leading(q)) for found in summaries for q in found.questions]


def trends(every: Sequence[Asked]) -> list[Trend]:
    """The questions that more than one consultation asked. Two queries."""
    pks = {one.consultation.pk for one in every}
    rows = Question.objects.filter(consultation__in=pks).values_list("consultation_id", "number", "block")
    blocks: dict[Key, str] = {(consultation, number): block for consultation, number, block in rows}
    found: list[Trend] = []
    for one in sorted(every, key=lambda one: (one.consultation.opens_at, one.consultation.pk)):
        _add(found, one, blocks.get((one.consultation.pk, one.question.number), ""))
    several = [trend for trend in found if len(trend.asked) > 1]
    items = _items(pks)
    for trend in several:
        trend.lines = tuple(_lines(trend, items))
    return several


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _add(found: list[Trend], one: Asked, block: str) -> None:
    wording = _plain(one.question.label)
    for trend in found:
        there = any(other.consultation.pk == one.consultation.pk for other in trend.asked)
        alike = block in trend.blocks or wording in trend.wordings
        if alike and not there and trend.asked[0].question.kind == one.question.kind:
            break
    else:
        trend = Trend([])
        found.append(trend)
    trend.asked.append(one)
    trend.blocks.add(block)
    trend.wordings.add(wording)


def _items(pks: Iterable[int]) -> dict[tuple[int, int, int], str]:
    """The list items of options, which a copy keeps, by consultation, question and option."""
    rows = Option.objects.filter(question__consultation__in=pks)
    return {
        (consultation, question, option): item
        for consultation, question, option, item in rows.values_list(
            "question__consultation_id", "question__number", "number", "item"
        )
    }


def _lines(trend: Trend, items: dict[tuple[int, int, int], str]) -> Iterator[Line]:
    """An answer is the same where its words are, or where it is the copy of the other."""
    has_items = KINDS[trend.asked[0].question.kind].shape in (Shape.OPTION, Shape.OPTIONS)
    lines: list[tuple[str, set[str], dict[int, Bar]]] = []
    for place, one in enumerate(trend.asked):
        for bar in one.question.bars:
            item = items.get((one.consultation.pk, one.question.number, bar.number), "") if has_items else ""
            names = {_plain(bar.label), *([f"#{item}"] if item else [])}
            line = next((line for line in lines if line[1] & names and place not in line[2]), None)
            if line is None:
                line = (bar.label, set(), {})
                lines.append(line)
            line[1].update(names)
            line[2][place] = bar
    for label, _names, bars in lines:
        last = bars[max(bars)].label
        yield Line(last or label, tuple(bars.get(place) for place in range(len(trend.asked))))
