"""The lines of the questions and of their options."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from consultation import instrument
from consultation.audience import by_wording
from consultation.codebook.asked import Named, in_keys, instant
from consultation.codebook.book import Book
from consultation.codebook.line import Line
from consultation.kinds import ANSWERED, ASKED, DECLINED, KINDS, MOST_PLACES, OTHER, Shape, TextBeside, as_day, at_place
from consultation.kinds.scale import values
from consultation.models import Option, Question
from consultation.questionnaire import Text


def question_lines(book: Book) -> Iterator[Line]:
    """A line for each question, its options, and the words beside them."""
    consultation = book.reading.consultation
    found = list(consultation.questions.select_related("theme").prefetch_related("options").order_by("number"))
    keys = {(row.number, o.number): f"{row.key}.{o.key}" for row in found for o in row.options.all()}
    for row in found:
        question = _question(book, row, keys)
        yield question
        for option in sorted(row.options.all(), key=lambda option: option.number):
            line = _option(book, row, option)
            yield line
            if option.role == OTHER:
                yield _beside(book, row, option, line)
        yield from (_text(book, row, text, question) for text in KINDS[row.kind].texts)


def _question(book: Book, row: Question, keys: Mapping[Named, str]) -> Line:
    here, shape = book.asked[row.number, 0], KINDS[row.kind].shape
    last, number = here.last, row.number
    conditions, texts = book.conditions.get(number, ()), book.texts.get((number, 0), 0)
    declined = [option.number for option in row.options.all() if option.role == DECLINED]
    bound = _day if shape == Shape.DAY else _number
    line = Line(
        row.key,
        cells=_cells(shape, texts),
        kind=row.kind,
        required="1" if last.required else "0",
        identifying="1" if number in book.personal else "",
        limit=_number(last.limit),
        minimum=bound(last.minimum) if row.kind != "scale" else "",
        maximum=bound(last.maximum),
        decimals=("1" if last.decimals else "0") if shape == Shape.NUMBER else "",
        theme=row.theme.name if row.theme else "",
        theme_key=str(row.theme.key) if row.theme else "",
        asked_of=by_wording(conditions, book.reading.questions),
        asked_if=in_keys(conditions, keys),
        asked_from=instant(here.since),
        asked_to=instant(row.retired_at),
        versions=_spaced(here.versions),
        asked=str(book.n(number, ASKED)),
        answered=str(book.n(number, ANSWERED)),
        declined=str(sum(book.n(number, option) for option in declined)) if declined else "",
        n=str(texts if shape == Shape.WORDS else book.n(number, ANSWERED) - texts),
        wordings={
            code: questions[number].wording
            for code, questions in book.worded.items()
            if questions[number].label.language == code
        },
    )
    return book.place(line, row.key) if row.key in book.headers else line


def _option(book: Book, row: Question, option: Option) -> Line:
    shape, number = KINDS[row.kind].shape, option.number
    own = f"{row.key}.{option.key}"
    places = range(1, MOST_PLACES + 1) if shape == Shape.PLACES else []
    n = sum(book.n(row.number, at_place(place, number)) for place in places) if places else book.n(row.number, number)
    here = book.asked.get((row.number, number))
    point = values(book.reading.questions[row.number]).get(number) if row.kind == "scale" else None
    line = Line(
        row.key,
        option.key,
        "option",
        cells=_option_cells(shape, option),
        kind=row.kind,
        role=option.role,
        counts_as=_number(point),
        asked_from=instant(here.since) if here else "",
        asked_to=instant(option.retired_at or row.retired_at),
        versions=_spaced(here.versions) if here else "",
        n=str(n),
        wordings=_labels(book, row.number, number),
    )
    return book.place(line, own if own in book.headers else row.key)


def _beside(book: Book, row: Question, option: Option, line: Line) -> Line:
    n = book.texts.get((row.number, option.number), 0)
    own = f"{option.key}.text"
    cells = _("what was written beside it; empty: nothing was")
    beside = replace(line, option=own, level="words", cells=cells, n=str(n))
    return book.place(beside, f"{row.key}.{own}")


def _text(book: Book, row: Question, text: TextBeside, question: Line) -> Line:
    """A text beside the options; asked when the question was."""
    line = Line(
        row.key,
        text.name,
        "words",
        cells=_("what was written there; empty: nothing was"),
        kind=row.kind,
        asked_from=question.asked_from,
        asked_to=question.asked_to,
        versions=question.versions,
        n=str(book.texts.get((row.number, text.number), 0)),
        wordings={code: _said(text, code) for code in book.worded},
    )
    return book.place(line, f"{row.key}.{text.name}")


def _said(text: TextBeside, language: str) -> str:
    with translation.override(language):
        return str(text.label)


def _labels(book: Book, question: int, option: int) -> dict[str, str]:
    def label(questions: instrument.Rows) -> Text:
        return next(found.label for found in questions[question].options if found.number == option)

    found = {code: label(questions) for code, questions in book.worded.items()}
    return {code: text.text for code, text in found.items() if text.language == code}


# Cells


def _cells(shape: Shape, texts: int) -> str:
    if shape in (Shape.OPTIONS, Shape.PLACES):
        return ""
    what = {
        Shape.OPTION: _("the key of an option (in words: its wording)"),
        Shape.NUMBER: _("a number"),
        Shape.DAY: _("a day, such as 2027-03-31"),
        Shape.WORDS: _("a text"),
    }[shape]
    if texts and shape != Shape.WORDS:  # imported, and kept as it was written
        what = _("%(what)s, or a text (%(texts)d responses)") % {"what": what, "texts": texts}
    return f"{what}; {_missing()}"


def _option_cells(shape: Shape, option: Option) -> str:
    if shape == Shape.OPTIONS:
        words = _("1: chosen, 0: not chosen (in words: %(yes)s, %(no)s)") % {"yes": _("Yes"), "no": _("No")}
        return f"{words}; {_missing()}"
    if shape == Shape.PLACES:
        words = _("its place, 1 the first; 0: none (in words: %(none)s)") % {"none": _("not ranked")}
        return f"{words}; {_missing()}"
    return option.key


def _missing() -> str:
    return _("(skipped): left blank; empty: not asked")


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _day(number: int | None) -> str:
    return "" if number is None else as_day(number).isoformat()


def _spaced(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))
