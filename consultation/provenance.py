"""Where a figure comes from: which question, asked in which versions since when, of how many people on which way."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from consultation import audience, instrument
from consultation.models import Response, Version
from consultation.questionnaire import Conditions, conditions
from consultation.summary import Bar, Reading, shares


@dataclass(frozen=True)
class Way:
    """Versions that asked a question of the same people."""

    versions: tuple[int, ...]
    asked_of: str  # in words; empty: everybody


@dataclass(frozen=True)
class Origin:
    """Where one question's figures come from."""

    key: str  # the question's column in every download
    block: str  # its block in the editor
    versions: tuple[int, ...]  # the versions of the questionnaire that asked it
    asked_of: str  # in words, as of the last of them; empty: everybody
    ways: tuple[Way, ...]
    since: dt.datetime | None
    until: dt.datetime | None  # None: it is still asked
    languages: tuple[Bar, ...]  # of the responses it was asked in
    channels: tuple[Bar, ...]

    @property
    def place(self) -> str:
        """The block that the editor shows it in: of a matrix's row, the matrix."""
        return self.block.partition("/")[0].partition(":")[0]


@dataclass(frozen=True)
class Counting:
    """How the responses of a consultation were counted."""

    folded: int
    live: int  # too new for the tally, so they were counted on the spot
    last: dt.datetime | None  # when the one stored last was received


def of_questions(reading: Reading) -> dict[int, Origin]:
    """The origin of every question that was read, by number. Three queries."""
    versions = list(Version.objects.filter(consultation=reading.consultation).order_by("number"))
    asked_in = {version.number: conditions(version.structure) for version in versions}
    latest = instrument.conditions(reading.consultation)
    dates = {version.number: version.created_at for version in versions}
    origins = {}
    for row in reading.consultation.questions.filter(number__in=reading.chosen):
        numbers = tuple(number for number, those in asked_in.items() if row.number in those)
        origins[row.number] = Origin(
            row.key,
            row.block,
            numbers,
            audience.by_number(latest.get(row.number, ()), reading.questions),
            _ways({number: asked_in[number][row.number] for number in numbers}, reading.questions),
            dates[numbers[0]] if numbers else None,
            row.retired_at,
            shares("language", reading.cells, row.number),
            shares("channel", reading.cells, row.number),
        )
    return origins


def _ways(by_version: Mapping[int, Conditions], questions: instrument.Rows) -> tuple[Way, ...]:
    versions: dict[Conditions, list[int]] = {}
    for number, condition in by_version.items():
        versions.setdefault(condition, []).append(number)
    return tuple(Way(tuple(those), audience.by_wording(found, questions)) for found, those in versions.items())


def counting(reading: Reading, received: int) -> Counting:
    """How the responses received were counted. One query, for the newest row."""
    return Counting(reading.folded, received - reading.folded, _last(reading))


def _last(reading: Reading) -> dt.datetime | None:
    counted = Response.objects.filter(reading.where, consultation=reading.consultation, state=Response.State.COUNTED)
    return counted.order_by("-pk").values_list("received_at", flat=True).first()
