"""Officers read single responses: the list, one response, the copy for the person, the redacted copy, erasing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, Table, TitleColumn

from consultation import changes, correspondence, one_response, overview, personal, quotes, redacting, trail
from consultation.access import (
    levels,
    may_bring_in,
    may_code,
    may_erase,
    may_quote,
    may_read,
    may_redact,
    may_see_summaries,
    require,
)
from consultation.models import AnswerWords, Consultation, Level, ReadMark, Redaction, Response
from consultation.text import clean
from consultation.trail import Act
from consultation.views.filtering import Filtering, filtering
from consultation.views.lists import InstantColumn
from consultation.views.officers import frame

PAGE = 50  # responses a page
EXCERPT = 160  # characters of the longest text that a list shows


class ExcerptColumn(Column):
    """The first words of what somebody wrote, in their language."""

    cell_template_name = "consultation/officers/cells/excerpt.html"


class ChannelColumn(Column):
    """How it came; of a petition, how many signed it."""

    cell_template_name = "consultation/officers/cells/channel.html"


class ReadColumn(Column):
    """Whether somebody has read it."""

    cell_template_name = "consultation/officers/cells/read.html"


@require_safe
@never_cache
def responses(request: HttpRequest, pk: int) -> HttpResponse:
    """The responses of a consultation that fit the filter, the newest first."""
    require(may_read(request))
    found: Any = get_object_or_404(overview.consultations(), pk=pk)
    chosen = filtering(request, found)
    fitting = found.responses.filter(chosen.where)
    n, read = _counts(found, chosen, fitting)
    paginator = WagtailPaginator(fitting.order_by("-pk").values_list("pk", flat=True), PAGE)
    paginator.count = n
    page = paginator.get_page(request.GET.get("p"))
    context = frame(
        request,
        _("Responses: %(title)s") % {"title": found.title},
        (_results(request, found), found.title),
        ("", _("Responses")),
        consultation=found,
        filtering=chosen,
        level=next((level for level in levels(request) if level != Level.OPEN), None),
        may_bring_in=may_bring_in(request),
        may_code=may_code(request),
        page=page,
        elided_page_range=paginator.get_elided_page_range(page.number),
        table=_table(chosen, _listed(list(page))),
        read=read,
    )
    return render(request, "consultation/officers/responses.html", context)


def _results(request: HttpRequest, consultation: Consultation) -> str:
    """The way back to the figures, for those who may see them."""
    return reverse("consultations:consultation", args=[consultation.pk]) if may_see_summaries(request) else ""


def _counts(consultation: Any, chosen: Filtering, fitting: QuerySet[Response]) -> tuple[int, int]:
    """How many responses fit, and how many of these were read. All are as many as the tally has: no need to count."""
    if not chosen.is_active:
        return consultation.received, fitting.filter(read_mark__isnull=False).count()
    counted = fitting.order_by().aggregate(n=Count("*"), read=Count("read_mark"))
    return counted["n"], counted["read"]


def _listed(keys: Sequence[int]) -> QuerySet[Response]:
    """The responses of a page, with what it shows of each. What stands before the page is not looked at so closely."""
    longest = AnswerWords.objects.filter(response=OuterRef("pk")).order_by(Length("text").desc(), "question", "option")
    rows = Response.objects.filter(pk__in=keys).order_by("-pk").defer("answers", "key")
    return rows.annotate(
        excerpt=Subquery(longest.annotate(begins=Substr("text", 1, EXCERPT)).values("begins")[:1]),
        signatures=F("letter__signatures"),
        is_read=Exists(ReadMark.objects.filter(response=OuterRef("pk"))),
    )


def _table(chosen: Filtering, rows: QuerySet[Response]) -> Table:
    columns = [
        TitleColumn("reference", label=_("Response"), accessor=str, get_url=lambda row: _address(row, chosen)),
        InstantColumn("received_at", label=_("Received")),
        ChannelColumn("channel", label=_("Channel"), accessor=lambda row: one_response.about(row)[1]),
        Column("language", label=_("Language"), accessor=lambda row: one_response.about(row)[0]),
        ReadColumn("is_read", label=_("Read")),
        ExcerptColumn("excerpt", label=_("Begins with")),
    ]
    return Table(columns, rows, classname="listing officers-list responses-list")


def _address(response: Response, chosen: Filtering, name: str = "response") -> str:
    address = reverse(f"consultations:{name}", args=[response.consultation_id, response.pk])
    return f"{address}?{chosen.query}" if chosen.query else address


def _list(consultation: Consultation, chosen: Filtering) -> str:
    address = reverse("consultations:responses", args=[consultation.pk])
    return f"{address}?{chosen.query}" if chosen.query else address


def _one(pk: int, number: int) -> Response:
    """A response of the consultation that still says something."""
    rows = Response.objects.select_related("consultation", "version").prefetch_related("words", "suspicions")
    return get_object_or_404(rows, pk=number, consultation=pk, state__in=changes.CHANGEABLE)


@require_safe
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Open a response by its reference, whatever consultation it belongs to."""
    require(may_read(request))
    reference = clean(request.GET.get("reference", ""))[0].strip().upper()
    found = Response.objects.filter(reference=reference, state__in=changes.CHANGEABLE).first() if reference else None
    if found is not None:
        return redirect("consultations:response", found.consultation_id, found.pk)
    title = _("Find a response")
    context = frame(request, title, ("", title), reference=reference[:20])
    return render(request, "consultation/officers/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def response(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One response in words, with its history and the way to its neighbours; or mark it as read or not."""
    require(may_read(request))
    found = _one(pk, number)
    chosen = filtering(request, found.consultation)
    beside = one_response.neighbours(found, chosen.where)
    if request.method == "POST":
        _mark(found, request.user, is_read=request.POST.get("mark") != "unread")
        goes_on = request.POST.get("then") == "next" and beside.after
        return redirect(_address(Response(pk=beside.after, consultation_id=pk) if goes_on else found, chosen))
    trail.note(Act.VIEWED, [found], request.user)
    language, channel = one_response.about(found)
    context = frame(
        request,
        str(found),
        (_results(request, found.consultation), found.consultation.title),
        (_list(found.consultation, chosen), _("Responses")),
        ("", str(found)),
        response=found,
        language=language,
        channel=channel,
        sections=one_response.sections(found, get_language() or found.language),
        history=one_response.history(found),
        letter=correspondence.of([found]).get(found.pk),
        mark=ReadMark.objects.filter(response=found).first(),
        filtering=chosen,
        list=_list(found.consultation, chosen),
        newer=_neighbour(pk, beside.before, chosen),
        older=_neighbour(pk, beside.after, chosen),
        may_redact=may_redact(request),
        may_quote=may_quote(request),
        may_erase=may_erase(request),
    )
    return render(request, "consultation/officers/response.html", context)


def _neighbour(consultation: int, pk: int | None, chosen: Filtering) -> str:
    return _address(Response(pk=pk, consultation_id=consultation), chosen) if pk else ""


def _mark(response: Response, user: Any, *, is_read: bool) -> None:
    """Mark a response for everybody; who marked it first is kept."""
    if is_read:
        ReadMark.objects.get_or_create(response=response, defaults={"by": user, "name": user.get_username()})
    else:
        ReadMark.objects.filter(response=response).delete()


@require_safe
@never_cache
def own_copy(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Everything that is kept of a response, for the person who asks for it."""
    require(may_read(request))
    found = _one(pk, number)
    trail.note(Act.EXPORTED, [found], request.user)
    file = JsonResponse(one_response.own_copy(found), json_dumps_params={"indent": 2, "ensure_ascii": False})
    file["Content-Disposition"] = f'attachment; filename="response-{found.reference or found.pk}.json"'
    return file


class RedactForm(forms.Form):
    """The copy of a text, in which parts are left out."""

    text = forms.CharField(
        label=gettext_lazy("Redacted copy"),
        help_text=gettext_lazy(
            "Write […] in the place of whatever could tell who wrote it or names somebody else. Change nothing else. "
            "What was written stays as it is, for staff alone. Leave this empty to have no copy."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, original: str, *args: Any, **kwargs: Any) -> None:
        self.original = original
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        """As it is stored; it may leave out, and add nothing."""
        copy = clean(self.cleaned_data["text"])[0]
        if copy.strip() and not redacting.only_leaves_out(self.original, copy):
            raise forms.ValidationError(
                _("The copy says something that was not written. Leave parts out with […], and change nothing besides.")
            )
        return copy if copy.strip() else ""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def redact(request: HttpRequest, pk: int, number: int, question: int, option: int) -> HttpResponse:
    """Make or change the redacted copy of one text; what could tell who wrote it is marked and left out at first."""
    require(may_redact(request))
    found = _one(pk, number)
    chosen = filtering(request, found.consultation)
    words = get_object_or_404(AnswerWords, response=found, question=question, option=option)
    copy = Redaction.objects.filter(response=found, question=question, option=option).first()
    spans = personal.find(words.text)
    suggested = copy.text if copy else redacting.without(words.text, spans)
    form = RedactForm(words.text, request.POST or None, initial={"text": suggested})
    back = _address(found, chosen)
    if request.method == "POST" and form.is_valid():
        _redact(request, words, form.cleaned_data["text"])
        return redirect(back)
    trail.note(Act.VIEWED, [found], request.user)
    title = _("Redact the answer to question %(number)s") % {"number": question} if question else _("Redact the letter")
    context = frame(
        request,
        title,
        (_list(found.consultation, chosen), _("Responses")),
        (back, str(found)),
        ("", title),
        response=found,
        form=form,
        parts=list(redacting.parts(words.text, spans)),
        found=bool(spans),
        is_new=copy is None,
        back=back,
    )
    return render(request, "consultation/officers/redact.html", context)


def _redact(request: HttpRequest, words: AnswerWords, text: str) -> None:
    place: dict[str, Any] = {"response": words.response, "question": words.question, "option": words.option}
    with transaction.atomic():
        standing = Response.objects.select_for_update().filter(pk=words.response_id, state__in=changes.CHANGEABLE)
        if not standing.first():  # taken back meanwhile, and its words with it
            raise Http404
        if text:
            by = {"by": request.user, "name": request.user.get_username()}
            Redaction.objects.update_or_create(**place, defaults={"text": text, **by})
        else:
            Redaction.objects.filter(**place).delete()
        taken = quotes.look_again(words, request.user)
        trail.note(Act.REDACTED, [words.response], request.user)
    left = len(personal.find(text))
    if not text:
        messages.success(request, _("There is no redacted copy of this answer."))
    elif left:
        said = ngettext(
            "The copy was saved, but %(n)d thing in it still looks like personal data.",
            "The copy was saved, but %(n)d things in it still look like personal data.",
            left,
        )
        messages.warning(request, said % {"n": left})
    else:
        messages.success(request, _("The redacted copy was saved."))
    if taken:
        said = ngettext(
            "%(n)d quote says what is left out now, and was taken down.",
            "%(n)d quotes say what is left out now, and were taken down.",
            taken,
        )
        messages.warning(request, said % {"n": taken})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def erase(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask once more, then erase a response for good."""
    require(may_erase(request))
    found = _one(pk, number)
    chosen = filtering(request, found.consultation)
    if request.method == "POST":
        named = str(found)
        with transaction.atomic():
            changes.erase(found)
            trail.note(Act.ERASED, [found], request.user)
        messages.success(request, _("Response %(reference)s was erased.") % {"reference": named})
        return redirect(_list(found.consultation, chosen))
    title = _("Erase response %(reference)s") % {"reference": found}
    back = _address(found, chosen)
    context = frame(
        request,
        title,
        (_list(found.consultation, chosen), _("Responses")),
        (back, str(found)),
        ("", title),
        response=found,
        back=back,
    )
    return render(request, "consultation/officers/erase.html", context)
