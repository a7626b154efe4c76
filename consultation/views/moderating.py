"""The moderators' area: the list of ideas, one idea to decide about, and erasing one."""

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from consultation import moderation
from consultation.access import may_download_ideas, may_erase_ideas, may_moderate, require
from consultation.models import Idea, Theme
from consultation.moderation import Decision
from consultation.text import clean
from consultation.views.lists import HOME, InstantColumn

UNSURE = "unsure"


class Filters(WagtailFilterSet):
    """What ideas can be filtered by."""

    moderation = django_filters.ChoiceFilter(
        label=gettext_lazy("Shown"),
        choices=Idea.Moderation.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=Idea.Status.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    theme = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Theme"),
        queryset=Theme.objects.all(),
        empty_label=gettext_lazy("All"),
        null_label=gettext_lazy("Not sure"),
        null_value=UNSURE,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Idea
        fields: list[str] = []


class IdeaList(BaseListingView):
    """Every idea: first those that nobody has read yet, then the newest."""

    http_method_names = ["get", "head"]
    page_title = gettext_lazy("Ideas")
    header_icon = "comment"
    breadcrumbs_items = [HOME]
    index_url_name = "ideas:index"
    index_results_url_name = "ideas:index_results"
    table_classname = "listing officers-list"
    results_template_name = "consultation/moderators/index_results.html"
    verbose_name_plural = gettext_lazy("ideas")
    is_searchable = True
    search_fields = ["reference", "text"]
    filterset_class = Filters
    paginate_by = 30
    columns = [
        TitleColumn("excerpt", label=gettext_lazy("Idea"), url_name="ideas:idea"),
        Column("reference", label=gettext_lazy("Reference")),
        Column("theme", label=gettext_lazy("Theme"), accessor=lambda idea: idea.theme or _("Not sure")),
        Column("moderation", label=gettext_lazy("Shown"), accessor="get_moderation_display", sort_key="moderation"),
        Column("status", label=gettext_lazy("Status"), accessor="get_status_display", sort_key="status"),
        InstantColumn("received_at", label=gettext_lazy("Received"), sort_key="received_at"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Moderators only."""
        require(may_moderate(request))
        page: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return page

    def get_base_queryset(self) -> QuerySet[Idea]:
        """The unread first."""
        unread = Case(When(moderation=Idea.Moderation.NEW, then=0), default=Value(1), output_field=IntegerField())
        return Idea.objects.select_related("theme").order_by(unread, "-received_at", "-pk")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """The file, for those who may download as well."""
        if not may_download_ideas(self.request):
            return []
        return [HeaderButton(_("Download CSV"), url=reverse("consultations:ideas"), icon_name="download")]


class IdeaForm(forms.Form):
    """What is decided about an idea."""

    moderation = forms.ChoiceField(
        label=gettext_lazy("Shown to the public"), choices=Idea.Moderation.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is not shown"),
        help_text=gettext_lazy("For staff only. The public never sees it."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shown_text = forms.CharField(
        label=gettext_lazy("Text as it is shown"),
        help_text=gettext_lazy(
            "Take out what could tell who somebody is, and write […] in its place. What was written stays as it is, "
            "for staff alone."
        ),
        strip=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the text"),
        help_text=gettext_lazy("That of the form, unless it was written in another one. Screen readers need it."),
        choices=settings.LANGUAGES,
    )
    theme = forms.ModelChoiceField(
        label=gettext_lazy("Theme"),
        queryset=Theme.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not sure"),
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=Idea.Status.choices)
    note = forms.CharField(
        label=gettext_lazy("Note to the public"),
        help_text=gettext_lazy(
            "Stands beside the status. Write it in the language of the idea. With a new status it is a new entry; with "
            "the same status it replaces the note that is there."
        ),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, idea: Idea, data: Any = None) -> None:
        self.idea = idea
        self.told = moderation.present(idea).note
        stands = {name: getattr(idea, name) for name in (*moderation.FIELDS, "revision")}
        super().__init__(data, initial=stands | {"shown_text": idea.public_text, "note": self.told})
        field: Any = self.fields["theme"]
        field.queryset = Theme.objects.filter(Q(retired_at=None) | Q(ideas=idea)).distinct()

    def clean_shown_text(self) -> str:
        """As it is stored: empty where nothing was changed."""
        text = _kept(self.cleaned_data["shown_text"])
        if not text.strip():
            raise forms.ValidationError(_("Leave some of the text, or choose “Not shown”."))
        return "" if text == self.idea.text else text

    def clean_reason(self) -> str:
        """As it is stored."""
        return _kept(self.cleaned_data["reason"])

    def clean_note(self) -> str:
        """As it is stored."""
        return _kept(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        """Ask for the reasons that others will look for; a note that told of another status is no note on this one."""
        given = super().clean() or {}
        if given.get("moderation") == Idea.Moderation.NOT_SHOWN and not given.get("reason"):
            self.add_error("reason", _("Say why it is not shown, for those who look at it later."))
        is_new = given.get("status") != self.idea.status
        if is_new and self.told and given.get("note") == self.told:
            self.add_error("note", _("This note belongs to the former status. Write another one, or empty it."))
        if given.get("status") == Idea.Status.NOT_TAKEN and not given.get("note"):
            self.add_error("note", _("Say why it was not taken up."))
        return given

    @property
    def decision(self) -> Decision:
        """What a valid form decides."""
        return Decision(**{name: given for name, given in self.cleaned_data.items() if name != "revision"})


def _kept(text: str) -> str:
    return clean(text)[0]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    """One idea, with what can be decided about it."""
    require(may_moderate(request))
    found = get_object_or_404(Idea.objects.select_related("theme"), pk=pk)
    form = IdeaForm(found, request.POST or None)
    if request.method == "POST":
        if form.is_valid() and _decide(request, form):
            return redirect("ideas:index")
        # What is wrong stands beside its field, which may be far down the page.
        messages.error(request, _("The idea was not saved. What is missing or wrong is said below."))
    context = _frame(
        found.reference,
        ("", found.reference),
        idea=found,
        form=form,
        steps=found.steps.order_by("pk"),
        has_address=hasattr(found, "address"),
        may_erase=may_erase_ideas(request),
    )
    return render(request, "consultation/moderators/idea.html", context)


def _decide(request: HttpRequest, form: IdeaForm) -> bool:
    try:
        changed = moderation.decide(form.idea.pk, form.cleaned_data["revision"], form.decision, request.user)
    except moderation.Meanwhile:
        form.add_error(
            None, _("Somebody else has changed this idea meanwhile. Open it again to see how it stands, then decide.")
        )
        return False
    said = _("Idea %(reference)s was saved.") if changed else _("Nothing was changed about idea %(reference)s.")
    messages.success(request, said % {"reference": form.idea.reference})
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then delete an idea for good."""
    require(may_moderate(request) and may_erase_ideas(request))
    found = get_object_or_404(Idea, pk=pk)
    if request.method == "POST":
        moderation.erase(pk, request.user)
        messages.success(request, _("Idea %(reference)s was erased.") % {"reference": found.reference})
        return redirect("ideas:index")
    title = _("Erase idea %(reference)s") % {"reference": found.reference}
    crumb = (reverse("ideas:idea", args=[pk]), found.reference)
    return render(request, "consultation/moderators/erase.html", _frame(title, crumb, ("", title), idea=found))


def _frame(title: str, *crumbs: tuple[str, str], **more: Any) -> dict[str, Any]:
    first = [(reverse("wagtailadmin_home"), _("Home")), (reverse("ideas:index"), _("Ideas"))]
    return {
        "header_title": title,
        "header_icon": "comment",
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in [*first, *crumbs]],
        **more,
    }
