"""The officers' area: exact summaries, and themes across consultations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from consultation import (
    comparison,
    decisions,
    equality_figures,
    ideas,
    provenance,
    subscribers,
    summary,
)
from consultation.access import (
    may_decide,
    may_download_ideas,
    may_moderate,
    may_read,
    may_see_equality,
    may_see_summaries,
    require,
)
from consultation.comparison import Compared
from consultation.models import Consultation, Theme
from consultation.provenance import Counting, Origin
from consultation.summary import ConsultationSummary, QuestionSummary, Reading
from consultation.views import offers
from consultation.views.filtering import filtering


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
        **more,
    }


@dataclass(frozen=True)
class Figure:
    """A question's figures as a page shows them."""

    question: QuestionSummary
    origin: Origin
    compared: Compared | None
    source: str  # the question's address in the editor; empty for officers who can't open it


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


def _results(request: HttpRequest, reading: Reading, by: str) -> Results:
    summed = summary.summarise(reading)
    origins = provenance.of_questions(reading)
    known = by in dict(comparison.choices(reading))
    compared = comparison.compare(reading, by) if known else comparison.NOTHING
    page = _leading_page(reading.consultation)
    editor = _editor(request, page)
    return Results(
        summed,
        tuple(
            Figure(
                question,
                origins[question.number],
                compared.questions.get(question.number),
                f"{editor}#block-{origins[question.number].place}-section" if editor else "",
            )
            for question in summed.questions
        ),
        provenance.counting(reading, summed.received),
        compared.columns,
        compared.left_out,
        page,
        editor,
    )


def _leading_page(consultation: Consultation) -> Page | None:
    pages = Page.objects.filter(translation_key=consultation.key, locale__language_code=consultation.language)
    page: Page | None = pages.filter(alias_of__isnull=True).first()
    return page


def _editor(request: HttpRequest, page: Page | None) -> str:
    may_edit = page is not None and page.permissions_for_user(request.user).can_edit()
    return reverse("wagtailadmin_pages:edit", args=[page.pk]) if page and may_edit else ""


@require_safe
@never_cache
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """One consultation's figures, compared by a segment where one is chosen."""
    require(may_see_summaries(request))
    found = get_object_or_404(Consultation.objects.select_related("equality_figures"), pk=pk)
    chosen = filtering(request, found)
    reading, by = summary.read(found, where=chosen.where_counted), request.GET.get("by", "")
    results = _results(request, reading, by)
    shares = results.summary.segments
    context = frame(
        request,
        found.title,
        ("", found.title),
        results=results,
        filtering=chosen,
        may_read=may_read(request),
        state=found.state(),
        uncounted=decisions.uncounted(found),
        life=found.life.select_related("by"),
        subscribers=subscribers.standing(found),
        by=by,
        choices=comparison.choices(reading),
        segments=[(_("By language"), shares["language"]), (_("By channel"), shares["channel"])],
        downloads=offers.of(request, found),
        # They are never filtered, so they do not stand under a filter.
        equality=equality_figures.shown(getattr(found, "equality_figures", None))
        if may_see_equality(request) and not chosen.is_active
        else None,
        equality_awaited=found.ask_equality and may_see_equality(request) and not chosen.is_active,
    )
    return render(request, "consultation/officers/consultation.html", context)


@require_safe
@never_cache
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    """What every consultation says about one theme, one below the other."""
    require(may_see_summaries(request))
    found = get_object_or_404(Theme, pk=pk)
    readings: Iterable[Reading] = summary.readings(found)
    context = frame(
        request,
        found.name,
        (reverse("consultations:themes"), _("Themes")),
        ("", found.name),
        theme=found,
        all_results=[_results(request, reading, "") for reading in readings],
        ideas=ideas.standing(found),
        may_moderate=may_moderate(request),
    )
    return render(request, "consultation/officers/theme.html", context)
