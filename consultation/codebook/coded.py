"""The lines of codes: of the column of a question's codes, and of each code that it can say."""

from collections.abc import Iterator

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from consultation.codebook.asked import instant
from consultation.codebook.book import Book
from consultation.codebook.line import Line
from consultation.columns import CODES_COLUMN, CODES_KEY, LETTERS_KEY, code_key
from consultation.models import Code, CodedAs, CodedQuestion, CodedText, Response


def code_lines(book: Book) -> Iterator[Line]:
    """A line for each question of which something was coded, and one for each code of its frame."""
    consultation = book.reading.consultation
    asked = CodedQuestion.objects.filter(consultation=consultation, begun_at__isnull=False).order_by("begun_at", "pk")
    begun = list(asked.values_list("question", "frame", "begun_at"))
    if not begun:
        return
    keys = dict(consultation.questions.values_list("number", "key"))
    codes = list(Code.objects.filter(frame__consultation=consultation).select_related("theme", "parent"))
    coded, counted = _people(book), _coded(book)
    for number, frame, since in begun:
        key = keys.get(number, LETTERS_KEY)
        cells = _("codes with a semicolon between; (none): nothing fits; empty: nothing was coded")
        line = Line(key, CODES_KEY, "codes", cells=cells, n=str(coded.get(number, 0)), asked_from=instant(since))
        yield book.place(line, f"{key}{CODES_COLUMN}")
        for code in codes:
            if code.frame_id == frame:
                yield _code(book, key, code, counted.get((number, code.pk), 0), number in book.personal)


def _code(book: Book, question: str, code: Code, n: int, is_personal: bool) -> Line:
    return Line(
        question,
        code_key(code),
        "code",
        cells=code.key,
        identifying="1" if is_personal else "",
        n=str(n),
        theme=code.theme.name if code.theme else "",
        theme_key=str(code.theme.key) if code.theme else "",
        asked_to=instant(code.retired_at),
        wordings={book.reading.consultation.language: f"{code.parent.name}: {code.name}" if code.parent else code.name},
    )


def _people(book: Book) -> dict[int, int]:
    rows = CodedText.objects.filter(response__in=_responses(book)).order_by().values_list("question")
    return dict(rows.annotate(n=Count("response", distinct=True)))


def _coded(book: Book) -> dict[tuple[int, int], int]:
    rows = CodedAs.objects.filter(text__response__in=_responses(book)).order_by().values_list("text__question", "code")
    return {(question, code): n for question, code, n in rows.annotate(n=Count("text__response", distinct=True))}


def _responses(book: Book) -> QuerySet[Response]:
    counted = Response.objects.filter(consultation=book.reading.consultation, state=Response.State.COUNTED)
    return counted.order_by()
