"""Who downloaded what, under Reports: for those who answer for it."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from consultation.access import may_see_downloads, require
from consultation.models import Consultation, Download, Level
from consultation.views.lists import InstantColumn


class EndColumn(Column):
    """How it ended: the rows, and the digest of the file."""

    cell_template_name = "consultation/officers/cells/end.html"


class Filters(WagtailFilterSet):
    """What downloads can be filtered by."""

    begun_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Begun"), widget=DateRangePickerWidget)
    name = django_filters.CharFilter(label=gettext_lazy("User name"), lookup_expr="icontains")
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Level"), choices=Level.choices, empty_label=gettext_lazy("All")
    )
    consultation = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Consultation"),
        queryset=Consultation.objects.filter(downloads__isnull=False).distinct(),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Download
        fields: list[str] = []


class DownloadsReport(ReportView):
    """Every download, the latest first. It can't be changed, and nothing of it can be deleted."""

    http_method_names = ["get", "head"]
    page_title = gettext_lazy("Downloads")
    header_icon = "download"
    index_url_name = "consultations:downloads"
    index_results_url_name = "consultations:downloads_results"
    table_classname = "listing officers-list"
    results_template_name = "consultation/officers/report_results.html"
    filterset_class = Filters
    columns = [
        InstantColumn("begun_at", label=gettext_lazy("Begun"), sort_key="begun_at"),
        Column("name", label=gettext_lazy("User name"), sort_key="name"),
        Column("consultation", label=gettext_lazy("Consultation"), accessor=lambda row: row.consultation or _("Ideas")),
        Column("level", label=gettext_lazy("Level"), accessor="get_level_display"),
        Column("holds", label=gettext_lazy("What"), accessor=lambda row: row.said),
        EndColumn("end", label=gettext_lazy("Ended"), accessor=lambda row: getattr(row, "end", None)),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A right of its own."""
        require(may_see_downloads(request))
        page: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return page

    def get_base_queryset(self) -> QuerySet[Download]:
        """With what each line shows of others."""
        return Download.objects.select_related("consultation", "end")
