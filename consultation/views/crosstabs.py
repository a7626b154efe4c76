"""One question by another, as officers choose them; and figures that are counted beside the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultation import crosstab as tables
from consultation import crosstab_table, csv_files, replica, summary, tabulations
from consultation.access import may_download, may_see_summaries, require
from consultation.comparison import Compared
from consultation.downloads import Contents, Rows
from consultation.instants import in_words
from consultation.models import Consultation, Download, Format, Level, Tabulation
from consultation.package.archive import zipped
from consultation.questionnaire import Question
from consultation.sheets import WRITERS, Table
from consultation.summary import QuestionSummary
from consultation.views.downloading import send
from consultation.views.filtering import Filtering, filtering
from consultation.views.officers import frame, progress, refreshing


@dataclass(frozen=True)
class Chosen:
    """What an address asks for: a question, and the one that it is set against; None where there is none such."""

    question: Question | None
    across: Question | None

    @property
    def numbers(self) -> tuple[int, int] | None:
        """Their numbers, where both are there and differ."""
        if self.question is None or self.across is None or self.question.number == self.across.number:
            return None
        return self.question.number, self.across.number


@dataclass(frozen=True)
class Crossed:
    """A table as a page and a file show it. tabulation: where it was counted before; None: just now."""

    question: QuestionSummary
    compared: Compared
    received: int
    left_out: int
    tabulation: Tabulation | None


def _choose(request: HttpRequest, questions: Mapping[int, Question]) -> Chosen:
    def named(name: str) -> Question | None:
        text = request.GET.get(name, "")
        return questions.get(int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else None

    question, across = named("question"), named("across")
    return Chosen(
        question if question and tables.can_be_rows(question) else None,
        across if across and tables.can_be_columns(across) else None,
    )


def _crossed(
    consultation: Consultation, chosen: Chosen, filtered: Filtering
) -> tuple[Crossed | None, Tabulation | None]:
    """The table, or how far it is; neither where it has to be asked for, or nothing was chosen."""
    numbers = chosen.numbers
    if numbers is None or filtered.errors:
        return None, None
    kept = None
    if tabulations.is_large(consultation):
        kept = tabulations.find(consultation, filtered.query, *numbers)
        if kept is None or kept.state != Tabulation.State.DONE:
            return None, kept
        cells = tabulations.cells(kept)
    else:
        cells, _last = tables.cells(consultation, *numbers, where=filtered.where_counted)
    reading = summary.kept(consultation, cells, filtered.where_counted)
    found = tables.lay_out(reading, *numbers)
    whole = summary.summarise(tables.of_one(reading, numbers[0]))
    return Crossed(whole.questions[0], found.questions[numbers[0]], whole.received, found.left_out, kept), kept


@require_safe
@never_cache
@replica.preferred
def crosstab(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose two questions and see one by the other, with the filter of the page before."""
    require(may_see_summaries(request))
    found = get_object_or_404(Consultation, pk=pk)
    filtered = filtering(request, found)
    questions = filtered.known.questions
    chosen = _choose(request, questions)
    crossed, tabulation = _crossed(found, chosen, filtered)
    back = reverse("consultations:consultation", args=[pk])
    context = frame(
        request,
        _("One question by another"),
        (f"{back}?{filtered.query}" if filtered.query else back, found.title),
        ("", _("One question by another")),
        consultation=found,
        filtering=filtered,
        kept_choice=[(name, n.number) for name, n in _both(chosen) if n],
        chosen=chosen,
        rows=[q for q in questions.values() if tables.can_be_rows(q)],
        columns=[q for q in questions.values() if tables.can_be_columns(q)],
        crossed=crossed,
        is_same=chosen.question is not None and chosen.question == chosen.across,
        has_equality=found.ask_equality,
        may_take=_may_take(request),
        is_awaited=chosen.numbers is not None and crossed is None and not filtered.errors,
        **progress(request, tabulation, _address(chosen, filtered)),
    )
    return refreshing(render(request, "consultation/officers/crosstab.html", context), request, tabulation)


def _both(chosen: Chosen) -> list[tuple[str, Question | None]]:
    return [("question", chosen.question), ("across", chosen.across)]


def _address(chosen: Chosen, filtered: Filtering) -> str:
    """What follows the question mark."""
    own = "&".join(f"{name}={question.number}" for name, question in _both(chosen) if question)
    return "&".join(part for part in (own, filtered.query) if part)


@require_POST
@never_cache
def tabulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Have figures counted: of the filter in the address, all or one question by another."""
    require(may_see_summaries(request))
    found = get_object_or_404(Consultation, pk=pk)
    filtered = filtering(request, found)
    chosen = _choose(request, filtered.known.questions)
    name = "crosstab" if chosen.numbers else "consultation"
    if not filtered.errors and (chosen.numbers or filtered.query) and tabulations.is_large(found):
        tabulations.ask(request.user, found, filtered.query, *(chosen.numbers or ()))
    address, query = reverse(f"consultations:{name}", args=[pk]), _address(chosen, filtered)
    return redirect(f"{address}?{query}" if query else address)


def _may_take(request: HttpRequest) -> bool:
    """A file needs the right to see the figures, and one to take something away."""
    return may_see_summaries(request) and any(may_download(request, level) for level in (Level.ANALYSIS, Level.FULL))


@require_safe
@never_cache
@replica.preferred
def file(request: HttpRequest, pk: int, format: Format) -> HttpResponseBase:
    """The table as a file, with what it is of written in it. Logged."""
    require(_may_take(request))
    found = get_object_or_404(Consultation, pk=pk)
    filtered = filtering(request, found)
    chosen = _choose(request, filtered.known.questions)
    crossed, _tabulation = _crossed(found, chosen, filtered)
    if crossed is None or chosen.question is None or chosen.across is None:
        raise Http404
    notes = list(_notes(found, chosen, filtered, crossed))
    said = "; ".join(part for part in (_by(chosen), filtered.said) if part)
    told = found, Download.Holds.CROSSTAB, Level.ANALYSIS, format, get_language() or ""
    contents = Contents(*told, filtered=said, query=filtered.query)
    counted = Rows()
    lines = crosstab_table.rows(crossed.compared, crossed.question, notes)
    if format == Format.CSV:
        parts = counted.of_csv(csv_files.chunks(csv_files.write(lines, bom="bom" in request.GET)))
    else:
        numbers = frozenset(crosstab_table.header(crossed.compared)[1:])
        parts = zipped(WRITERS[format]([Table(_("Table"), counted.of_table(lines), numbers)]), as_it_is=["mimetype"])
    return send(request, contents, parts, counted)


def _by(chosen: Chosen) -> str:
    numbers = chosen.numbers or (0, 0)
    return _("Question %(question)d by question %(across)d") % {"question": numbers[0], "across": numbers[1]}


def _notes(
    consultation: Consultation, chosen: Chosen, filtered: Filtering, crossed: Crossed
) -> Iterator[tuple[str, str]]:
    """Where the figures come from, as pairs."""
    yield _("Consultation"), consultation.title
    for name, question in ((_("Question"), chosen.question), (_("Columns"), chosen.across)):
        if question is not None:
            yield name, f"{question.number}. {question.wording}"
    yield _("Filter"), filtered.said or _("none")
    yield _("Responses"), str(crossed.received)
    if crossed.left_out:
        yield _("In no column"), str(crossed.left_out)
    if crossed.tabulation is not None:
        yield _("Counted"), in_words(crossed.tabulation.seen_at)
