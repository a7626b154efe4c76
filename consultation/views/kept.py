"""When personal data will be deleted, and what was: below Reports, for officers and those who answer for it."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, Table, TitleColumn

from consultation import overview
from consultation.access import may_see_kept, may_see_summaries, require
from consultation.life import NOTICE
from consultation.models import Consultation, RetentionRun
from consultation.views.lists import InstantColumn
from consultation.views.officers import frame

PAGE = 30  # deletions a page


@require_safe
@never_cache
def kept(request: HttpRequest) -> HttpResponse:
    """What will be deleted, the next first, and what was, the latest first."""
    require(may_see_kept(request))
    coming = list(_coming())
    paginator = WagtailPaginator(RetentionRun.objects.select_related("consultation"), PAGE)
    page = paginator.get_page(request.GET.get("p"))
    title = _("Personal data")
    context = frame(
        request,
        title,
        ("", title),
        soon=[_warning(row) for row in coming if _is_soon(row)],
        coming=_table(coming, may_see_summaries(request)),
        done=_done(page.object_list),
        page=page,
        elided_page_range=paginator.get_elided_page_range(page.number),
    )
    return render(request, "consultation/officers/kept.html", context)


def _coming() -> QuerySet[Consultation]:
    """Every consultation of which something is still there, with how many responses it has and how many were stripped.

    What has closed and been stripped is left out. One query.
    """
    runs = RetentionRun.objects.filter(consultation=OuterRef("pk")).order_by().values("consultation")
    found = overview.consultations().annotate(
        stripped=Coalesce(Subquery(runs.annotate(n=Sum("responses")).values("n")), 0)
    )
    ended = RetentionRun.objects.filter(before=None, ended_at__isnull=False).values("consultation")
    return found.exclude(pk__in=ended).order_by("kept_until", "kept_months", "pk")


def _is_soon(row: Consultation) -> bool:
    return row.kept_until is not None and row.kept_until <= timezone.localdate() + NOTICE


def _warning(row: Any) -> str:
    said = ngettext(
        "On %(day)s what people wrote in “%(title)s” will be deleted: %(n)d response.",
        "On %(day)s what people wrote in “%(title)s” will be deleted: %(n)d responses.",
        row.received,
    )
    return said % {"day": date_format(row.kept_until, "DATE_FORMAT"), "title": row.title, "n": row.received}


def _when(row: Consultation) -> str:
    parts = []
    if row.kept_months:
        months = ngettext("%(n)d month after each response", "%(n)d months after each response", row.kept_months)
        parts.append(months % {"n": row.kept_months})
    if row.kept_until:
        parts.append(date_format(row.kept_until, "DATE_FORMAT"))
    return "; ".join(parts) or _("No day yet: publish its page once more")


def _table(rows: list[Consultation], sees: bool) -> Table:
    def address(row: Consultation) -> str | None:
        return reverse("consultations:consultation", args=[row.pk]) if sees else None

    columns = [
        TitleColumn("title", label=_("Consultation"), get_url=address),
        LabelledColumn("kept_until", label=_("Will be deleted"), accessor=_when),
        InstantColumn("closes_at", label=_("Closes")),
        LabelledColumn("received", label=_("Responses")),
        LabelledColumn("stripped", label=_("Deleted so far")),
    ]
    return Table(columns, rows, classname="listing officers-list")


class LabelledColumn(Column):
    """What says on a small screen, where there are no columns, what it is."""

    cell_template_name = "consultation/officers/cells/labelled.html"


class EndedColumn(InstantColumn):
    """When it ended, or that it is going on."""

    cell_template_name = "consultation/officers/cells/ended.html"


def _done(rows: Any) -> Table:
    columns = [
        Column("consultation", label=_("Consultation"), accessor="consultation.title"),
        InstantColumn("begun_at", label=_("Begun")),
        EndedColumn("ended_at", label=_("Ended")),
        LabelledColumn("responses", label=_("Responses")),
    ]
    return Table(columns, rows, classname="listing officers-list")
