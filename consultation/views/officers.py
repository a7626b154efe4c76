"""The officers' area: consultations, exact summaries, themes across consultations, downloads."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from consultation import csv_files, summary
from consultation.access import may_download, may_see_summaries, require
from consultation.columns import Form
from consultation.models import Consultation, Theme


def _crumbs(*last: tuple[str, str]) -> list[dict[str, str]]:
    first = [(reverse("wagtailadmin_home"), _("Home")), (reverse("consultations:index"), _("Consultations"))]
    return [{"url": url, "label": label} for url, label in [*first, *last]]


def _context(request: HttpRequest, title: str, *crumbs: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "header_title": title,
        "header_icon": "clipboard-list",
        "breadcrumbs_items": _crumbs(*crumbs),
        "may_download": may_download(request),
        "may_see_summaries": may_see_summaries(request),
        **more,
    }


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every consultation with its state, dates and number of responses."""
    require(may_see_summaries(request) or may_download(request))
    themes = Theme.objects.filter(questions__isnull=False).distinct()
    context = _context(request, _("Consultations"), rows=summary.overview(), themes=themes)
    return render(request, "consultation/officers/index.html", context)


@require_GET
@never_cache
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """One consultation's figures."""
    require(may_see_summaries(request))
    found = get_object_or_404(Consultation, pk=pk)
    figures = summary.of_consultation(found)
    segments = [(_("By language"), figures.segments["language"]), (_("By channel"), figures.segments["channel"])]
    context = _context(
        request, found.title, ("", found.title), figures=figures, segments=segments, languages=summary.languages(found)
    )
    return render(request, "consultation/officers/consultation.html", context)


@require_GET
@never_cache
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    """What every consultation says about one theme, side by side."""
    require(may_see_summaries(request))
    found = get_object_or_404(Theme, pk=pk)
    context = _context(request, found.name, ("", found.name), theme=found, summaries=summary.of_theme(found))
    return render(request, "consultation/officers/theme.html", context)


@require_GET
@never_cache
def download(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The responses as CSV, streamed."""
    require(may_download(request))
    found = get_object_or_404(Consultation, pk=pk)
    form = Form.KEYS if request.GET.get("form") == Form.KEYS else Form.LABELS
    worded = {code for code, _name in summary.languages(found)}
    language = request.GET.get("language", "") if request.GET.get("language") in worded else found.language
    with translation.override(language):
        table = csv_files.rows(found, language, form)
    lines = csv_files.write(table, bom="bom" in request.GET)
    file = StreamingHttpResponse(csv_files.chunks(lines), content_type="text/csv; charset=utf-8")
    name = f"consultation-{found.pk}-responses-{dt.date.today():%Y-%m-%d}.csv"
    file["Content-Disposition"] = f'attachment; filename="{name}"'
    return file
