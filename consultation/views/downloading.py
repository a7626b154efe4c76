"""Officers take files away. Each view asks for the right to the level of its file, and every file is logged."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation import exports, instrument, open_data, summary
from consultation.access import levels, may_download, may_download_ideas, may_read, may_see_summaries, require
from consultation.columns import Form
from consultation.downloads import Contents, Parts, Rows, logged
from consultation.models import Consultation, Download, Export, Format, Level, Response
from consultation.views import offers
from consultation.views.filtering import Filtering, filtering
from consultation.views.officers import REFRESH, frame

CHUNK = 64_000


@require_safe
@never_cache
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be downloaded of a consultation, for those who see no summaries, too."""
    require(bool(levels(request)))
    found = get_object_or_404(Consultation, pk=pk)
    crumbs = [(_address(request, found), found.title), ("", _("Downloads"))]
    context = frame(
        request,
        _("Downloads"),
        *crumbs,
        consultation=found,
        downloads=offers.of(request, found),
        filtering=filtering(request, found),
    )
    return render(request, "consultation/officers/downloads.html", context)


@require_safe
@never_cache
def responses(request: HttpRequest, pk: int, format: Format) -> HttpResponseBase:
    """What people answered: a row for each response, or for each answer. A large spreadsheet is made beforehand."""
    contents = _responses(request, pk, format)
    if isinstance(contents, HttpResponseBadRequest):
        return contents
    if exports.is_large(contents):
        return redirect(f"{reverse('consultations:prepare', args=[pk, format])}?{request.GET.urlencode()}")
    return send(request, contents)


def _responses(request: HttpRequest, pk: int, format: Format) -> Contents | HttpResponseBadRequest:
    """What the address asks for. A level that it does not name is the careful one; a filter has to be understood."""
    level = Level.FULL if request.GET.get("level") == Level.FULL else Level.ANALYSIS
    require(may_download(request, level))
    found = get_object_or_404(Consultation, pk=pk)
    holds = Download.Holds.ANSWERS if request.GET.get("rows") == "answers" else Download.Holds.RESPONSES
    form = Form.KEYS if request.GET.get("form") == Form.KEYS else Form.LABELS
    chosen = filtering(request, found)
    if errors := (*chosen.errors, *_telling(request, found, chosen)):
        return HttpResponseBadRequest("\n".join(errors), content_type="text/plain; charset=utf-8")
    contents = Contents(found, holds, level, format, _language(request, found), form, bom="bom" in request.GET)
    if not chosen.is_active:
        return contents
    return replace(contents, among=Response.objects.filter(chosen.where), filtered=chosen.said, query=chosen.query)


def _telling(request: HttpRequest, consultation: Consultation, chosen: Filtering) -> Iterator[str]:
    """Why a filter would tell what the file leaves out: who answered so to a question with personal data."""
    if may_read(request) or may_download(request, Level.FULL):
        return
    choices = {choice.question for choice in (*chosen.filter.answers, chosen.filter.area, chosen.filter.code) if choice}
    if choices and choices & instrument.personal(consultation):
        yield _("To filter by a question with personal data you need the right to read responses.")


def _language(request: HttpRequest, consultation: Consultation) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in {code for code, _name in summary.languages(consultation)} else consultation.language


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def prepare(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """Say that a file takes a while, and have it made."""
    if format not in (Format.XLSX, Format.ODS):
        raise Http404
    contents = _responses(request, pk, Format(format))
    if isinstance(contents, HttpResponseBadRequest):
        return contents
    if request.method == "POST":
        return redirect("consultations:export", exports.ask(request.user, contents).pk)
    found = get_object_or_404(Consultation, pk=pk)
    crumbs = [(_address(request, found), found.title), ("", _("A large file"))]
    csv = f"{reverse('consultations:download', args=[pk])}?{request.GET.urlencode()}"
    context = frame(request, _("A large file"), *crumbs, contents=contents, csv=csv)
    return render(request, "consultation/officers/prepare.html", context)


@require_safe
@never_cache
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is. The page looks again by itself until it is told to stay as it is."""
    found = _own(request, pk)
    crumbs = [(_address(request, found.consultation), found.consultation.title), ("", _("A large file"))]
    is_moving = found.state in (Export.State.WAITING, Export.State.RUNNING)
    stays = "stay" in request.GET
    context = frame(request, _("A large file"), *crumbs, export=found, is_moving=is_moving, stays=stays)
    page = render(request, "consultation/officers/export.html", context)
    if is_moving and not stays:
        page["Refresh"] = str(REFRESH)
    return page


@require_safe
@never_cache
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, once it is made. The right is asked for again: it may have been taken away meanwhile."""
    found = _own(request, pk)
    if found.state != Export.State.DONE or not exports.storage().exists(found.file):
        raise Http404
    rows = Rows()
    rows.are(found.rows)
    return send(request, exports.contents(found), _stored(found), rows)


def _own(request: HttpRequest, pk: int) -> Export:
    """A file that the officer asked for; those of others are not there."""
    require(bool(levels(request)))
    found = get_object_or_404(Export.objects.select_related("consultation"), pk=pk, by=request.user)
    require(may_download(request, Level(found.level)))
    return found


def _stored(export: Export) -> Parts:
    with exports.storage().open(export.file) as file:
        yield from file.chunks(CHUNK)


@require_safe
@never_cache
def figures(request: HttpRequest, pk: int, format: Format) -> HttpResponseBase:
    """What the public sees, for anybody."""
    require(may_download(request, Level.OPEN))
    found = get_object_or_404(Consultation, pk=pk)
    language = _language(request, found)
    try:
        open_data.published(found, language)
    except open_data.NotPublished:
        raise Http404 from None
    return send(request, Contents(found, Download.Holds.FIGURES, Level.OPEN, format, language))


@require_safe
@never_cache
def package(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The questionnaire with all responses, to be kept or imported elsewhere."""
    require(may_download(request, Level.FULL))
    found = get_object_or_404(Consultation, pk=pk, version__isnull=False)
    return send(request, Contents(found, Download.Holds.PACKAGE, Level.FULL, Format.ZIP))


@require_safe
@never_cache
def ideas(request: HttpRequest) -> HttpResponseBase:
    """Every idea, with what was written for those who may have personal data."""
    require(may_download_ideas(request))
    level = Level.FULL if may_download(request, Level.FULL) else Level.ANALYSIS
    spoken = get_language() or ""
    return send(request, Contents(None, Download.Holds.IDEAS, level, Format.CSV, spoken, bom="bom" in request.GET))


def send(
    request: HttpRequest, contents: Contents, parts: Parts | None = None, rows: Rows | None = None
) -> HttpResponseBase:
    """Stream a file, logged; parts: where it is made already."""
    rows = rows or Rows()
    parts = parts or contents.parts(rows)
    file = StreamingHttpResponse(logged(request.user, contents, parts, rows), content_type=contents.media_type)
    name = f"{contents.name}-{dt.date.today():%Y-%m-%d}.{contents.format}"
    file["Content-Disposition"] = f'attachment; filename="{name}"'
    return file


def _address(request: HttpRequest, consultation: Consultation) -> str:
    """The officers' page of a consultation, where they may see it."""
    page = "consultation" if may_see_summaries(request) else "offers"
    return reverse(f"consultations:{page}", args=[consultation.pk])
