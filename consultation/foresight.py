"""What publishing a source would change about what people have answered, without publishing it.

The counts are those of officers: the tally and the few responses that are not folded yet. Responses that are held,
rejected or withdrawn are in no count, so they are in none of these either. As many queries for a long form as for a
short one.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from consultation import impact, instrument, summary
from consultation.impact import Change, Form, Known
from consultation.models import Consultation, Halt, Theme
from consultation.questionnaire import Questionnaire
from consultation.source import Source

HALTS = {Halt.NONE: _("It goes by its dates"), Halt.PAUSED: Halt.PAUSED.label, Halt.WITHDRAWN: Halt.WITHDRAWN.label}


def changes(consultation: Consultation | None, source: Source) -> list[Change]:
    """What publishing that source would change; nothing before the leading page was published or anybody answered."""
    if consultation is None or consultation.version_id is None:
        return []
    language = source.language
    cells = summary.live_counts(consultation)
    segment = ("", "") if language == consultation.language else ("language", language)
    counts = {(cell.question, cell.option): found.n for cell, found in cells.items() if cell[2:] == segment}
    if not counts.get((0, 0)):
        return []
    rows = list(consultation.questions.select_related("theme").prefetch_related("options"))
    known = {
        row.block: Known(row.number, row.kind, {option.item: option.number for option in row.options.all()})
        for row in rows
    }
    before, after = instrument.current(consultation, language), impact.planned(source, known)
    if language != consultation.language:
        return impact.compare_words(before, after, counts, language)
    themes = {row.number: row.theme.name for row in rows if row.theme}
    asked = [str(question.label) for question in consultation.equality_questions]
    now, then = (
        _form(before, themes, consultation, asked),
        _form(after, _themes(source, known), source, _equality(source)),
    )
    return impact.compare(now, then, counts)


def _form(
    questionnaire: Questionnaire, themes: Mapping[int, str], of: Consultation | Source, equality: Sequence[str]
) -> Form:
    halt, figures = HALTS[Halt(of.halt)], Consultation.Results(of.results).label
    return Form(questionnaire, themes, of.opens_at, of.closes_at, str(halt), str(figures), equality)


def _equality(source: Source) -> list[str]:
    would = Consultation(ask_equality=source.ask_equality, political_basis=source.political_basis)
    return [str(asked.label) for asked in would.equality_questions]


def _themes(source: Source, known: dict[str, Known]) -> dict[int, str]:
    """The name of each question's theme, of those that have a number."""
    names = {str(theme.key): theme.name for theme in Theme.objects.all()}
    asked = [question for section in source.sections for item in section.items for question in item.questions]
    rows = [(impact.known_row(question, known), question.theme) for question in asked]
    return {row.number: names[theme] for row, theme in rows if row is not None and theme in names}
