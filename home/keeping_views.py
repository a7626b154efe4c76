"""The reports of what has to be looked after: Wagtail's own, with files to download."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from home import keeping


class KeepingReport(ReportView):
    """A list of rows that are worked out, for those who edit pages."""

    model = Page
    nothing: Any = ""
    any_permission_required = ["add", "change", "publish"]
    results_template_name = "wagtailadmin/reports/base_report_results.html"

    @classmethod
    def may_see(cls, user: Any) -> bool:
        """Whether somebody edits pages at all; the rows are those that they may edit."""
        policy = policy_registry.get_by_type(cls.model)
        return bool(policy.user_has_any_permission(user, cls.any_permission_required))

    def get_heading(self, queryset: Any, field: str) -> str:
        """The words above a column of the file."""
        return str(self.export_headings[field])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say kindly where there is nothing."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"no_results_message": self.nothing}


class ReviewsReport(KeepingReport):
    """Pages to look at again."""

    page_title = _("Pages to look at again")
    header_icon = "time"
    index_url_name = "keeping:reviews"
    index_results_url_name = "keeping:reviews_results"
    nothing = _("No page has to be looked at again.")
    columns = [
        TitleColumn("title", label=_("Page"), get_url=lambda row: row.url),
        Column("type", label=_("Type")),
        Column("why", label=_("Why")),
        Column("day", label=_("Since")),
    ]
    list_export = ["title", "type", "why", "day", "url"]
    export_headings = {
        "title": _("Page"),
        "type": _("Type"),
        "why": _("Why"),
        "day": _("Since"),
        "url": _("Address in the admin"),
    }

    def get_queryset(self) -> list[keeping.Review]:
        """The rows."""
        return keeping.reviews(self.request.user)


class TranslationsReport(KeepingReport):
    """What is left to translate."""

    page_title = _("Translations to look after")
    header_icon = "site"
    index_url_name = "keeping:translations"
    index_results_url_name = "keeping:translations_results"
    nothing = _("Every page is translated.")
    columns = [
        TitleColumn("title", label=_("Page"), get_url=lambda row: row.url),
        Column("language", label=_("Language")),
        Column("what", label=_("What is left")),
        Column("missing", label=_("Texts not translated")),
    ]
    list_export = ["title", "language", "what", "missing", "url"]
    export_headings = {
        "title": _("Page"),
        "language": _("Language"),
        "what": _("What is left"),
        "missing": _("Texts not translated"),
        "url": _("Address in the admin"),
    }

    def get_queryset(self) -> list[keeping.Lag]:
        """The rows."""
        return keeping.lags(self.request.user)


class OverdueReport(KeepingReport):
    """What is overdue."""

    page_title = _("Overdue")
    header_icon = "warning"
    index_url_name = "keeping:overdue"
    index_results_url_name = "keeping:overdue_results"
    nothing = _("Nothing is overdue.")
    columns = [
        TitleColumn("title", label=_("What"), get_url=lambda row: row.url or None),
        Column("what", label=_("Why")),
        Column("day", label=_("Since")),
    ]
    list_export = ["title", "what", "day", "url"]
    export_headings = {
        "title": _("What"),
        "what": _("Why"),
        "day": _("Since"),
        "url": _("Address in the admin"),
    }

    def get_queryset(self) -> list[keeping.Overdue]:
        """The rows."""
        return keeping.overdue(self.request.user)
