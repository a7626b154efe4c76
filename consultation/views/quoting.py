"""Officers propose quotes of what people wrote, and a second officer approves or refuses them."""

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from consultation import changes, personal, quotes, redacting, trail
from consultation.access import may_quote, require
from consultation.models import AnswerWords, Consultation, Question, Quote, Response, Theme
from consultation.quotes import Meanwhile, NotQuotable, Proposal
from consultation.text import clean
from consultation.trail import Act
from consultation.views.filtering import filtering
from consultation.views.lists import CONSULTATIONS, HOME, InstantColumn
from consultation.views.officers import frame


class Filters(WagtailFilterSet):
    """What quotes can be filtered by."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=Quote.State.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    theme = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Theme"),
        queryset=Theme.objects.all(),
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    consultation = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Consultation"),
        queryset=Consultation.objects.filter(quotes__isnull=False).distinct(),
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Quote
        fields: list[str] = []


class QuoteList(BaseListingView):
    """Every quote: first those that wait for a second person, then the newest."""

    http_method_names = ["get", "head"]
    page_title = gettext_lazy("Quotes")
    header_icon = "openquote"
    breadcrumbs_items = [HOME, CONSULTATIONS]
    index_url_name = "consultations:quotes"
    index_results_url_name = "consultations:quotes_results"
    table_classname = "listing officers-list"
    results_template_name = "consultation/officers/quotes_results.html"
    verbose_name_plural = gettext_lazy("quotes")
    is_searchable = True
    search_fields = ["text"]
    filterset_class = Filters
    paginate_by = 30
    columns = [
        TitleColumn(
            "text",
            label=gettext_lazy("Quote"),
            accessor=lambda quote: Truncator(quote.text).chars(90),
            url_name="consultations:quote",
        ),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
        Column("theme", label=gettext_lazy("Theme"), accessor=lambda quote: quote.theme or "–"),
        Column("consultation", label=gettext_lazy("Consultation")),
        Column("proposer", label=gettext_lazy("Proposed by")),
        InstantColumn("proposed_at", label=gettext_lazy("Proposed"), sort_key="proposed_at"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Those who read what people wrote, and may publish of it."""
        require(may_quote(request))
        page: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return page

    def get_base_queryset(self) -> QuerySet[Quote]:
        """What waits first."""
        waits = Case(When(state=Quote.State.PROPOSED, then=0), default=Value(1), output_field=IntegerField())
        return Quote.objects.select_related("theme", "consultation").order_by(waits, "-proposed_at", "-pk")


