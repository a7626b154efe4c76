"""What officers bring in: the batches of a consultation, a new one, one with its sheets, and undoing."""

from typing import Any

from django import forms
from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, Table, TitleColumn

from consultation import batches as bringing_in
from consultation import changes, summary
from consultation.access import may_bring_in, may_read, may_see_summaries, require
from consultation.models import Batch, Channel, Consultation, Entry, Version
from consultation.views.lists import InstantColumn, ResponsesColumn
from consultation.views.officers import frame

PAGE = 50  # batches or sheets a page
KEYED = (Channel.PAPER, Channel.PHONE, Channel.EVENT)


class StateColumn(Column):
    """Whether a batch is undone, and how much of it is checked."""

    cell_template_name = "consultation/officers/cells/batch.html"


class LabelledColumn(Column):
    """A value that says on a small screen what it is."""

    cell_template_name = "consultation/officers/cells/labelled.html"


class SheetColumn(Column):
    """What became of a sheet, and what can be done about it."""

    cell_template_name = "consultation/officers/cells/sheet.html"


def results(request: HttpRequest, consultation: Consultation) -> str:
    """The way back to the figures, for those who may see them."""
    return reverse("consultations:consultation", args=[consultation.pk]) if may_see_summaries(request) else ""


def trodden(request: HttpRequest, batch: Batch) -> list[tuple[str, str]]:
    """The way to a batch."""
    consultation = batch.consultation
    return [
        (results(request, consultation), consultation.title),
        (reverse("consultations:batches", args=[consultation.pk]), _("Batches")),
        (address(batch), batch.name),
    ]


def address(batch: Batch, name: str = "batch", *more: int) -> str:
    """A page of a batch."""
    return reverse(f"consultations:{name}", args=[batch.consultation_id, batch.pk, *more])


def found_batch(request: HttpRequest, pk: int, batch: int) -> Batch:
    """A batch of the consultation, for those who may bring in."""
    require(may_bring_in(request))
    rows = Batch.objects.select_related("consultation", "version")
    return get_object_or_404(rows, pk=batch, consultation=pk)


@require_safe
@never_cache
def batches(request: HttpRequest, pk: int) -> HttpResponse:
    """The batches of a consultation, the newest first."""
    require(may_bring_in(request))
    found = get_object_or_404(Consultation, pk=pk)
    standing = Q(entries__response__state__in=changes.CHANGEABLE)
    rows = found.batches.annotate(
        n=Count("entries", filter=standing),
        checked=Count("entries", filter=standing & Q(entries__checked_at__isnull=False)),
    )
    paginator = WagtailPaginator(rows.order_by("-begun_at", "-pk"), PAGE)
    page = paginator.get_page(request.GET.get("p"))
    columns = [
        TitleColumn("name", label=_("Batch"), get_url=address),
        Column("source", label=_("How"), accessor="get_source_display"),
        Column("channel", label=_("Channel"), accessor="get_channel_display"),
        ResponsesColumn("n", label=_("Responses")),
        StateColumn("state", label=_("State"), accessor=lambda row: row),
        Column("operator", label=_("By")),
        InstantColumn("begun_at", label=_("Begun")),
    ]
    context = frame(
        request,
        _("Batches: %(title)s") % {"title": found.title},
        (results(request, found), found.title),
        ("", _("Batches")),
        consultation=found,
        page=page,
        elided_page_range=paginator.get_elided_page_range(page.number),
        table=Table(columns, page.object_list, classname="listing officers-list"),
    )
    return render(request, "consultation/officers/batches.html", context)


class BatchForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's is not generic at run time
    """What is known of a pile of sheets before the first of them is keyed in."""

    class Meta:
        model = Batch
        fields = ["name", "channel", "language", "version", "received_on", "checked_twice"]
        widgets = {
            "received_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "channel": forms.RadioSelect,
        }

    def __init__(self, consultation: Consultation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["channel"].choices = [(channel.value, channel.label) for channel in KEYED]
        languages = summary.languages(consultation)
        choices["language"] = forms.ChoiceField(
            label=_("Language of the forms"), choices=languages, initial=consultation.language
        )
        choices["version"].queryset = consultation.versions.order_by("-number")
        choices["version"].empty_label = None
        choices["version"].required = True
        choices["version"].label = _("Questionnaire")
        choices["version"].label_from_instance = _version
        choices["version"].help_text = _(
            "What is printed on the forms. Answers to questions that are no longer asked count as they were asked."
        )
        choices["version"].initial = consultation.published.pk

    def clean_received_on(self) -> Any:
        """Paper came on a day, and nothing has arrived tomorrow."""
        day = self.cleaned_data["received_on"]
        if day is None and self.cleaned_data.get("channel") != Channel.PHONE:
            raise forms.ValidationError(gettext_lazy("Enter the day on which these arrived."))
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext_lazy("That day has not come yet."))
        return day


