"""The officers' area: exact summaries, and themes across consultations."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from consultation import (
    begun,
    comparison,
    correspondence,
    dashboard,
    decisions,
    equality_figures,
    ideas,
    provenance,
    replica,
    subscribers,
    summary,
    tabulations,
    topics,
    trends,
)
from consultation.access import (
    levels,
    may_bring_in,
    may_code,
    may_decide,
    may_download_ideas,
    may_moderate,
    may_publish_results,
    may_quote,
    may_read,
    may_see_equality,
    may_see_summaries,
    require,
)
from consultation.comparison import Compared
from consultation.models import Consultation, Tabulation, Theme
from consultation.provenance import Counting, Origin
from consultation.summary import ConsultationSummary, QuestionSummary, Reading
from consultation.topics import Topics
from consultation.views import paper
from consultation.views.filtering import Filtering, filtering


def frame(request: HttpRequest, title: str, *crumbs: tuple[str, str], **more: Any) -> dict[str, Any]:
    """What every page of the area needs: its title, the way to it, the officer's rights."""
    first = [(reverse("wagtailadmin_home"), _("Home")), (reverse("consultations:index"), _("Consultations"))]
    return {
        "header_title": title,
        "header_icon": "clipboard-list",
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in [*first, *crumbs]],
        "may_download_ideas": may_download_ideas(request),
        "may_see_summaries": may_see_summaries(request),
        "may_decide": may_decide(request),
        "may_publish_results": may_publish_results(request),
        "seconds_behind": replica.age(),
        **more,
    }


REFRESH = 5  # seconds after which a page looks again how far something is


def progress(request: HttpRequest, tabulation: Tabulation | None, address: str) -> dict[str, Any]:
    """What a page says of figures that are counted beside it. address: what follows its question mark."""
    return {
        "tabulation": tabulation,
        "address": address,
        "stays": "stay" in request.GET,
        "newer": tabulation is not None and tabulation.state == tabulation.State.DONE and tabulations.newer(tabulation),
    }


def refreshing(page: HttpResponse, request: HttpRequest, tabulation: Tabulation | None) -> HttpResponse:
    """Let a page look again by itself, until it is told to stay as it is."""
    if tabulation is not None and tabulation.is_moving and "stay" not in request.GET:
        page["Refresh"] = str(REFRESH)
    return page


@dataclass(frozen=True)
class Figure:
    """A question's figures as a page shows them."""

    question: QuestionSummary
    origin: Origin
    compared: Compared | None
    source: str  # the question's address in the editor; empty for officers who can't open it
    topics: Topics | None  # what people wrote, where it is coded


@dataclass(frozen=True)
class Results:
    """A consultation's figures as a page shows them."""

    summary: ConsultationSummary
    figures: tuple[Figure, ...]
    counting: Counting
    columns: tuple[str, ...]  # the parts that are compared, if any
    left_out: int
    page: Page | None  # the leading one
    editor: str  # its address in the editor; empty for officers who can't open it
    more_topics: tuple[Topics, ...]  # of what belongs to none of the questions: letters, and codes of another theme's


def _results(request: HttpRequest, reading: Reading, by: str, theme: Theme | None = None) -> Results:
    summed = summary.summarise(reading)
    origins = provenance.of_questions(reading)
    known = by in dict(comparison.choices(reading))
    compared = comparison.compare(reading, by) if known else comparison.NOTHING
    page = _leading_page(reading.consultation)
    coded = {found.question: found for found in topics.of_consultation(reading.consultation, reading.where, theme)}
    editor = _editor(request, page)
    return Results(
        summed,
        tuple(
            Figure(
                question,
                origins[question.number],
                compared.questions.get(question.number),
                f"{editor}#block-{origins[question.number].place}-section" if editor else "",
                coded.pop(question.number, None),
            )
            for question in summed.questions
        ),
        provenance.counting(reading, summed.received),
        compared.columns,
        compared.left_out,
        page,
        editor,
        tuple(coded.values()),
    )


def _leading_page(consultation: Consultation) -> Page | None:
    pages = Page.objects.filter(translation_key=consultation.key, locale__language_code=consultation.language)
    page: Page | None = pages.filter(alias_of__isnull=True).first()
    return page


def _editor(request: HttpRequest, page: Page | None) -> str:
    may_edit = page is not None and page.permissions_for_user(request.user).can_edit()
    return reverse("wagtailadmin_pages:edit", args=[page.pk]) if page and may_edit else ""


