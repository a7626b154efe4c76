"""Read the responses of a package, one record at a time. A record with a problem gives no response."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.utils import timezone

from consultation import routing
from consultation.answers import Answers, WordsKey
from consultation.columns import NOT_ASKED, SKIPPED, unguard
from consultation.kinds import KINDS, Accepted, Given, Refused, Shape, Value
from consultation.ledger import Brought, Imported
from consultation.models import Channel
from consultation.models.letter import LETTER, SENDER, SUBJECT, TEXT
from consultation.package import accepting
from consultation.package.accepting import SKIPPED_GIVEN
from consultation.package.blueprint import LETTER_COLUMNS, Blueprint
from consultation.package.files import RESPONSES
from consultation.package.findings import Findings
from consultation.package.historic import OFF_ROUTE
from consultation.package.layout import Layout, QuestionColumns
from consultation.package.numbering import Numbering
from consultation.package.records import Record
from consultation.text import clean

REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,12}\Z")
LONGEST_ID = 200
SIGNATURES = re.compile(r"[0-9]{1,9}\Z")
LONGEST_LETTER = 100_000  # characters
KEYS = uuid.UUID("b0c1f6de-7f0e-5c3c-9d55-0c9a6b2f6a11")  # the namespace in which ids of imported responses are made


class Wrong(Exception):
    """A cell that can't be imported: the column's key, and what to do."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class ResponseReader:
    """Turns records into responses, and remembers what must be unique."""

    def __init__(
        self, layout: Layout, blueprint: Blueprint, numbering: Numbering, findings: Findings, *, historic: bool
    ) -> None:
        self.layout = layout
        self.numbering = numbering
        self.blueprint = blueprint
        self.findings = findings
        self.historic = historic
        self.now = timezone.now()
        self.steered = {number: routing.steered(version) for number, version in numbering.versions.items()}
        self.languages = [code for code, _name in settings.LANGUAGES]
        self.seen: dict[str, dict[str, int]] = {"id": {}, "reference": {}}  # lines by value

    def read(self, record: Record) -> Imported | None:
        """One response; None where something is wrong with it, which the findings then say."""
        width = len(record.cells)
        if width != self.layout.width:
            self._problem(record, "", f"has {width} cells, and the header has {self.layout.width}.")
            return None
        before = self.findings.problem_count
        fixed = {name: record.cells[place].strip() for name, place in self.layout.fixed.items()}
        reference = self._unique(record, "reference", fixed)
        own_id = self._unique(record, "id", fixed)
        version = self._version(record, fixed)
        answers, letter = self._answers(record, version), self._letter(record, fixed)
        imported = Imported(
            key=response_key(self.blueprint, own_id) if own_id else uuid.uuid4(),
            reference=reference if fixed.get("reference") or not self.numbering.is_recorded else None,
            language=self._one_of(record, "language", fixed, self.languages, self.blueprint.language),
            channel=Channel(self._one_of(record, "channel", fixed, Channel.values, Channel.IMPORT)),
            received_at=self._received(record, fixed),
            answers=Answers(answers.values, {**answers.words, **self._written(record, fixed)}),
            version=version if self.numbering.is_recorded else None,
            letter=letter,
        )
        return imported if self.findings.problem_count == before else None

    def _problem(self, record: Record, column: str, message: str) -> None:
        self.findings.problem(RESPONSES, message, record.line, f"column {column}" if column else "")

    # The fixed columns

    def _unique(self, record: Record, name: str, fixed: Mapping[str, str]) -> str:
        if name not in fixed or (name == "reference" and self.numbering.is_recorded and not fixed[name]):
            return ""
        value = unguard(fixed[name])
        if name == "reference" and not REFERENCE.match(value):
            self._problem(record, name, "a reference has 1 to 12 letters from A to Z, digits, “_” and “-”.")
        elif not 1 <= len(value) <= LONGEST_ID:
            self._problem(record, name, f"an id has 1 to {LONGEST_ID} characters.")
        elif value in self.seen[name]:
            self._problem(record, name, f"“{value}” stands already on line {self.seen[name][value]}. Remove one.")
        else:
            self.seen[name][value] = record.line
        return value

    def _one_of(self, record: Record, name: str, fixed: Mapping[str, str], choices: Sequence[str], default: str) -> str:
        value = fixed.get(name) or default
        if value not in choices:
            self._problem(record, name, f"“{value}” is none of these: {', '.join(choices)}.")
            return default
        return value

    def _received(self, record: Record, fixed: Mapping[str, str]) -> dt.datetime:
        if "received_at" not in fixed:
            return self.now
        try:
            received = dt.datetime.fromisoformat(fixed["received_at"])
            if received.tzinfo is not None:
                received = received.astimezone(dt.UTC)
                if received <= self.now:
                    return received
        except (ValueError, OverflowError):
            pass
        self._problem(
            record, "received_at", "a time that has been, with its zone, belongs here, like 2016-03-29T21:23:43+00:00."
        )
        return self.now

    def _version(self, record: Record, fixed: Mapping[str, str]) -> int:
        """The version that was answered; without a record, the only one."""
        number = fixed.get("version", "")
        if not self.numbering.is_recorded or not number:
            return self.numbering.current
        known = {str(version): version for version in self.numbering.versions}
        if number not in known:
            self._problem(record, "version", f"“{number}” is none of the record's versions: {', '.join(known)}.")
        return known.get(number, self.numbering.current)

    def _letter(self, record: Record, fixed: Mapping[str, str]) -> Brought | None:
        """What there is beside the words of a letter; None where the response is none."""
        if not any(fixed.get(name) for name in LETTER_COLUMNS):
            return None
        signatures = fixed.get("signatures", "")
        if signatures and not SIGNATURES.match(signatures):
            self._problem(record, "signatures", f"“{signatures[:20]}” is no number of signatures, such as 1240.")
            return None
        return Brought(signatures=int(signatures or 0))

    def _written(self, record: Record, fixed: Mapping[str, str]) -> dict[WordsKey, str]:
        """The words of a letter."""
        names = {TEXT: "letter", SUBJECT: "letter.subject", SENDER: "letter.from"}
        found = {part: clean(unguard(record.cells[self.layout.fixed[n]]))[0] for part, n in names.items() if n in fixed}
        for part, text in found.items():
            if len(text) > LONGEST_LETTER:
                self._problem(record, names[part], f"is longer than {LONGEST_LETTER} characters.")
        return {(LETTER, part): text for part, text in found.items() if text.strip()}

    # The answers

    def _answers(self, record: Record, version: int) -> Answers:
        before = self.findings.problem_count
        values: dict[int, Value] = {}
        words: dict[WordsKey, str] = {}
        for columns in self.layout.questions:
            try:
                accepted = self._answer(columns, record, version)
            except Wrong as wrong:
                self._problem(record, wrong.column, str(wrong))
                continue
            if accepted is not None:
                number = columns.question.number
                values[number] = accepted.value
                words |= {(number, option): text for option, text in accepted.words.items()}
        if self.findings.problem_count == before:  # else what follows from a wrong answer would be listed, too
            self._keep_to_the_route(record, values, version)
        return Answers(values, words)

    def _keep_to_the_route(self, record: Record, values: Mapping[int, Value], version: int) -> None:
        """Compare what was asked with what routing leads to. Of a question for everybody, the file alone says it."""
        keys = {columns.question.number: columns.key for columns in self.layout.questions}
        steered = [number for number in keys if number in self.steered[version]]
        for number, rule in accepting.off_route(self.numbering.versions[version], values, steered):
            if self.historic:
                self.findings.breach(rule, RESPONSES, f"{rule}.", record.line, f"column {keys[number]}")
            else:
                way = "Empty its cells." if rule == OFF_ROUTE else f"Or is it {SKIPPED}?"
                message = f"{rule}. {way} (--historic keeps such answers and lists them.)"
                self._problem(record, keys[number], message)

    def _answer(self, columns: QuestionColumns, record: Record, version: int) -> Accepted | None:
        """What the record answers to one question; None where it was not asked."""
        given = _given(columns, record.cells)
        if given is None:
            return None
        asked = self.numbering.versions[version].question(columns.question.number)
        try:
            accepted, rules = accepting.accept(columns.question, asked, given, historic=self.historic)
        except Refused as refusal:
            way = "" if self.historic else " (--historic keeps such answers and lists them.)"
            raise Wrong(columns.key, f"{refusal}{way}") from None
        for rule in rules:
            self.findings.breach(rule, RESPONSES, f"{rule}.", record.line, f"column {columns.key}")
        return accepted


