"""The officers' lists, as Wagtail shows lists: searched, filtered, sorted by a click on a column."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from consultation import overview, replica
from consultation.access import (
    levels,
    may_bring_in,
    may_download_ideas,
    may_read,
    may_see_summaries,
    require,
)
from consultation.models import Consultation, State, Theme

HOME = {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")}
CONSULTATIONS = {"url": reverse_lazy("consultations:index"), "label": _("Consultations")}


class StateColumn(Column):
    """A consultation's state, whether it is published, and whether its outcome is overdue."""

    cell_template_name = "consultation/officers/cells/state.html"


class InstantColumn(Column):
    """A date and time with its zone."""

    cell_template_name = "consultation/officers/cells/instant.html"


class ResponsesColumn(Column):
    """A number of responses, which says on a small screen what it counts."""

    cell_template_name = "consultation/officers/cells/responses.html"


class ReadableColumn(ResponsesColumn):
    """The same, with the way to the responses."""

    cell_template_name = "consultation/officers/cells/readable.html"


class DownloadColumn(Column):
    """A link to what can be downloaded."""

    cell_template_name = "consultation/officers/cells/download.html"


class Filters(WagtailFilterSet):
    """What consultations can be filtered by."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*State.choices, (overview.OVERDUE, _("Outcome overdue"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="in_state",
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        queryset=Theme.objects.filter(questions__isnull=False).distinct(),
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="about_theme",
    )

    class Meta:
        model = Consultation
        fields: list[str] = []

    def in_state(self, queryset: QuerySet[Consultation], name: str, value: str) -> QuerySet[Consultation]:
        """Those in that state now."""
        return queryset.filter(overview.is_in(value))

    def about_theme(self, queryset: QuerySet[Consultation], name: str, value: Theme) -> QuerySet[Consultation]:
        """Those that ask, or asked, about a theme."""
        return queryset.filter(overview.about(value))


class ConsultationList(BaseListingView):
    """Every consultation with its state, dates and number of responses."""

    http_method_names = ["get", "head"]
    page_title = _("Consultations")
    header_icon = "clipboard-list"
    breadcrumbs_items = [HOME]
    index_url_name = "consultations:index"
    index_results_url_name = "consultations:index_results"
    table_classname = "listing officers-list"
    results_template_name = "consultation/officers/index_results.html"
    verbose_name_plural = _("consultations")
    is_searchable = True
    search_fields = ["title"]
    filterset_class = Filters
    paginate_by = 30

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Any of the rights opens the list; what it links to needs its own."""
        sees = may_see_summaries(request) or bool(levels(request))
        require(sees or may_read(request) or may_bring_in(request))
        page: HttpResponseBase = replica.preferred(super().dispatch)(request, *args, **kwargs)
        return page

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Beside the list, how old its numbers are."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"seconds_behind": replica.age()}

    def get_base_queryset(self) -> QuerySet[Consultation]:
        """The most pressing first."""
        return overview.consultations()

    @property
    def columns(self) -> list[Column]:
        """The columns that the officer may use."""
        sees, downloads = may_see_summaries(self.request), levels(self.request)
        name = "consultation" if sees else "batches" if may_bring_in(self.request) else ""
        link = (lambda row: reverse(f"consultations:{name}", args=[row.pk])) if name else lambda row: None
        responses = ReadableColumn if may_read(self.request) else ResponsesColumn
        return [
            TitleColumn("title", label=_("Consultation"), sort_key="title", get_url=link),
            StateColumn("state", label=_("State")),
            InstantColumn("opens_at", label=_("Opens"), sort_key="opens_at"),
            InstantColumn("closes_at", label=_("Closes"), sort_key="closes_at"),
            responses("received", label=_("Responses"), sort_key="received"),
            *([DownloadColumn("pk", label=_("Download"))] if downloads else []),
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """The way to a response, to the themes, and the file of ideas."""
        themes = HeaderButton(_("By theme"), url=reverse("consultations:themes"), icon_name="tag")
        ideas = HeaderButton(_("Download ideas"), url=reverse("consultations:ideas"), icon_name="download")
        find = HeaderButton(_("Find a response"), url=reverse("consultations:find"), icon_name="search")
        return [
            *([find] if may_read(self.request) else []),
            *([themes] if may_see_summaries(self.request) else []),
            *([ideas] if may_download_ideas(self.request) else []),
        ]


class ThemeList(BaseListingView):
    """Every theme, with how much was asked about it."""

    http_method_names = ["get", "head"]
    page_title = _("Themes")
    header_icon = "tag"
    breadcrumbs_items = [HOME, CONSULTATIONS]
    index_url_name = "consultations:themes"
    verbose_name_plural = _("themes")
    columns = [
        TitleColumn("name", label=_("Theme"), url_name="consultations:theme"),
        NumberColumn("asked", label=_("Questions")),
        NumberColumn("consultations", label=_("Consultations")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Officers see exact figures."""
        require(may_see_summaries(request))
        page: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return page

    def get_base_queryset(self) -> QuerySet[Theme]:
        """In the plan's order."""
        return overview.themes()
