"""The report of who handled which person's response, below Reports."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from consultation.access import may_read, may_see_trail, require
from consultation.changes import CHANGEABLE
from consultation.columns import guard
from consultation.models import Consultation, Handling
from consultation.views.lists import HOME, InstantColumn


class Filters(WagtailFilterSet):
    """What the trail can be filtered by."""

    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)
    act = django_filters.ChoiceFilter(
        label=_("What was done"), choices=Handling.Act.choices, empty_label=_("All"), widget=forms.RadioSelect
    )
    name = django_filters.CharFilter(label=_("User"), lookup_expr="icontains")
    response__reference = django_filters.CharFilter(label=_("Reference"), lookup_expr="iexact")
    response__consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"),
        queryset=Consultation.objects.all(),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Handling
        fields: list[str] = []


class TrailReport(ReportView):
    """Who viewed, exported, redacted or erased which response, the latest first."""

    http_method_names = ["get", "head"]
    page_title = _("Responses handled")
    header_icon = "view"
    breadcrumbs_items = [HOME]
    index_url_name = "consultations:trail"
    index_results_url_name = "consultations:trail_results"
    results_template_name = "consultation/officers/trail_results.html"
    table_classname = "listing officers-list"
    filterset_class = Filters
    list_export = ["at", "name", "act", "response.consultation.title", "response"]
    export_headings = {
        "at": _("When"),
        "name": _("User"),
        "act": _("What was done"),
        "response.consultation.title": _("Consultation"),
        "response": _("Response"),
    }
    custom_field_preprocess = {
        name: {kind: lambda value: guard(str(value)) for kind in ReportView.FORMATS}
        for name in ("name", "response", "response.consultation.title")
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Those who answer for it alone."""
        require(may_see_trail(request))
        page: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return page

    def get_filename(self) -> str:
        """What the file is called."""
        return "responses-handled"

    def get_queryset(self) -> QuerySet[Handling]:
        """With what a row shows."""
        return Handling.objects.select_related("response__consultation").defer("response__answers")

    @property
    def columns(self) -> list[Column]:
        """When, who, what, which."""
        return [
            InstantColumn("at", label=_("When")),
            Column("name", label=_("User")),
            Column("act", label=_("What was done"), accessor="get_act_display"),
            TitleColumn("response", label=_("Response"), get_url=self._address),
            Column("consultation", label=_("Consultation"), accessor="response.consultation.title"),
        ]

    def _address(self, row: Handling) -> str | None:
        """Where the response is read, for those who may and while there is something to read."""
        if not may_read(self.request) or row.response.state not in CHANGEABLE:
            return None
        return reverse("consultations:response", args=[row.response.consultation_id, row.response_id])
