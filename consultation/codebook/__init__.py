"""The codebook: what every column of the files of responses is, and every value in them.

A line for each question ever asked, each option ever offered, each code, and each column that is no question;
`question` and `option` together name a line, as they do in the long CSV. Every wording that was ever published stands
in a file of its own, under the same names.
"""

from collections.abc import Iterator, Sequence

from django.utils import translation

from consultation import summary
from consultation.codebook.book import read
from consultation.codebook.coded import code_lines
from consultation.codebook.fixed import letter_lines, response_lines
from consultation.codebook.line import Line, header
from consultation.codebook.questions import question_lines
from consultation.codebook.wordings import WORDINGS, wordings
from consultation.columns import guard
from consultation.models import Consultation, Level

__all__ = ["WORDINGS", "Line", "header", "lines", "rows", "wordings"]


def lines(consultation: Consultation, language: str) -> list[Line]:
    """Every line in the order of the columns of the CSV of responses, worded in a language."""
    with translation.override(language):
        book = read(consultation, language)
        return [*response_lines(book), *question_lines(book), *letter_lines(book), *code_lines(book)]


def rows(consultation: Consultation, language: str, level: Level = Level.FULL) -> Iterator[Sequence[str]]:
    """Header and lines as cells, guarded like those of the other files: the lines of what a file of that level has."""
    languages = [code for code, _name in summary.languages(consultation)]
    yield header(languages)
    for line in lines(consultation, language):
        if line.identifying and level != Level.FULL:
            continue
        own = [getattr(line, name) for name in header([])]
        yield [guard(cell) for cell in (*own, *(line.wordings.get(code, "") for code in languages))]
