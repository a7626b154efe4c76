"""Where the plan's records are edited: The plan, with partners, indicators and actions."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, LocaleColumn, StatusTagColumn
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from home.models import Action, Indicator, Partner
from home.templatetags.connected import number


class InOwnLanguage:
    """Offers what is in the site's own language: the other records of the same key are for their words alone."""

    def get_object_list(self) -> QuerySet[Any]:
        """The records that relations mean."""
        found: QuerySet[Any] = super().get_object_list()  # type: ignore[misc]  # Wagtail's views have it
        return found.filter(locale__language_code=settings.LANGUAGE_CODE)


class OwnChooseView(InOwnLanguage, ChooseView):
    """The window that opens."""


class OwnChooseResultsView(InOwnLanguage, ChooseResultsView):
    """What it shows while somebody types or turns pages."""


class RecordChooserViewSet(SnippetChooserViewSet):
    """Choosing a record of the plan."""

    choose_view_class = OwnChooseView
    choose_results_view_class = OwnChooseResultsView


class RecordViewSet(SnippetViewSet):
    """What the plan's records have in common."""

    chooser_viewset_class = RecordChooserViewSet
    chooser_per_page = 50
    related: tuple[str, ...] = ()
    about = _(
        "What is written here in the site’s own language is the record. Translate it for its words; dates, figures and "
        "choices then follow by themselves."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every row of the list with what its columns show."""
        found: QuerySet[Any] = self.model._default_manager.select_related(*self.related)
        return found

    @property
    def panels(self) -> list[Any]:
        """Those of the model; first what the languages are to each other."""
        return [HelpPanel(self.about), *self.model.panels]


class PartnerViewSet(RecordViewSet):
    """The partners."""

    model = Partner
    icon = "group"
    list_display = [
        "name",
        LocaleColumn(),
        Column("sector", label=_("Sector"), accessor="get_sector_display", sort_key="sector"),
        Column("since", label=_("From"), sort_key="since"),
        Column("until", label=_("Until"), sort_key="until"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["sector", "live"]


def latest(indicator: Indicator) -> str:
    """The latest value with its period."""
    if indicator.latest is None:
        return gettext("Data development")
    return f"{number(indicator.latest.figure)} {indicator.unit} ({indicator.latest.when})".replace("  ", " ")


class IndicatorViewSet(RecordViewSet):
    """The indicators."""

    model = Indicator
    icon = "order-up"
    related = ("theme",)
    list_display = [
        "title",
        LocaleColumn(),
        Column("theme", label=_("Theme"), sort_key="theme__number"),
        Column("latest", label=_("Latest value"), accessor=latest),
        Column("wanted", label=_("Wanted"), accessor="get_wanted_display", sort_key="wanted"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["theme", "wanted", "live"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With their values."""
        return super().get_queryset(request).prefetch_related("values")


def due(action: Action) -> str:
    """The day until which it is to be done, and whether that has passed."""
    if action.due is None:
        return ""
    day = date_format(action.due)
    return gettext("%(day)s – overdue") % {"day": day} if action.is_overdue else day


class ActionViewSet(RecordViewSet):
    """The actions."""

    model = Action
    icon = "tasks"
    related = ("theme", "lead")
    list_display = [
        "title",
        LocaleColumn(),
        Column("theme", label=_("Theme"), sort_key="theme__number"),
        Column("lead", label=_("Lead"), sort_key="lead__name"),
        StatusTagColumn(
            "status",
            label=_("How far it is"),
            accessor="get_status_display",
            sort_key="status",
            primary=lambda action: not action.is_overdue,
        ),
        Column("due", label=_("To be done by"), accessor=due, sort_key="due"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["theme", "status", "lead__sector", "live"]


class PlanGroup(SnippetViewSetGroup):
    """The entry in the side bar."""

    items = (PartnerViewSet, IndicatorViewSet, ActionViewSet)
    menu_label = _("The plan")
    menu_name = "plan"
    menu_icon = "list-ul"
    menu_order = 240
