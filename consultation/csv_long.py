"""The long CSV: one row for each thing that was answered, where the CSV of responses has one row for each response.

A question that was skipped has one row, which says so; one that was not asked has none. A letter has one for each part.
`question` and `option` are the keys that head the columns of the CSV of responses, and `row` is the place of the
response in that file, from 1: by it responses are told apart whose reference is gone. What was coded has a row for each
code, behind all that was answered.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, islice

from consultation import csv_files, instrument
from consultation.columns import CODES_KEY, LETTERS_KEY, NO_CODE, SKIPPED, Codes, Column, Form, code_key, guard, plan
from consultation.csv_files import BATCH, Among
from consultation.kinds import KINDS, Shape, Value
from consultation.kinds.scale import values
from consultation.models import Code, CodedQuestion, Consultation, Level, Option
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
    questions = instrument.rows(consultation, instrument.words(consultation, language))
    asked = _asked(consultation, questions, form, level)
    letters = _of_letters(consultation, language, form, level)
    counted = csv_files.counted(consultation, among)
    found = counted.values_list("pk", "reference", "answers").iterator(chunk_size=BATCH)
    places = count(1)
    coded = _coded(consultation, questions, form, level)
    while batch := list(islice(found, BATCH)):
        keys = [pk for pk, _reference, _answers in batch]
        words = csv_files.words_of(keys, has_letters=bool(letters))
        codes = _codes(keys) if coded else {}
        for pk, reference, answers in batch:
            response = reference or "", str(next(places))
            for number in sorted(asked.keys() & map(int, answers)):
                for cells in asked[number].rows(answers[str(number)], words.get(pk, {})):
                    yield *response, *cells
            for cells in _of_letter(letters, form, words.get(pk, {})):
                yield *response, *cells
            for number, own in codes.get(pk, []):
                if number in coded:
                    yield from ((*response, *cells) for cells in coded[number].rows(own))


def _of_letters(consultation: Consultation, language: str, form: Form, level: Level) -> list[Column]:
    """The columns of the parts of letters; what they are coded as has rows of its own."""
    columns = plan(consultation, language, form, level)
    return [column for column in columns if column.question == LETTER and not isinstance(column, Codes)]


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


@dataclass(frozen=True)
class _Coded:
    """A question of which something was coded. codes: the cells of each by primary key; none: where nothing fits."""

    cells: Cells
    codes: Mapping[int, Cells]
    none: Cells

    def rows(self, codes: Sequence[int]) -> Iterator[Cells]:
        """What follows the response's own cells, a row for each code."""
        for code in codes:
            yield *self.cells, *self.codes[code], "", "", ""
        if not codes:
            yield *self.cells, *self.none, "", NO_CODE, ""


def _coded(consultation: Consultation, questions: instrument.Rows, form: Form, level: Level) -> dict[int, _Coded]:
    begun = CodedQuestion.objects.filter(consultation=consultation, begun_at__isnull=False)
    numbers = set(begun.values_list("question", flat=True)) - _left_out(consultation, level)
    if not numbers:
        return {}
    rows = Code.objects.filter(frame__consultation=consultation)
    codes = {code.pk: _cells(form, code_key(code), code.name) for code in rows}
    keys = dict(consultation.questions.values_list("number", "key"))
    return {
        number: _Coded(
            _cells(form, keys.get(number, LETTERS_KEY), questions[number].wording if number in questions else ""),
            codes,
            _cells(form, CODES_KEY, ""),
        )
        for number in numbers
    }


def _codes(responses: Sequence[int]) -> dict[int, list[tuple[int, list[int]]]]:
    found: dict[int, list[tuple[int, list[int]]]] = {}
    for (pk, question), codes in sorted(csv_files.codes_of(responses).items()):
        found.setdefault(pk, []).append((question, codes))
    return found


def _left_out(consultation: Consultation, level: Level) -> frozenset[int]:
    return instrument.personal(consultation) if level != Level.FULL else frozenset()


def _cells(form: Form, key: str, label: str) -> Cells:
    return (guard(key),) if form == Form.KEYS else (guard(key), guard(label))


def _asked(consultation: Consultation, questions: instrument.Rows, form: Form, level: Level) -> dict[int, _Asked]:
    """Every question ever asked of which the file has the answers, by number."""
    left_out = _left_out(consultation, level)
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
    cells = partial(_cells, form)
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
