"""One plan of columns, made from every question ever asked, that only grows."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext as _

from consultation import instrument
from consultation.columns.sorts import Beside, Choice, Codes, Column, Place, Signed, Tick, Written
from consultation.kinds import KINDS, OTHER, Shape
from consultation.models import Code, CodedQuestion, Consultation, Letter, Level, Question
from consultation.models.letter import LETTER, SENDER, SIGNATURES, SUBJECT, TEXT
from consultation.questionnaire import Option
from consultation.questionnaire import Question as Asked

FIXED = ("reference", "received_at", "language", "channel", "version")

CODES_COLUMN = ".text.codes"  # after the question's key; no other column ends so
CODES_KEY = ":codes"  # in the place of an option's key, of which none has a colon
LETTERS_KEY = "letters"


class Form(StrEnum):
    """How headers and values are written."""

    LABELS = "labels"
    KEYS = "keys"


@dataclass(frozen=True)
class _Plan:
    """What the columns of one question are made from. keys: the options' keys by number."""

    key: str
    question: Asked
    keys: Mapping[int, str]
    form: Form

    @property
    def title(self) -> str:
        return f"{self.question.number}. {self.question.wording}"

    @property
    def options(self) -> Sequence[Option]:
        return sorted(self.question.options, key=lambda option: option.number)

    def choice(self) -> Iterator[Column]:
        values = {o.number: self.keys[o.number] if self.form == Form.KEYS else o.label.text for o in self.options}
        yield Choice(self.key, self.title, self.question.number, values)
        yield from self.beside()

    def ticks(self) -> Iterator[Column]:
        yes, no = ("1", "0") if self.form == Form.KEYS else (_("Yes"), _("No"))
        for option in self.options:
            key, label = f"{self.key}.{self.keys[option.number]}", f"{self.title} – {option.label.text}"
            yield Tick(key, label, self.question.number, option.number, yes, no)
        yield from self.beside()

    def places(self) -> Iterator[Column]:
        none = "0" if self.form == Form.KEYS else _("not ranked")
        for option in self.options:
            key, label = f"{self.key}.{self.keys[option.number]}", f"{self.title} – {option.label.text}"
            yield Place(key, label, self.question.number, option.number, none)

    def beside(self) -> Iterator[Column]:
        for option in self.options:
            if option.role == OTHER:
                key = f"{self.key}.{self.keys[option.number]}.text"
                label = f"{self.title} – {option.label.text} ({_('in words')})"
                yield Beside(key, label, self.question.number, option.number)
        for text in KINDS[self.question.kind].texts:
            key, label = f"{self.key}.{text.name}", f"{self.title} – {text.label}"
            yield Beside(key, label, self.question.number, text.number, identifying=True)

    def written(self) -> Iterator[Column]:
        is_number = KINDS[self.question.kind].shape == Shape.NUMBER
        yield Written(self.key, self.title, self.question.number, is_number=is_number)


_LAYOUTS: Mapping[Shape, Callable[[_Plan], Iterator[Column]]] = {
    Shape.OPTION: _Plan.choice,
    Shape.OPTIONS: _Plan.ticks,
    Shape.PLACES: _Plan.places,
    Shape.NUMBER: _Plan.written,
    Shape.DAY: _Plan.written,
    Shape.WORDS: _Plan.written,
}


def plan(consultation: Consultation, language: str, form: Form, level: Level = Level.ANALYSIS) -> list[Column]:
    """The columns of a consultation's answers, by question number, so that a new question's come last of those.

    Behind them stand those of letters, once there was one, and those of codes, in the order in which coding began.

    Only the level with personal data has those that say who answered, or may: of a question whose editor says so, all.
    """
    personal = instrument.personal(consultation)
    columns = (
        replace(column, identifying=column.identifying or column.question in personal)
        for column in _every(consultation, language, form)
    )
    return [column for column in columns if level == Level.FULL or not column.identifying]


def _every(consultation: Consultation, language: str, form: Form) -> Iterator[Column]:
    asked = instrument.rows(consultation, instrument.words(consultation, language))
    rows = Question.objects.filter(consultation=consultation).prefetch_related("options").order_by("number")
    for row in rows:
        keys = {option.number: option.key for option in row.options.all()}
        yield from _LAYOUTS[KINDS[row.kind].shape](_Plan(row.key, asked[row.number], keys, form))
    yield from _letters(consultation)
    yield from _coded(consultation, asked, form)


def _letters(consultation: Consultation) -> Iterator[Column]:
    """Who wrote is left out like the name of an organisation. A letter that was erased is known still, so they stay."""
    if Letter.objects.filter(response__consultation=consultation).exists():
        yield Beside("letter", _("Letter"), LETTER, TEXT)
        yield Beside("letter.subject", _("Letter – subject"), LETTER, SUBJECT)
        yield Beside("letter.from", _("Letter – who it is from"), LETTER, SENDER, identifying=True)
        yield Signed("signatures", _("Signatures"), LETTER, SIGNATURES)


def _coded(consultation: Consultation, asked: instrument.Rows, form: Form) -> Iterator[Column]:
    """A column for each question of which something was ever coded."""
    begun = CodedQuestion.objects.filter(consultation=consultation, begun_at__isnull=False)
    numbers = list(begun.order_by("begun_at", "pk").values_list("question", flat=True))
    if not numbers:
        return
    codes = Code.objects.filter(frame__consultation=consultation)
    names = dict(codes.values_list("pk", "key" if form == Form.KEYS else "name"))
    keys = dict(consultation.questions.values_list("number", "key"))
    for number in numbers:
        title = _("Letters, e-mails and petitions") if number == LETTER else f"{number}. {asked[number].wording}"
        yield Codes(f"{keys.get(number, LETTERS_KEY)}{CODES_COLUMN}", f"{title} – {_('codes')}", number, names)


def code_key(code: Code) -> str:
    """What stands for a code in the place of an option's key."""
    return f"code:{code.key}"


def header(columns: Sequence[Column], form: Form) -> list[str]:
    """The names of all columns, the fixed ones first. Where two are worded alike, the key tells them apart."""
    keys = [*FIXED, *(column.key for column in columns)]
    names = keys if form == Form.KEYS else [*FIXED, *(column.label for column in columns)]
    repeated = {name for name, n in Counter(names).items() if n > 1}
    return [f"{name} [{key}]" if name in repeated else name for name, key in zip(names, keys, strict=True)]