class PlaceForm(forms.Form):
    """Where a quote stands."""

    theme = forms.ModelChoiceField(
        label=gettext_lazy("Theme"),
        help_text=gettext_lazy("It is shown on the page of this theme, and with the outcome of the consultation."),
        queryset=Theme.objects.none(),
        required=False,
        empty_label=gettext_lazy("No theme: with the outcome alone"),
    )
    place = forms.IntegerField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("Quotes with smaller numbers come first."),
        min_value=1,
        max_value=1_000,
        initial=1,
    )

    def __init__(self, theme: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["theme"]
        field.queryset = Theme.objects.filter(Q(retired_at=None) | Q(pk=theme))
        field.initial = theme


class ProposeForm(PlaceForm):
    """A quote as it is proposed."""

    text = forms.CharField(
        label=gettext_lazy("Quote"),
        help_text=gettext_lazy(
            "Leave of the answer what is to be quoted. Write […] in the place of what is left out in the middle; at "
            "the ends it comes by itself. Change nothing else."
        ),
        strip=False,
        max_length=quotes.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the quote"),
        help_text=gettext_lazy("That of the form, unless it was written in another one. Screen readers need it."),
        choices=settings.LANGUAGES,
    )
    is_named = forms.BooleanField(
        label=gettext_lazy("Name the organisation"),
        help_text=gettext_lazy("It chose that it may be named beside what it says."),
        required=False,
    )
    checked = forms.BooleanField(
        label=gettext_lazy("I have read it: nothing in it tells who somebody is"),
        required=False,
    )
    field_order = ["text", "checked", "language", "is_named", "theme", "place"]

    def __init__(self, allowed: str, organisation: str, theme: int | None, *args: Any, **kwargs: Any) -> None:
        self.allowed = allowed
        super().__init__(theme, *args, **kwargs)
        if not organisation:
            del self.fields["is_named"]

    def clean_text(self) -> str:
        """As it is stored; it may leave out, and add nothing."""
        text = redacting.excerpt(self.allowed, clean(self.cleaned_data["text"])[0])
        if not text:
            raise forms.ValidationError(
                _("The quote says something that was not written. Leave parts out with […], and change nothing else.")
            )
        return text

    def clean(self) -> dict[str, Any]:
        """What looks like personal data needs a second look."""
        given = super().clean() or {}
        found = personal.find(given.get("text", ""))
        if found and not given.get("checked"):
            said = ", ".join(dict.fromkeys(span.sort.label for span in found))
            self.add_error("text", _("This seems to hold personal data: %(found)s. Leave it out.") % {"found": said})
            self.add_error("checked", _("If it is no personal data, say so here."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def propose(request: HttpRequest, pk: int, number: int, question: int, option: int) -> HttpResponse:
    """Propose a quote of one text; where none may be taken from it, say why."""
    require(may_quote(request))
    rows = Response.objects.select_related("consultation")
    response = get_object_or_404(rows, pk=number, consultation=pk, state__in=changes.CHANGEABLE)
    chosen = filtering(request, response.consultation)
    words = get_object_or_404(AnswerWords, response=response, question=question, option=option)
    words.response = response
    back = reverse("consultations:response", args=[pk, number]) + (f"?{chosen.query}" if chosen.query else "")
    form, refused = _form(words, request.POST or None)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _propose(words, form, request.user)
        except NotQuotable as reason:
            refused = str(reason)
        else:
            messages.success(request, _("The quote was proposed. Somebody else has to approve it."))
            return redirect(back)
    trail.note(Act.VIEWED, [response], request.user)
    title = _("Quote the answer to question %(number)s") % {"number": question}
    context = frame(
        request,
        title,
        (reverse("consultations:responses", args=[pk]), _("Responses")),
        (back, str(response)),
        ("", title),
        response=response,
        form=form,
        refused=refused,
        back=back,
        allowed=_marked(quotes.original(words)) if form is not None else [],
        organisation=quotes.organisation(response),
    )
    return render(request, "consultation/officers/propose.html", context)


def _form(words: AnswerWords, data: Any) -> tuple[ProposeForm | None, str]:
    """The form, or why there is none."""
    try:
        quotes.check(words)
    except NotQuotable as reason:
        return None, str(reason)
    allowed = quotes.original(words)
    asked = Question.objects.filter(consultation=words.response.consultation_id, number=words.question).first()
    initial = {"text": allowed, "language": words.response.language}
    theme = asked.theme_id if asked else None
    return ProposeForm(allowed, quotes.organisation(words.response), theme, data, initial=initial), ""


def _propose(words: AnswerWords, form: ProposeForm, user: Any) -> None:
    given = form.cleaned_data
    proposal = Proposal(given["text"], given["language"], given["theme"], given["place"], given.get("is_named", False))
    quotes.propose(words, proposal, user)
    trail.note(Act.QUOTED, [words.response], user)


def _marked(text: str) -> list[redacting.Part]:
    return list(redacting.parts(text, personal.find(text)))


APPROVE, REFUSE, TAKE_DOWN, ARRANGE = "approve", "refuse", "take-down", "arrange"
SAID = {
    APPROVE: gettext_lazy("The quote was approved."),
    REFUSE: gettext_lazy("The quote was refused."),
    TAKE_DOWN: gettext_lazy("The quote was taken down."),
    ARRANGE: gettext_lazy("The quote was saved."),
}


class DecideForm(PlaceForm):
    """What is decided about a quote."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For staff only: why it is refused or taken down."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, quote: Quote, data: Any = None) -> None:
        self.does = data.get("do", "") if data else ""
        initial = {"place": quote.place, "revision": quote.revision}
        super().__init__(quote.theme_id, data, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Ask for the reason that others will look for."""
        given = super().clean() or {}
        if self.does not in SAID:
            raise forms.ValidationError(_("Choose one of the buttons."))
        if self.does in (REFUSE, TAKE_DOWN) and not (given.get("reason") or "").strip():
            self.add_error("reason", _("Say why, for those who look at it later."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """One quote with what it was taken from, and what can be decided about it."""
    require(may_quote(request))
    found = get_object_or_404(Quote.objects.select_related("theme", "consultation", "response"), pk=pk)
    form = DecideForm(found, request.POST or None)
    if request.method == "POST":
        if form.is_valid() and _decide(request, found, form):
            return redirect("consultations:quotes")
        messages.error(request, _("Nothing was saved. What is missing or wrong is said below."))
    if found.response is not None:
        trail.note(Act.VIEWED, [found.response], request.user)
    title = _("Quote %(number)d") % {"number": found.pk}
    context = frame(
        request,
        title,
        (reverse("consultations:quotes"), _("Quotes")),
        ("", title),
        quote=found,
        form=form,
        parts=_marked(found.text),
        written=_written(found),
        is_own=quotes.is_own(found, request.user),
    )
    return render(request, "consultation/officers/quote.html", context)


def _written(found: Quote) -> str:
    """The whole answer, in which a quote may mean something else; empty where nothing leads there any more."""
    place = {"response": found.response_id, "question": found.question, "option": found.option}
    words = AnswerWords.objects.filter(**place).first() if found.response_id else None
    return words.text if words else ""


def _decide(request: HttpRequest, found: Quote, form: DecideForm) -> bool:
    given, user = form.cleaned_data, request.user
    try:
        if form.does == APPROVE:
            quotes.approve(found.pk, given["revision"], given["theme"], given["place"], user)
        elif form.does == ARRANGE:
            quotes.arrange(found.pk, given["revision"], given["theme"], given["place"], user)
        else:
            act = quotes.refuse if form.does == REFUSE else quotes.take_down
            act(found.pk, given["revision"], given["reason"], user)
    except NotQuotable as reason:
        form.add_error(None, str(reason))
        return False
    except Meanwhile:
        form.add_error(None, _("Somebody else has changed this quote meanwhile. Open it again to see how it stands."))
        return False
    messages.success(request, SAID[form.does])
    return True
