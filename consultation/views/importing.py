"""Officers import a spreadsheet of responses: choose it, say what its columns and values mean, check, import."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from consultation import retention
from consultation.access import may_bring_in, may_see_summaries, require
from consultation.models import Consultation, Format, Upload
from consultation.spreadsheets import passing, uploads
from consultation.spreadsheets.meaning import decode
from consultation.spreadsheets.reading import ENCODINGS, MOST_COLUMNS, MOST_ROWS, Row
from consultation.spreadsheets.sniffing import LARGEST, Unreadable
from consultation.views.meanings import Columns, Values
from consultation.views.officers import frame

REFRESH = 5  # seconds after which a page looks again how far a file is
SHOWN = 50  # errors on the page; all are in the file
PREVIEW, HEADERS = 4, 20  # rows below the headers; rows among which these are
SEPARATORS = [
    (",", gettext_lazy("Comma")),
    (";", gettext_lazy("Semicolon")),
    ("\t", gettext_lazy("Tab")),
    ("|", gettext_lazy("Vertical bar")),
]


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.ods"}))


class TableForm(forms.Form):
    """How the file is read. What a format does not need is left out."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    header = forms.IntegerField(
        label=gettext_lazy("Row of the headers"),
        min_value=1,
        max_value=1_000,
        help_text=gettext_lazy("The row that says what the columns are. Rows above it are left out."),
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), choices=ENCODINGS.items())
    separator = forms.ChoiceField(label=gettext_lazy("Separator"), choices=SEPARATORS)

    def __init__(self, upload: Upload, data: Any = None) -> None:
        names = ("sheet", "header", "encoding", "separator")
        super().__init__(data, initial={name: getattr(upload, name) for name in names})
        sheets = uploads.sheets(upload)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        for name in ["sheet"] if upload.format == Format.CSV else ["encoding", "separator"]:
            del self.fields[name]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; or go on with one that was begun."""
    require(may_bring_in(request))
    found = get_object_or_404(Consultation, pk=pk, version__isnull=False)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = uploads.begin(request.user, found, file.name, file.file, file.size)
            return _read_at_first(upload)
        except Unreadable as fault:
            form.add_error("file", str(fault))
    mine = found.uploads.filter(by=request.user.pk).exclude(state=Upload.State.DONE)
    context = frame(
        request,
        _("Import a spreadsheet"),
        (_results(request, found), found.title),
        (_batches(found), _("Batches")),
        ("", _("Import a spreadsheet")),
        consultation=found,
        form=form,
        mine=mine,
        limits={"size": LARGEST // 10**6, "rows": f"{MOST_ROWS:,}", "columns": MOST_COLUMNS, "days": uploads.KEPT.days},
    )
    return render(request, "consultation/officers/import.html", context)


def _read_at_first(upload: Upload) -> HttpResponse:
    """Read the file as it seems to be written. What can't be read is said where it can be set right."""
    try:
        uploads.read_table(upload, sheet=upload.sheet, encoding=upload.encoding, separator=upload.separator, header=1)
        uploads.guess_header(upload)
    except Unreadable:
        pass
    return redirect("consultations:import_table", upload.pk)


def _results(request: HttpRequest, consultation: Consultation) -> str:
    """The officers' page of a consultation, for those who may see it."""
    return reverse("consultations:consultation", args=[consultation.pk]) if may_see_summaries(request) else ""


def _batches(consultation: Consultation) -> str:
    """Where what was brought in is listed, and what is imported will be."""
    return reverse("consultations:batches", args=[consultation.pk])


def _own(request: HttpRequest, pk: int) -> Upload:
    """A file that the officer brought; those of others are not there."""
    require(may_bring_in(request))
    rows = Upload.objects.select_related("consultation__version", "batch")
    return get_object_or_404(rows, pk=pk, by=request.user)


def _step(request: HttpRequest, upload: Upload, title: str, **more: Any) -> dict[str, Any]:
    consultation = upload.consultation
    first = reverse("consultations:import", args=[consultation.pk])
    way = [(_results(request, consultation), consultation.title), (_batches(consultation), _("Batches"))]
    crumbs = [*way, (first, _("Import a spreadsheet")), ("", title)]
    return frame(request, title, *crumbs, upload=upload, consultation=consultation, **more)