def _version(version: Version) -> str:
    said = {"number": version.number, "day": date_format(timezone.localtime(version.created_at), "DATE_FORMAT")}
    return _("Version %(number)s, from %(day)s") % said


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a batch, and go on to its first sheet."""
    require(may_bring_in(request))
    found = get_object_or_404(Consultation.objects.exclude(version=None), pk=pk)
    form = BatchForm(found, request.POST or None, initial={"channel": Channel.PAPER})
    if request.method == "POST" and form.is_valid():
        batch = form.save(commit=False)
        batch.consultation, batch.source = found, Batch.Source.KEYED
        batch.by, batch.operator = request.user, request.user.get_username()
        batch.save()
        return redirect(address(batch, "key_in"))
    back = reverse("consultations:batches", args=[pk])
    title = _("Open a batch")
    context = frame(
        request,
        title,
        (results(request, found), found.title),
        (back, _("Batches")),
        ("", title),
        consultation=found,
        form=form,
        back=back,
    )
    return render(request, "consultation/officers/open_batch.html", context)


@require_safe
@never_cache
def batch(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """One batch with its sheets, the last one first."""
    found = found_batch(request, pk, batch)
    entries = found.entries.select_related("response", "response__second_keying").defer("response__answers")
    paginator = WagtailPaginator(entries.order_by("-number"), PAGE)
    page = paginator.get_page(request.GET.get("p"))
    *way, _itself = trodden(request, found)
    standing = bringing_in.standing(found)
    context = frame(
        request,
        found.name,
        *way,
        ("", found.name),
        batch=found,
        language=summary.SEGMENTS["language"](found.language),
        n=standing.count(),
        checked=standing.filter(checked_at__isnull=False).count(),
        to_check=bringing_in.unchecked(found, request.user).count() if found.checked_twice else 0,
        to_decide=bringing_in.undecided(found) if found.checked_twice else [],
        is_keyed=found.source == Batch.Source.KEYED,
        page=page,
        elided_page_range=paginator.get_elided_page_range(page.number),
        table=_table(request, found, page),
    )
    return render(request, "consultation/officers/batch.html", context)


def _table(request: HttpRequest, batch: Batch, page: "Page[Entry]") -> Table:
    reads, user = may_read(request), request.user.get_username()

    def read(entry: Entry) -> str | None:
        if not reads or entry.response.state not in changes.CHANGEABLE:
            return None
        return reverse("consultations:response", args=[batch.consultation_id, entry.response_id])

    rows: Any = list(page.object_list)
    for entry in rows:
        corrects = entry.response.state in changes.CHANGEABLE and (reads or entry.operator == user)
        entry.correct = address(batch, "correct_sheet", entry.number) if corrects else ""
        entry.stands = entry.response.state in changes.CHANGEABLE
        entry.differs = hasattr(entry.response, "second_keying")
    columns = [
        LabelledColumn("number", label=_("Sheet") if batch.source == Batch.Source.KEYED else _("Row")),
        TitleColumn("response", label=_("Response"), accessor=lambda entry: str(entry.response), get_url=read),
        InstantColumn("received", label=_("Received"), accessor="response.received_at"),
        LabelledColumn("operator", label=_("Keyed in by") if batch.source == Batch.Source.KEYED else _("Imported by")),
        InstantColumn("at", label=_("When")),
        SheetColumn("state", label=_("State"), accessor=lambda entry: entry),
    ]
    return Table(columns, rows, classname="listing officers-list responses-list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def undo(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """Ask once more, saying how many, then take the whole batch out of the ledger; or go on with that."""
    found = found_batch(request, pk, batch)
    if found.undone_at is not None:
        return redirect(address(found))
    if request.method == "POST":
        n = bringing_in.left(found)
        done = bringing_in.undo(found, request.user)
        _say(request, n, n if done else n - bringing_in.left(found))
        return redirect(address(found))
    title = _("Undo the batch “%(name)s”") % {"name": found.name}
    context = frame(
        request,
        title,
        *trodden(request, found),
        ("", _("Undo")),
        batch=found,
        n=bringing_in.left(found),
        back=address(found),
    )
    return render(request, "consultation/officers/undo_batch.html", context)


def _say(request: HttpRequest, n: int, erased: int) -> None:
    if erased == n:
        said = ngettext(
            "The batch was undone: %(n)d response was erased.", "The batch was undone: %(n)d responses were erased.", n
        )
        messages.success(request, said % {"n": n})
    else:
        said = _("The batch is being undone: %(erased)d of %(n)d responses are erased. The rest follows by itself.")
        messages.warning(request, said % {"erased": erased, "n": n})


def standing_entry(batch: Batch, sheet: int) -> Entry:
    """A sheet of the batch that still says something."""
    rows: QuerySet[Entry] = bringing_in.standing(batch).select_related("response__version", "response__consultation")
    return get_object_or_404(rows, number=sheet)