def _given(columns: QuestionColumns, cells: Sequence[str]) -> Given | None:
    """What the cells hand in; None where the question was not asked, SKIPPED_GIVEN where it was skipped."""
    found = {cells[place] for place in columns.cells}
    words = {n: cells[place] for n, place in columns.words.items() if cells[place].strip() not in ("", SKIPPED)}
    texts = {name: unguard(cells[place]) for name, place in columns.texts.items() if cells[place] != SKIPPED}
    if found <= {NOT_ASKED} or found == {SKIPPED}:
        _beside(words, [], columns)
        if any(text.strip() for text in texts.values()):
            raise Wrong(columns.key, "there are words beside an answer that is not there. Answer it, or clear them.")
        return None if found == {NOT_ASKED} else SKIPPED_GIVEN
    chosen = _chosen(columns, cells)
    _beside(words, chosen, columns)
    # Nobody can add what a paper form left out, so that a text may be missing.
    return Given(chosen, unguard("".join(words.values())), texts, complete=False)


def _beside(words: Mapping[int, str], chosen: Sequence[str], columns: QuestionColumns) -> None:
    """Words stand beside what was chosen."""
    if any(str(number) not in chosen for number in words):
        raise Wrong(
            columns.names[-1], "there are words beside an option that was not chosen. Choose it, or clear them."
        )


