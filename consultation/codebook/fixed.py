"""The lines of the columns that are no question: the same for every consultation."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from consultation.codebook.asked import instant
from consultation.codebook.book import Book
from consultation.codebook.line import Line
from consultation.columns import FIXED
from consultation.kinds import ASKED
from consultation.models.letter import LETTER, SENDER, SIGNATURES, SUBJECT, TEXT
from consultation.summary import SEGMENTS


def response_lines(book: Book) -> Iterator[Line]:
    """A line for each of these columns, and for each value of those that have codes."""
    received = book.n(0, ASKED)
    cells = {
        "reference": _("the reference that was given to the sender; empty once it was removed"),
        "received_at": _("when it was received: an instant in UTC, such as 2027-03-31T09:00:00+00:00"),
        "language": _("the language of the form: one of the codes below"),
        "channel": _("on which way it came: one of the codes below"),
        "version": _("which version of the questionnaire was answered: one of the numbers below"),
    }
    for name in FIXED:
        n = book.with_reference if name == "reference" else received
        yield book.place(Line(name, level="response", cells=cells[name], n=str(n)), name)
        if name in SEGMENTS:
            found = sorted((c.value, f.n) for c, f in book.reading.cells.items() if c[:3] == (0, ASKED, name))
            for value, n in found:
                named = {code: _named(name, value, code) for code in book.worded}
                yield book.place(Line(name, value, "option", cells=value, n=str(n), wordings=named), name)
    for version in book.reading.consultation.versions.order_by("number"):
        number, since = str(version.number), instant(version.created_at)
        n = book.versions.get(version.number, 0)
        yield book.place(Line("version", number, "option", cells=number, asked_from=since, n=str(n)), "version")


def letter_lines(book: Book) -> Iterator[Line]:
    """A line for each column of letters, where there are any."""
    cells = {
        "letter": (TEXT, _("what a letter, an e-mail or a petition says, which answered no question; else empty")),
        "letter.subject": (SUBJECT, _("what it says it is about")),
        "letter.from": (SENDER, _("the person or the organisation that wrote it")),
        "signatures": (SIGNATURES, _("how many signed a petition; they are not added to the number of responses")),
    }
    for key, (part, said) in cells.items():
        if key in book.headers:
            question, _dot, option = key.partition(".")
            n = book.signed if part == SIGNATURES else book.texts.get((LETTER, part), 0)
            yield book.place(Line(question, option, level="response", cells=said, n=str(n)), key)


def _named(segment: str, value: str, language: str) -> str:
    with translation.override(language):
        return SEGMENTS[segment](value)
