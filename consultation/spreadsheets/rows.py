"""One row of a file made a response, or told what is wrong with it: the column, the value, and what to do."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation import instrument, routing
from consultation.answers import Answers, WordsKey
from consultation.columns import SKIPPED, unguard
from consultation.kinds import Accepted, Given, Refused, Shape, Value
from consultation.ledger import Imported
from consultation.models import Consultation, Format
from consultation.package import historic
from consultation.package.accepting import SKIPPED_GIVEN, accept, off_route
from consultation.questionnaire import Questionnaire
from consultation.sheets import unescape
from consultation.spreadsheets.guessing import reader_of
from consultation.spreadsheets.meaning import EMPTY, OTHER, TICKED, UNTICKED, WRONG, Meaning
from consultation.spreadsheets.reading import Row
from consultation.spreadsheets.spoken import in_every_language, plain
from consultation.spreadsheets.targets import Known, Targets
from consultation.spreadsheets.told import ToldReader, as_iso
from consultation.text import clean

RULES: Mapping[str, str | Promise] = {
    historic.EXCLUSIVITY: gettext_lazy("An option that excludes others is chosen with others."),
    historic.LIMIT: gettext_lazy("More than the limit."),
    historic.BOUNDS: gettext_lazy("A number beyond its bounds."),
    historic.NO_NUMBER: gettext_lazy("Not a number, kept as words."),
    historic.BOUNDS_OF_DAY: gettext_lazy("A date beyond its bounds."),
    historic.NO_DAY: gettext_lazy("Not a date, kept as words."),
    historic.NO_ORGANISATION: gettext_lazy("Words about an organisation, of somebody who does not answer for one."),
    historic.OFF_ROUTE: gettext_lazy("Answered, though the answers before do not lead to this question."),
    historic.NOT_IN_VERSION: gettext_lazy("The questionnaire of this response does not ask this question."),
    historic.PASSED_OVER: gettext_lazy(
        "Empty, which means not asked, though the answers before lead to this question."
    ),
}
LONGEST_SHOWN = 200  # characters of a value in the list of errors
CUT, CUT_FROM = "[…]", 15_000  # a longer cell of our own spreadsheets goes on elsewhere: see sheets/table.py


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell. kept: it breaks a rule, and is stored all the same."""

    row: int
    column: str
    value: str
    message: str
    kept: bool = False


class Tell(Protocol):
    """How a problem is told: the place of its column, the message, and whether the answer is kept."""

    def __call__(self, place: int, message: str, kept: bool = False) -> None:
        """Tell it."""