def _is_beside(consultation: Consultation, chosen: Filtering) -> bool:
    """Whether the figures of a filter are counted beside the page."""
    return chosen.is_active and not chosen.errors and tabulations.is_large(consultation)


def _reading(consultation: Consultation, chosen: Filtering, kept: Tabulation | None) -> Reading | None:
    """The figures; None where they have to be counted first."""
    if not _is_beside(consultation, chosen):
        return summary.read(consultation, where=chosen.where_counted)
    if kept is None or kept.state != Tabulation.State.DONE or kept.segments != consultation.segments:
        return None
    return summary.kept(consultation, tabulations.cells(kept), chosen.where_counted)


def _awaited(
    request: HttpRequest, consultation: Consultation, chosen: Filtering, kept: Tabulation | None
) -> HttpResponse:
    """How far the figures are, or how to have them counted."""
    context = frame(
        request,
        consultation.title,
        ("", consultation.title),
        consultation=consultation,
        filtering=chosen,
        is_awaited=True,
        **progress(request, kept, chosen.query),
    )
    return refreshing(render(request, "consultation/officers/awaited.html", context), request, kept)


@require_safe
@never_cache
@replica.preferred
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """One consultation's figures, compared by a segment where one is chosen."""
    require(may_see_summaries(request))
    found = get_object_or_404(Consultation.objects.select_related("equality_figures"), pk=pk)
    chosen, by = filtering(request, found), request.GET.get("by", "")
    kept = tabulations.find(found, chosen.query) if _is_beside(found, chosen) else None
    reading = _reading(found, chosen, kept)
    if reading is None:
        return _awaited(request, found, chosen, kept)
    results = _results(request, reading, by)
    shares = results.summary.segments
    drafts = () if chosen.is_active else begun.sections(found)
    context = frame(
        request,
        found.title,
        ("", found.title),
        results=results,
        filtering=chosen,
        **progress(request, kept, chosen.query),
        may_read=may_read(request),
        may_bring_in=may_bring_in(request),
        may_code=may_code(request),
        may_quote=may_quote(request),
        has_quotes=may_quote(request) and found.quotes.exists(),
        may_download=bool(levels(request)),
        state=found.state(),
        uncounted=decisions.uncounted(found),
        timeline=dashboard.timeline(reading),
        days_left=dashboard.days_left(found),
        read=None if chosen.is_active else dashboard.read(found, results.summary.received),
        begun=drafts,
        begun_total=sum(reached.n for reached in drafts),
        life=found.life.select_related("by"),
        subscribers=subscribers.standing(found),
        by=by,
        choices=comparison.choices(reading),
        segments=[(_("By language"), shares["language"]), (_("By channel"), shares["channel"])],
        paper=paper.languages(found),
        petitions=correspondence.petitions(found, chosen.where_counted),
        # They are never filtered, so they do not stand under a filter.
        equality=equality_figures.shown(getattr(found, "equality_figures", None))
        if may_see_equality(request) and not chosen.is_active
        else None,
        equality_awaited=found.ask_equality and may_see_equality(request) and not chosen.is_active,
    )
    return render(request, "consultation/officers/consultation.html", context)


def _by_consultation(asked: Iterable[trends.Asked]) -> list[tuple[Consultation, int, list[trends.Asked]]]:
    """Each consultation with its year and its questions."""
    grouped = ((found, list(rows)) for found, rows in groupby(asked, lambda one: one.consultation))
    return [(found, rows[0].year, rows) for found, rows in grouped]


@require_safe
@never_cache
@replica.preferred
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    """What every consultation says about one theme, one below the other."""
    require(may_see_summaries(request))
    found = get_object_or_404(Theme, pk=pk)
    readings: Iterable[Reading] = summary.readings(found)
    all_results = [_results(request, reading, "", found) for reading in readings]
    asked = trends.asked(results.summary for results in all_results)
    context = frame(
        request,
        found.name,
        (reverse("consultations:themes"), _("Themes")),
        ("", found.name),
        theme=found,
        all_results=all_results,
        may_read=may_read(request),
        side_by_side=_by_consultation(asked),
        trends=trends.trends(asked),
        ideas=ideas.standing(found),
        may_moderate=may_moderate(request),
    )
    return render(request, "consultation/officers/theme.html", context)