def _chosen(columns: QuestionColumns, cells: Sequence[str]) -> list[str]:
    shape = KINDS[columns.question.kind].shape
    if shape == Shape.OPTIONS:
        return list(_ticked(columns, cells))
    if shape == Shape.PLACES:
        return _ranked(columns, cells)
    cell = unguard(cells[columns.cells[0]])
    if shape != Shape.OPTION:
        return [cell]
    if cell not in columns.options:
        keys = ", ".join(list(columns.options)[:20])
        raise Wrong(columns.key, f"“{cell[:50]}” is no option of this question. Its options are: {keys}.")
    return [str(columns.options[cell])]


def _ticked(columns: QuestionColumns, cells: Sequence[str]) -> Iterator[str]:
    for name, number, place in zip(columns.names, columns.options.values(), columns.cells, strict=False):
        if cells[place] == "1":
            yield str(number)
        elif cells[place] != "0":
            raise Wrong(
                name,
                f"“{cells[place][:50]}” is neither 1 (ticked) nor 0. A question that was not asked or was skipped has "
                f"all its cells empty, or all “{SKIPPED}”.",
            )


def _ranked(columns: QuestionColumns, cells: Sequence[str]) -> list[str]:
    """The options in the order of their places."""
    places: dict[int, str] = {}
    for name, number, place in zip(columns.names, columns.options.values(), columns.cells, strict=False):
        cell = cells[place]
        if cell == "0":
            continue
        if not (cell.isascii() and cell.isdigit() and len(cell) < 4):
            raise Wrong(name, f"“{cell[:50]}” is no place: 1 for the first, 0 for none.")
        if int(cell) in places:
            raise Wrong(name, f"place {cell} is given to two options.")
        places[int(cell)] = str(number)
    return [places[place] for place in sorted(places)]


def response_key(blueprint: Blueprint, own_id: str) -> uuid.UUID:
    """The key in the ledger of a response with an id of its own: the same for the same survey, so found if stored."""
    return uuid.uuid5(KEYS, f"{blueprint.name}\n{own_id}")
