"""The long CSV: one row for each thing that was answered, where the CSV of responses has one row for each response.

A question that was skipped has one row, which says so; one that was not asked has none. A letter has one for each part.
`question` and `option` are the keys that head the columns of the CSV of responses, and `row` is the place of the
response in that file, from 1: by it responses are told apart whose reference is gone.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

from consultation import csv_files, instrument
from consultation.columns import SKIPPED, Column, Form, guard, plan
from consultation.csv_files import BATCH, Among
from consultation.kinds import KINDS, Shape, Value
from consultation.kinds.scale import values
from consultation.models import Consultation, Level, Option
from consultation.models.letter import LETTER
from consultation.questionnaire import Question
from consultation.snapshot import snapshot

KEYS = ("reference", "row", "question", "option", "place", "value", "words")
LABELS = ("reference", "row", "question", "question_label", "option", "option_label", "place", "value", "words")

Words = Mapping[tuple[int, int], str]  # of one response, by question and option number
Cells = Sequence[str]


def responses(
    consultation: Consultation,
    language: str,
    form: Form,
    level: Level = Level.ANALYSIS,
    *,
    among: Among = None,
    bom: bool = False,
) -> Generator[bytes, None, None]:
    """The file in chunks, the header first, in one snapshot."""
    with snapshot():
        yield from csv_files.chunks(csv_files.write(rows(consultation, language, form, level, among), bom=bom))


def rows(
    consultation: Consultation,
    language: str,
    form: Form,
    level: Level = Level.ANALYSIS,
    among: Among = None,
) -> Iterator[Cells]:
    """Header and rows of the responses, read batch by batch."""
    yield KEYS if form == Form.KEYS else LABELS
    asked = _asked(consultation, language, form, level)
    letters = [column for column in plan(consultation, language, form, level) if column.question == LETTER]
    counted = csv_files.counted(consultation, among)
    found = counted.values_list("pk", "reference", "answers").iterator(chunk_size=BATCH)
    places = count(1)
    while batch := list(islice(found, BATCH)):
        words = csv_files.words_of([pk for pk, _reference, _answers in batch], has_letters=bool(letters))
        for pk, reference, answers in batch:
            response = reference or "", str(next(places))
            for number in sorted(asked.keys() & map(int, answers)):
                for cells in asked[number].rows(answers[str(number)], words.get(pk, {})):
                    yield *response, *cells
            for cells in _of_letter(letters, form, words.get(pk, {})):
                yield *response, *cells


def _of_letter(columns: Sequence[Column], form: Form, words: Words) -> Iterator[Cells]:
    """A row for each part of a letter, under the keys of its columns; how many signed is a value."""
    for column in columns:
        found = words.get((LETTER, column.option_in_words or 0), "")
        if found:
            question, _dot, option = column.key.partition(".")
            named = (question, option) if form == Form.KEYS else (question, column.label, option, "")
            value, text = (found, "") if column.is_number else ("", found)
            yield *map(guard, named), "", value, guard(text)


@dataclass(frozen=True)
class _Asked:
    """A question as its rows show it. options: the cells of each by number, of 0 where none was chosen.

    texts: the numbers of what is asked in words beside the options, each in a row of its own.
    """

    number: int
    shape: Shape
    points: Mapping[int, int]  # of a scale: what each option counts as
    cells: Cells
    options: Mapping[int, Cells]
    texts: Sequence[int]

    def rows(self, value: Value, words: Words) -> Iterator[Cells]:
        """What follows the response's own cells, row by row."""
        if value is None:
            yield self._row(value=SKIPPED)
        elif value is True:
            yield self._row(words=words.get((self.number, 0), ""))
        elif isinstance(value, list):
            for place, option in enumerate(value, 1):
                ranked = str(place) if self.shape == Shape.PLACES else ""
                yield self._row(option, place=ranked, words=words.get((self.number, option), ""))
        elif self.shape == Shape.OPTION and isinstance(value, int):
            point = str(self.points.get(value, ""))
            yield self._row(value, value=point, words=words.get((self.number, value), ""))
            yield from (self._row(n, words=words[self.number, n]) for n in self.texts if (self.number, n) in words)
        else:
            yield self._row(value=guard(str(value)))

    def _row(self, option: int = 0, *, place: str = "", value: str = "", words: str = "") -> Cells:
        return *self.cells, *self.options[option], place, value, guard(words)


def _asked(consultation: Consultation, language: str, form: Form, level: Level) -> dict[int, _Asked]:
    """Every question ever asked of which the file has the answers, by number."""
    left_out = instrument.personal(consultation) if level != Level.FULL else frozenset()
    questions = instrument.rows(consultation, instrument.words(consultation, language))
    keys = dict(consultation.questions.values_list("number", "key"))
    options: dict[int, dict[int, str]] = {}
    named = Option.objects.filter(question__consultation=consultation)
    for question, option, key in named.values_list("question__number", "number", "key"):
        options.setdefault(question, {})[option] = key
    return {
        number: _one(question, keys[number], options.get(number, {}), form, level)
        for number, question in questions.items()
        if number not in left_out
    }


def _one(question: Question, key: str, keys: Mapping[int, str], form: Form, level: Level) -> _Asked:
    def cells(key: str, label: str) -> Cells:
        return (guard(key),) if form == Form.KEYS else (guard(key), guard(label))

    labels = {option.number: option.label.text for option in question.options}
    texts = KINDS[question.kind].texts if level == Level.FULL else ()  # they say who answered
    return _Asked(
        question.number,
        KINDS[question.kind].shape,
        values(question) if question.kind == "scale" else {},
        cells(key, question.wording),
        {0: cells("", "")}
        | {number: cells(own, labels.get(number, "")) for number, own in keys.items()}
        | {text.number: cells(text.name, str(text.label)) for text in texts},
        [text.number for text in texts],
    )