class Wrong(Exception):
    """A cell that can't be read: its place, and what to do."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Places:
    """Where the parts of one question stand, by what is left of their codes: "" is the answer itself."""

    known: Known
    of: Mapping[str, int]

    @property
    def first(self) -> int:
        """The place that stands for all."""
        return min(self.of.values())


class RowReader:
    """Reads the rows of one file. key: from which those of its responses are made."""

    def __init__(
        self,
        consultation: Consultation,
        targets: Targets,
        meaning: Meaning,
        headers: Sequence[str],
        key: uuid.UUID,
        format: str = Format.CSV,
    ) -> None:
        self.consultation, self.meaning, self.headers = consultation, meaning, headers
        self.key, self.format = key, format
        self.told = ToldReader(consultation, meaning, headers)
        self.asked = list(_questions(targets, meaning))
        self.readers = {place: reader_of(targets, meaning, headers, place) for place in range(len(meaning.columns))}
        self.unranked = {plain(word) for word in in_every_language("not ranked")}
        self.versions = {version.number: version.pk for version in consultation.versions.all()}
        self._read: dict[int, tuple[Questionnaire, list[int]]] = {}

    def read(self, row: Row) -> tuple[Imported | None, list[Problem]]:
        """The response of a row that is not empty, None where something is wrong with it; and what is to be told."""
        cells = [self._cell(cell) for cell in row.cells]
        cells += [""] * (len(self.headers) - len(cells))
        problems: list[Problem] = []

        def tell(place: int, message: str, kept: bool = False) -> None:
            problems.append(Problem(row.number, self.headers[place], cells[place][:LONGEST_SHOWN], message, kept))

        if any(cell.strip() for cell in cells[len(self.headers) :]):
            message = _("There are more cells than headers. Is a separator or a quotation mark out of place?")
            return None, [Problem(row.number, "", "", message)]
        told = self.told.read(cells, row.number, tell)
        answers = self._answers(cells, told.version if told else self.told.current, tell)
        if told is None or any(not problem.kept for problem in problems):
            return None, problems
        imported = Imported(
            uuid.uuid5(self.key, str(row.number)),
            told.reference,
            told.language,
            told.channel,
            told.received_at,
            answers,
            told.version,
            row=row.number,
        )
        return imported, problems

    def _cell(self, cell: str) -> str:
        """As somebody wrote it: our own OpenDocument files write some characters in another way."""
        return clean(unescape(cell) if self.meaning.own and self.format == Format.ODS else cell)[0]

    def _answers(self, cells: Sequence[str], version: int, tell: Tell) -> Answers:
        questionnaire, steered = self._version(version)
        values: dict[int, Value] = {}
        words: dict[WordsKey, str] = {}
        blank: list[int] = []
        is_wrong = False
        for places in self.asked:
            try:
                accepted = self._answer(places, cells, questionnaire, tell)
            except Wrong as wrong:
                is_wrong = True
                tell(wrong.place, str(wrong))
                continue
            number = places.known.number
            if accepted is None:
                blank.append(number)
                continue
            values[number] = accepted.value
            words |= {(number, option): text for option, text in accepted.words.items()}
        if not is_wrong:  # else what follows from a wrong answer would be told, too
            if not self.meaning.own:
                values |= dict.fromkeys(_skipped(blank, values, questionnaire, steered))
            firsts = {places.known.number: places.first for places in self.asked}
            for number, rule in off_route(questionnaire, values, steered):
                tell(firsts[number], str(RULES[rule]), kept=self.meaning.historic)
        return Answers(values, words)

    def _version(self, number: int) -> tuple[Questionnaire, list[int]]:
        """A version, and the questions whose route can be told: those that lead to them are in the file."""
        if number not in self._read:
            found = instrument.of_version(self.consultation, self.versions[number], self.consultation.language)
            mine = {places.known.number for places in self.asked}
            leading = _leading(found)
            steered = [n for n in sorted(routing.steered(found) & mine) if leading[n] <= mine]
            self._read[number] = (found, steered)
        return self._read[number]

    def _answer(
        self, places: Places, cells: Sequence[str], questionnaire: Questionnaire, tell: Tell
    ) -> Accepted | None:
        """What the row answers to one question; None where nothing stands there."""
        given = self._given(places, cells)
        if given is None:
            return None
        asked = questionnaire.question(places.known.number)
        if asked is None and not self.meaning.historic:
            raise Wrong(places.first, str(RULES[historic.NOT_IN_VERSION]))
        try:
            accepted, rules = accept(places.known.question, asked, given, historic=self.meaning.historic)
        except Refused as refusal:
            said = str(refusal)
            raise Wrong(places.of.get(f".{refusal.about}", places.first), said[:1].upper() + said[1:]) from None
        for rule in rules:
            tell(places.first, str(RULES[rule]), kept=True)
        return accepted

    def _given(self, places: Places, cells: Sequence[str]) -> Given | None:
        """What the cells hand in; None: nothing."""
        mine = {rest: cells[place] for rest, place in places.of.items()}
        if self.meaning.own:
            if SKIPPED in mine.values() and all(cell in (SKIPPED, "") for cell in mine.values()):
                return SKIPPED_GIVEN
            self._refuse_cut(places, cells)
            mine = {rest: unguard(cell) for rest, cell in mine.items()}
        if places.known.shape in (Shape.WORDS, Shape.NUMBER, Shape.DAY):
            cell = _day(mine[""]) if places.known.shape == Shape.DAY else mine[""]
            return Given([cell]) if cell.strip() else None
        return self._choice(places, mine)

    def _refuse_cut(self, places: Places, cells: Sequence[str]) -> None:
        for place in places.of.values():
            if self.format != Format.CSV and cells[place].endswith(CUT) and len(cells[place]) > CUT_FROM:
                raise Wrong(place, _("The rest stands in the sheet “Continued”. Import the CSV, which has it whole."))

    def _choice(self, places: Places, mine: Mapping[str, str]) -> Given | None:
        """The options chosen, with the words beside them."""
        known, other = places.known, places.known.other
        chosen, beside = self._chosen(places, mine)
        words = (mine.get(f".{other.number}.text") or beside) if other else ""
        texts = {text.name: mine.get(f".{text.name}", "") for text in known.texts}
        # Whoever wrote beside "other" chose it where nothing says otherwise: many files have no more than the words.
        if other and words and str(other.number) not in chosen and f".{other.number}" not in mine:
            chosen += [str(other.number)] if known.shape == Shape.OPTIONS or not chosen else []
        is_silent = not (chosen or words.strip() or any(text.strip() for text in texts.values()))
        if is_silent and not (self.meaning.own and any(mine.values())):
            return None
        return Given(chosen, words if words.strip() else "", texts, complete=False)

    def _chosen(self, places: Places, mine: Mapping[str, str]) -> tuple[list[str], str]:
        """The options chosen, in their order where they are ranked; and what stands for the words beside "other"."""
        chosen: list[str] = []
        ranked: dict[int, str] = {}
        beside = ""
        for rest, cell in mine.items():
            place = places.of[rest]
            if is_beside(rest) or not cell.strip():
                continue
            if places.known.shape == Shape.PLACES and rest.startswith("."):
                rank = self._rank(cell, place)
                if rank in ranked:
                    raise Wrong(place, _("Place %(place)d is given to two options.") % {"place": rank})
                ranked |= {rank: rest[1:]} if rank else {}
                continue
            for value, meant in self._meant(place, cell):
                if meant in (EMPTY, UNTICKED):
                    continue
                if meant == OTHER and places.known.other:
                    meant, beside = str(places.known.other.number), value
                option = rest[1:] if meant == TICKED else meant
                if rest.startswith("#"):
                    ranked[int(rest[1:])] = option
                else:
                    chosen.append(option)
        return [*(ranked[rank] for rank in sorted(ranked)), *chosen], beside

    def _rank(self, cell: str, place: int) -> int:
        """A place as a number; 0 where the option was given none."""
        text = cell.strip()
        if text.isascii() and text.isdigit() and len(text) < 4:
            return int(text)
        if plain(text) in self.unranked:
            return 0
        raise Wrong(place, _("“%(value)s” is no place: write 1 for the first.") % {"value": text[:LONGEST_SHOWN]})

    def _meant(self, place: int, cell: str) -> Iterator[tuple[str, str]]:
        reader = self.readers[place]
        if reader is None:
            raise TypeError(self.headers[place])
        for value in reader.values(cell):
            meant = reader.meant(value)
            if meant == WRONG or (meant == OTHER and reader.known.other is None):
                said = _("“%(value)s” is no option of this question.")
                if reader.is_tick:
                    said = _("“%(value)s” says neither that the option was ticked nor that it was not.")
                raise Wrong(place, said % {"value": value[:LONGEST_SHOWN]})
            yield value, meant


def is_beside(rest: str) -> bool:
    """Whether a part of a question is words beside its options."""
    return rest.startswith(".") and not rest[1:].isdigit()


def _questions(targets: Targets, meaning: Meaning) -> Iterator[Places]:
    """Where each question of the file stands, in the order of the questionnaire."""
    found: dict[int, dict[str, int]] = {}
    for place, code in enumerate(meaning.columns):
        known, rest = targets.of(code)
        if known is not None:
            found.setdefault(known.number, {})[rest] = place
    return (Places(known, found[number]) for number, known in targets.questions.items() if number in found)


def _leading(questionnaire: Questionnaire) -> dict[int, set[int]]:
    """By question, those whose answers decide whether it is asked."""
    found: dict[int, set[int]] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            own = {condition.question for condition in (section.condition, question.condition) if condition}
            found[question.number] = own.union(*(found[number] for number in own))
    return found


def _skipped(
    blank: Sequence[int], values: Mapping[int, Value], questionnaire: Questionnaire, steered: Sequence[int]
) -> list[int]:
    """Of the questions without an answer, those that were asked all the same: of everybody, or on the way they led."""
    reached = {question.number for question in routing.reached(questionnaire, values).questions}
    everybody = {question.number for question in questionnaire.questions} - routing.steered(questionnaire)
    return [number for number in blank if number in everybody or (number in reached and number in steered)]


def _day(cell: str) -> str:
    return as_iso(cell).removesuffix(" 00:00:00").removesuffix("T00:00:00")
