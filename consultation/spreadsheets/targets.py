"""Everything that a column can be: the parts of every question ever asked, and what is told of a response."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation import columns, instrument
from consultation.columns import Form, guard
from consultation.columns.sorts import Beside, Column, Place, Tick
from consultation.kinds import KINDS, OTHER, Shape, TextBeside
from consultation.kinds import places as places_of
from consultation.models import Consultation, Level, Question, Wording
from consultation.questionnaire import Option
from consultation.questionnaire import Question as Asked
from consultation.spreadsheets.meaning import FIXED
from consultation.spreadsheets.spoken import plain

TOLD: Mapping[str, str | Promise] = {
    "reference": gettext_lazy("Reference"),
    "received_at": gettext_lazy("When it was received"),
    "language": gettext_lazy("Language"),
    "channel": gettext_lazy("Channel"),
    "version": gettext_lazy("Version of the questionnaire"),
}
# What such columns are called in files from elsewhere, beside our own names.
CALLED = {
    "reference": ("reference number", "response reference"),
    "received_at": (
        *("received", "received on", "date received", "date", "timestamp", "submitted", "submitted at", "submit date"),
        *("submit date utc", "date submitted", "date completed", "completion time", "end date"),
    ),
    "language": ("lang", "response language"),
    "channel": ("how received",),
}


@dataclass(frozen=True)
class Target:
    """Something that a column can be. code: see meaning.py; names: what its header may be, in plain words."""

    code: str
    label: str
    question: int | None = None
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """A question with every option ever offered. keys: of its options; labels: of these, in each language."""

    question: Asked
    key: str
    keys: Mapping[int, str]
    wordings: Sequence[Asked]  # the same question in each language
    retired: bool = False

    @property
    def number(self) -> int:
        """The question's."""
        return self.question.number

    @property
    def shape(self) -> Shape:
        """What an answer is."""
        return KINDS[self.question.kind].shape

    @property
    def other(self) -> Option | None:
        """The option beside which one can write."""
        return next((option for option in self.question.options if option.role == OTHER), None)

    @property
    def texts(self) -> tuple[TextBeside, ...]:
        """What is asked in words beside the options."""
        return KINDS[self.question.kind].texts


@dataclass(frozen=True)
class Targets:
    """All of a consultation's, in the order of its questionnaire."""

    questions: Mapping[int, Known]
    by_code: Mapping[str, Target]
    languages: tuple[str, ...]
    exports: Mapping[tuple[Form, str], Mapping[str, str]]  # of our own files, codes by header

    def of(self, code: str) -> tuple[Known | None, str]:
        """The question that a code belongs to, and what is left of the code: "" where it is the answer itself."""
        target = self.by_code.get(code)
        if target is None or target.question is None:
            return None, code
        known = self.questions[target.question]
        return known, code.removeprefix(known.question.name)

    @property
    def grouped(self) -> list[tuple[str, list[Target]]]:
        """For a select: what is told of a response, then each question."""
        groups = [(_("Of the response"), [self.by_code[code] for code in FIXED])]
        for known in self.questions.values():
            title = f"{known.number}. {known.question.wording}"
            mine = [target for target in self.by_code.values() if target.question == known.number]
            groups.append((_("%(question)s (no longer asked)") % {"question": title} if known.retired else title, mine))
        return groups


def targets(consultation: Consultation) -> Targets:
    """Everything that a column of a file of this consultation can be."""
    spoken = Wording.objects.filter(consultation=consultation).order_by("language").values_list("language", flat=True)
    languages = tuple(dict.fromkeys([consultation.language, *spoken.distinct()]))
    worded = [instrument.rows(consultation, instrument.words(consultation, code)) for code in languages]
    rows = {row.number: row for row in Question.objects.filter(consultation=consultation).prefetch_related("options")}
    questions = {
        number: Known(
            question,
            rows[number].key,
            {option.number: option.key for option in rows[number].options.all()},
            [words[number] for words in worded],
            rows[number].retired_at is not None,
        )
        for number, question in worded[0].items()
    }
    found = [*_fixed(), *(target for known in questions.values() for target in _of(known))]
    return Targets(questions, {target.code: target for target in found}, languages, _exports(consultation, languages))


def _fixed() -> Iterator[Target]:
    for code, label in TOLD.items():
        names = {plain(name) for name in (code, str(label), *CALLED.get(code, ()))}
        yield Target(code, str(label), names=frozenset(names))


def _of(known: Known) -> Iterator[Target]:
    """The parts of one question, with what headers call them."""
    name, number = known.question.name, known.number
    titles = {title for worded in known.wordings for title in _titles(known.key, worded)}
    yield Target(name, _whole(known), number, _plain(titles))
    if known.shape == Shape.PLACES:
        for place in range(1, places_of(known.question) + 1):
            names = {f"{title} {place}" for title in titles}
            yield Target(f"{name}#{place}", _("Place %(place)d") % {"place": place}, number, _plain(names))
    for option in known.question.options:
        labels = {o.label.text for worded in known.wordings for o in worded.options if o.number == option.number}
        said = {f"{title} {label}" for title in titles for label in labels}
        if known.shape in (Shape.OPTIONS, Shape.PLACES):
            alone = labels if option.role != OTHER else set()
            names = {f"{known.key}.{known.keys[option.number]}"} | said | alone
            yield Target(f"{name}.{option.number}", option.label.text, number, _plain(names))
        if option.role == OTHER:
            names = {f"{known.key}.{known.keys[option.number]}.text"} | labels
            names |= said if known.shape == Shape.OPTION else set()
            label = _("%(option)s, in words") % {"option": option.label.text}
            yield Target(f"{name}.{option.number}.text", label, number, _plain(names))
    for text in known.texts:
        names = {f"{known.key}.{text.name}", str(text.label)}
        yield Target(f"{name}.{text.name}", str(text.label), number, _plain(names))


def _titles(key: str, worded: Asked) -> Iterator[str]:
    yield key
    yield worded.wording
    yield f"{worded.number}. {worded.wording}"
    if worded.matrix:
        yield worded.label.text


def _whole(known: Known) -> str:
    wording = {"question": Truncator(known.question.wording).chars(60)}
    if known.shape == Shape.OPTIONS:
        return _("%(question)s (all ticked options in one cell)") % wording
    if known.shape == Shape.PLACES:
        return _("%(question)s (the whole order in one cell)") % wording
    return wording["question"]


def _plain(names: set[str]) -> frozenset[str]:
    return frozenset(found for found in map(plain, names) if found)


def _exports(consultation: Consultation, languages: Sequence[str]) -> dict[tuple[Form, str], dict[str, str]]:
    """What our own files call their columns, by the form and the language of the file."""
    found = {}
    for form in Form:
        for language in languages if form == Form.LABELS else languages[:1]:
            with translation.override(language):
                planned = columns.plan(consultation, language, form, Level.FULL)
                names = columns.header(planned, form)[len(FIXED) :]
            found[form, language] = {guard(name): _code(column) for name, column in zip(names, planned, strict=True)}
    return found


def _code(column: Column) -> str:
    name = f"q{column.question}"
    if isinstance(column, Tick | Place):
        return f"{name}.{column.option}"
    if isinstance(column, Beside):
        text = next((t for kind in KINDS.values() for t in kind.texts if t.number == column.option), None)
        return f"{name}.{text.name}" if text else f"{name}.{column.option}.text"
    return name
