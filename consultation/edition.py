"""Figures in words, as everybody sees them; and the same as plain JSON, so that what was published stays as it was."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from consultation.disclosure import STAR, Figure
from consultation.models import PinnedResult, PublishedResult
from consultation.questionnaire import EMPTY, Text


@dataclass(frozen=True)
class PublicBar:
    """One option as published."""

    number: int  # of its cell in the tally
    label: str
    figure: Figure
    percent: int | None


@dataclass(frozen=True)
class PublicQuestion:
    """One question as published."""

    number: int
    label: str
    language: str
    answered: Figure | None  # None: it is not published either
    asked_of: str  # in words; empty: everybody
    withheld: bool  # the options are not shown, or they would tell what somebody said
    few: bool  # nor how many answered, because so few did
    bars: tuple[PublicBar, ...]
    section: Text = EMPTY
    retired: bool = False  # not asked any more at the cut-off

    @property
    def stars(self) -> int:
        """How many of its cells are suppressed."""
        return sum(figure == STAR for figure in (self.answered, *(bar.figure for bar in self.bars)))


@dataclass(frozen=True)
class PublicSummary:
    """What people told us in one consultation: about a theme, or all of it."""

    title: Text
    received: Figure
    pinned: PinnedResult | PublishedResult
    questions: tuple[PublicQuestion, ...]
    channels: tuple[tuple[str, Figure], ...] = ()  # by code; none where they are not published

    @property
    def is_published(self) -> bool:
        """Whether it is a published version, which has a page of its own."""
        return isinstance(self.pinned, PublishedResult)

    def of(self, numbers: Collection[int]) -> "PublicSummary":
        """Of these questions alone."""
        return replace(self, questions=tuple(q for q in self.questions if q.number in numbers))

    def sections(self) -> Iterator[tuple[Text, list[PublicQuestion]]]:
        """The questions by section, those that are not asked any more last, without one."""
        for title in dict.fromkeys(q.section for q in self.questions if not q.retired):
            yield title, [q for q in self.questions if q.section == title and not q.retired]
        if retired := [q for q in self.questions if q.retired]:
            yield EMPTY, retired


def stored(summary: PublicSummary) -> dict[str, Any]:
    """As JSON has it, without what the row of the result has."""
    return {
        "title": asdict(summary.title),
        "received": summary.received,
        "channels": [list(channel) for channel in summary.channels],
        "questions": [asdict(question) for question in summary.questions],
    }


def read(content: Mapping[str, Any], result: PublishedResult) -> PublicSummary:
    """What `stored` made."""
    return PublicSummary(
        Text(**content["title"]),
        content["received"],
        result,
        tuple(_question(question) for question in content["questions"]),
        tuple((code, figure) for code, figure in content["channels"]),
    )


def _question(stored: Mapping[str, Any]) -> PublicQuestion:
    bars = tuple(PublicBar(**bar) for bar in stored["bars"])
    return PublicQuestion(**{**stored, "bars": bars, "section": Text(**stored["section"])})