def _is_set(upload: Upload) -> bool:
    """Whether the file is on its way, so that nothing is changed any more."""
    return upload.is_moving or upload.state == Upload.State.DONE


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how the file is read, and see the beginning of it."""
    upload = _own(request, pk)
    if _is_set(upload):
        return redirect("consultations:import_check", pk)
    form = TableForm(upload, request.POST or None)
    rows: list[Row] = []
    if request.method == "POST" and form.is_valid():
        read = {"sheet": "", "encoding": "", "separator": ""} | form.cleaned_data
        try:
            uploads.read_table(upload, **read)
            return redirect(
                "consultations:import_table" if "look" in request.POST else "consultations:import_columns", pk
            )
        except Unreadable as fault:
            form.add_error(None, str(fault))
    elif request.method != "POST" and not upload.total:
        form = TableForm(upload, {**form.initial})
        form.full_clean()
        try:
            uploads.read_table(upload, **({"sheet": "", "encoding": "", "separator": ""} | form.cleaned_data))
        except Unreadable as fault:
            form.add_error(None, str(fault))
    if not form.errors:
        rows = uploads.first_rows(upload, upload.header + PREVIEW)[upload.header - 1 :]
    context = _step(
        request,
        upload,
        _("Import: the table"),
        form=form,
        headers=rows[0].cells if rows else [],
        rows=rows[1:],
        before=uploads.imported_before(upload),
    )
    return render(request, "consultation/officers/import_table.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column means; what its header says is chosen to begin with."""
    upload = _own(request, pk)
    if _is_set(upload):
        return redirect("consultations:import_check", pk)
    if not upload.headers:
        return redirect("consultations:import_table", pk)
    form = Columns(upload, request.POST if request.method == "POST" else None, anew="guess" in request.GET)
    if request.method == "POST" and not form.errors:
        uploads.say_what_it_means(upload, form.meaning)
        if form.has_unknown_values:
            return redirect("consultations:import_values", pk)
        uploads.ask(upload, Upload.Task.CHECK)
        return redirect("consultations:import_check", pk)
    context = _step(request, upload, _("Import: the columns"), form=form)
    return render(request, "consultation/officers/import_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def values(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the values mean that nothing explains."""
    upload = _own(request, pk)
    if _is_set(upload):
        return redirect("consultations:import_check", pk)
    if not upload.mapping:
        return redirect("consultations:import_columns", pk)
    form = Values(upload)
    if request.method == "POST":
        uploads.say_what_it_means(upload, form.said(request.POST))
        uploads.ask(upload, Upload.Task.CHECK)
        return redirect("consultations:import_check", pk)
    context = _step(request, upload, _("Import: the values"), form=form)
    return render(request, "consultation/officers/import_values.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found, and the way to import it; how far it is, and what came of it."""
    upload = _own(request, pk)
    if upload.state == Upload.State.OPEN:
        return redirect("consultations:import_columns", pk)
    if request.method == "POST":
        _import(request, upload)
        return redirect("consultations:import_check", pk)
    before = uploads.imported_before(upload) if upload.state == Upload.State.CHECKED else None
    stays = "stay" in request.GET
    context = _step(
        request,
        upload,
        _("Import: the result") if upload.state == Upload.State.DONE else _("Import: the check"),
        before=before,
        due=retention.due(upload.consultation) if upload.state == Upload.State.CHECKED else None,
        stays=stays,
        problems=list(_problems(upload)),
        more=max(0, upload.wrong + upload.kept - SHOWN),
        days=uploads.KEPT.days,
        options=decode(upload.mapping),
        batch=_batch(upload),
        results=_results(request, upload.consultation),
    )
    page = render(request, "consultation/officers/import_check.html", context)
    if upload.is_moving and not stays:
        page["Refresh"] = str(REFRESH)
    return page


def _batch(upload: Upload) -> str:
    """Where what was imported is listed."""
    return reverse("consultations:batch", args=[upload.consultation_id, upload.batch_id]) if upload.batch_id else ""


def _import(request: HttpRequest, upload: Upload) -> None:
    """Import what was checked, or check it once more after it failed."""
    if upload.state == Upload.State.FAILED:
        uploads.ask(upload, Upload.Task.CHECK)
        return
    only_good = "only_good" in request.POST
    try:
        uploads.ask(upload, Upload.Task.IMPORT, only_good=only_good, again="again" in request.POST)
    except uploads.Twice:
        messages.error(request, _("Nothing was imported. Say that the same file is to be imported once more."))


def _problems(upload: Upload) -> Iterator[Any]:
    if upload.problems and not upload.is_moving and uploads.storage().exists(upload.problems):
        with uploads.storage().open(upload.problems) as file:
            yield from passing.listed(file, SHOWN)


@require_safe
@never_cache
def errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that is wrong with the rows, as a CSV."""
    upload = _own(request, pk)
    if not upload.problems or not uploads.storage().exists(upload.problems):
        raise Http404
    file = uploads.storage().open(upload.problems)
    return FileResponse(file, as_attachment=True, filename=f"import-{upload.pk}-errors.csv", content_type="text/csv")


@require_POST
@never_cache
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a file that is not to be imported."""
    upload = _own(request, pk)
    uploads.discard(upload)
    messages.success(request, _("The file was deleted. Nothing of it was imported."))
    return redirect("consultations:import", upload.consultation_id)
