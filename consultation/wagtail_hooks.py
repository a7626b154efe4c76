"""Registers the officers' and moderators' pages and the areas with Wagtail's admin; everything they do is elsewhere."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.admin.ui.tables import LocaleColumn
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from consultation import downloads, moderation, quotes, results, subscribers
from consultation.access import (
    levels,
    may_bring_in,
    may_moderate,
    may_quote,
    may_read,
    may_see_downloads,
    may_see_kept,
    may_see_summaries,
    may_see_trail,
)
from consultation.models import Area, Download, Occasion
from consultation.views.late import LatePanel


class ConsultationsMenuItem(MenuItem):
    """Shown to officers only."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Editors without an officer's right do not see it."""
        sees = may_see_summaries(request) or bool(levels(request))
        return sees or may_read(request) or may_bring_in(request)


class TrailMenuItem(MenuItem):
    """Shown to those who answer for how responses are handled."""

    def is_shown(self, request: HttpRequest) -> bool:
        """A right of its own."""
        return may_see_trail(request)


class KeptMenuItem(MenuItem):
    """Shown to officers and to those who answer for personal data."""

    def is_shown(self, request: HttpRequest) -> bool:
        """As the page."""
        return may_see_kept(request)


class DownloadsMenuItem(MenuItem):
    """Shown to those who answer for what is taken away."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Who may download does not see by that who else did."""
        return may_see_downloads(request)


class QuotesMenuItem(MenuItem):
    """Shown to those who propose and approve quotes."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Two rights: to read, and to publish."""
        return may_quote(request)


class IdeasMenuItem(MenuItem):
    """Shown to moderators only."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Who may not read ideas before the public does sees no entry."""
        return may_moderate(request)


@hooks.register("register_admin_urls")
def register_staff_urls() -> list[URLPattern | URLResolver]:
    """Below /admin/consultations/ and /admin/ideas/."""
    return [
        path("consultations/", include("consultation.officers_urls")),
        path("ideas/", include("consultation.moderators_urls")),
    ]


@hooks.register("register_admin_menu_item")
def register_consultations_menu_item() -> MenuItem:
    """The entry in the side bar."""
    return ConsultationsMenuItem(
        _("Consultations"), reverse("consultations:index"), icon_name="clipboard-list", order=250
    )


@hooks.register("register_admin_menu_item")
def register_ideas_menu_item() -> MenuItem:
    """The entry in the side bar."""
    return IdeasMenuItem(_("Ideas"), reverse("ideas:index"), icon_name="comment", order=260)


@hooks.register("register_admin_menu_item")
def register_quotes_menu_item() -> MenuItem:
    """The entry in the side bar."""
    return QuotesMenuItem(_("Quotes"), reverse("consultations:quotes"), icon_name="openquote", order=255)


@hooks.register("register_reports_menu_item")
def register_trail_menu_item() -> MenuItem:
    """The report's entry."""
    return TrailMenuItem(_("Responses handled"), reverse("consultations:trail"), icon_name="view", order=1050)


@hooks.register("register_reports_menu_item")
def register_kept_menu_item() -> MenuItem:
    """The entry under Reports."""
    return KeptMenuItem(_("Personal data"), reverse("consultations:kept"), icon_name="history", order=1060)


@hooks.register("register_reports_menu_item")
def register_downloads_menu_item() -> MenuItem:
    """The entry under Reports."""
    return DownloadsMenuItem(_("Downloads"), reverse("consultations:downloads"), icon_name="download", order=1010)


@hooks.register("construct_homepage_panels")
def show_what_is_late(request: HttpRequest, panels: list[Any]) -> None:
    """Above what Wagtail shows."""
    panels.append(LatePanel(request))


RIGHTS = [
    "view_summary",
    "view_equality",
    "download_open",
    "download_responses",
    "download_full",
    "view_downloads",
    "decide_on_held",
    "read_responses",
    "redact_responses",
    "code_responses",
    "erase_responses",
    "bring_in_responses",
    "publish_results",
    "publish_quotes",
    "view_audit",
    "view_state",
    "moderate_ideas",
    "erase_ideas",
]


@hooks.register("register_permissions")
def register_staff_permissions() -> QuerySet[Permission]:
    """So that an administrator can give them to a group."""
    return Permission.objects.filter(content_type__app_label="consultation", codename__in=RIGHTS)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """What the audit log says of ideas, quotes, subscribers, downloads and results."""
    actions.register_action(moderation.MODERATE, _("Moderate an idea"), _("Idea moderated"))
    actions.register_action(moderation.ERASE, _("Erase an idea"), _("Idea erased"))
    actions.register_action(quotes.PROPOSE, _("Propose a quote"), _("Quote proposed"))
    actions.register_action(quotes.APPROVE, _("Approve a quote"), _("Quote approved"))
    actions.register_action(quotes.REFUSE, _("Refuse a quote"), _("Quote refused"))
    actions.register_action(quotes.TAKE_DOWN, _("Take down a quote"), _("Quote taken down"))
    actions.register_action(quotes.ARRANGE, _("Arrange a quote"), _("Quote arranged"))

    @actions.register_action(subscribers.TELL)
    class TellFormatter(LogFormatter):
        label = _("Tell subscribers")

        def format_message(self, entry: Any) -> str:
            """How many were told what; no address."""
            occasion = Occasion(entry.data["occasion"]).label
            number = entry.data["number"]
            said = ngettext("%(occasion)s: %(n)d person was told", "%(occasion)s: %(n)d people were told", number)
            return said % {"occasion": occasion, "n": number}

    @actions.register_action(downloads.DOWNLOAD)
    class DownloadFormatter(LogFormatter):  # Wagtail takes the words of an action from a class
        label = _("Download")

        def format_message(self, entry: Any) -> str:
            """What was taken away, in words."""
            said = Download(holds=entry.data["what"], level=entry.data["level"], format=entry.data["format"])
            end = _("downloaded") if entry.data["complete"] else _("download broken off")
            return f"{said.get_holds_display()} – {said.get_level_display()}, {said.get_format_display()}: {end}"

    @actions.register_action(results.PUBLISH)
    class PublishFormatter(LogFormatter):
        label = _("Publish results")

        def format_message(self, entry: Any) -> str:
            """Which version."""
            return str(_("Results published, version %(version)s") % {"version": entry.data["version"]})

    @actions.register_action(results.TAKE_BACK)
    class TakeBackFormatter(LogFormatter):
        label = _("Take results back")

        def format_message(self, entry: Any) -> str:
            """Which version."""
            return str(_("Results taken back, version %(version)s") % {"version": entry.data["version"]})


class AreaViewSet(SnippetViewSet):
    """Where areas are edited: Snippets, Areas."""

    model = Area
    icon = "site"
    list_display = ["name", LocaleColumn(), "position", "since", "until"]
    ordering = ["position", "pk"]
    panels = [
        HelpPanel(
            _(
                "Consultations that ask for an area and have not closed follow at once. Nothing that was answered is "
                "lost, not even where an area is deleted; to end one, better give it a last day."
            )
        ),
        FieldPanel("name"),
        FieldPanel("position"),
        FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
    ]


register_snippet(AreaViewSet)


@hooks.register("insert_global_admin_css")
def officers_css() -> SafeString:
    """Bars and tables of figures."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/officers.css"))
