"""What the admin is told about these pages."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from consultation import impact
from consultation.access import may_see_state
from home import copying, localize_views, publishing, translation_files
from home.keeping_views import KeepingReport, OverdueReport, ReviewsReport, TranslationsReport
from home.models import ConsultationPage, checklist, staleness
from home.models.approval import APPROVE, SecondPersonTask
from home.models.base import BasePage
from home.protection import left_without_page
from home.publication import GAPS, TOUCHED
from home.state import view
from home.todo import TodoPanel
from home.viewsets import PlanGroup

DELETING = {"delete"}

register_snippet(PlanGroup)


@hooks.register("register_admin_urls")
def register_trial_urls() -> list[URLPattern | URLResolver]:
    """Below /admin/try/, /admin/publish/ and /admin/reports/."""
    return [
        path("try/", include("home.trial_urls")),
        path("publish/", include("home.publishing_urls")),
        path("reports/keeping/", include("home.keeping_urls")),
        path("reports/state/", view.state, name="state_of_the_site"),
    ]


@hooks.register("register_admin_urls")
def register_approval_urls() -> list[URLPattern | URLResolver]:
    """Below /admin/translations/."""
    return [path("translations/", include("home.submitting_urls"))]


@hooks.register("register_admin_urls", order=-1)
def register_localize_urls() -> list[URLPattern | URLResolver]:
    """In place of wagtail-localize's own, at the same addresses: see localize_views and translation_files."""
    return [
        path("localize/translate/<int:translation_id>/pofile/upload/", translation_files.upload, name="localize_file"),
        path(
            "localize/update/<int:translation_source_id>/",
            localize_views.UpdateTranslations.as_view(),
            name="localize_update",
        ),
        path("localize/page/<int:page_id>/convert_to_alias/", localize_views.convert, name="localize_convert"),
    ]


@hooks.register("before_create_user")
@hooks.register("before_edit_user")
def keep_superusers(request: HttpRequest, user: Any = None) -> None:
    """Who gives out roles makes nobody a superuser, and does not take a superuser's account by changing it."""
    if not request.user.is_superuser and ("is_superuser" in request.POST or (user and user.is_superuser)):
        raise PermissionDenied


@hooks.register("after_edit_page")
@hooks.register("after_edit_snippet")
def was_only_changed(request: HttpRequest, record: Any) -> None:
    """Say why nothing was published, where a reader changed something and approved in one go."""
    task = getattr(record, "current_workflow_task", None)
    if request.POST.get("workflow-action-name") == APPROVE and isinstance(task, SecondPersonTask):
        message = _(
            "Your changes were saved, but not approved: what you changed yourself, somebody else approves. Choose "
            "“Request changes”, and whoever sent this reads them and sends it again."
        )
        if task.was_changed_by(record, request.user):
            messages.warning(request, message)


class KeepingMenuItem(MenuItem):
    """A report of ours, shown to those who edit pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Officers and moderators of ideas have nothing to look after there."""
        shown: bool = KeepingReport.may_see(request.user)
        return shown


@hooks.register("register_reports_menu_item")
def register_reviews_report() -> MenuItem:
    """The entry in the side bar."""
    return KeepingMenuItem(ReviewsReport.page_title, reverse("keeping:reviews"), icon_name="time", order=100)


@hooks.register("register_reports_menu_item")
def register_translations_report() -> MenuItem:
    """The entry in the side bar."""
    title = TranslationsReport.page_title
    return KeepingMenuItem(title, reverse("keeping:translations"), icon_name="site", order=110)


@hooks.register("register_reports_menu_item")
def register_overdue_report() -> MenuItem:
    """The entry in the side bar."""
    return KeepingMenuItem(OverdueReport.page_title, reverse("keeping:overdue"), icon_name="warning", order=120)


class StateMenuItem(MenuItem):
    """Shown to those who run the site."""

    def is_shown(self, request: HttpRequest) -> bool:
        """A right of its own."""
        return may_see_state(request)


@hooks.register("register_reports_menu_item")
def register_state_of_the_site() -> MenuItem:
    """The entry under Reports."""
    return StateMenuItem(gettext_lazy("State of the site"), reverse("state_of_the_site"), icon_name="cog", order=50)


@hooks.register("construct_homepage_panels")
def show_what_needs_doing(request: HttpRequest, panels: list[Any]) -> None:
    """Above everything else."""
    panels.append(TodoPanel(request))


@hooks.register("register_page_header_buttons")
def try_it(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Answers that nobody counts, from the menu of a consultation's page."""
    if page.specific_class is ConsultationPage and page.pk and page.permissions_for_user(user).can_edit():
        yield Button(_("Try the form"), url=reverse("trial:start", args=[page.pk]), icon_name="view", priority=12)


@hooks.register("before_edit_page")
def say_what_is_behind(request: HttpRequest, page: Page) -> None:
    """Above an original, which of its translations are behind; above a translation, that it is."""
    if request.method != "GET" or not isinstance(page, BasePage) or page.alias_of_id or not page.live:
        return
    if page.lang == settings.LANGUAGE_CODE:
        behind = [state for state in staleness.states([page]) if state.is_behind and state.page.live]
        if behind:
            text = _(
                "This page was published after these translations were last in line with it: %(languages)s. Sync them, "
                "then translate what is new."
            )
            buttons = [messages.button(state.edit_url, state.language) for state in behind]
            languages = ", ".join(state.language for state in behind)
            messages.info(request, text % {"languages": languages}, buttons=buttons)
    elif page.newer_original is not None:
        text = _("The page that this was translated from was published on %(day)s, after the two were last in line.")
        day = date_format(timezone.localtime(page.newer_original.page.last_published_at), "DATE_FORMAT")
        button = messages.button(
            reverse("wagtailadmin_pages:edit", args=[page.newer_original.page.pk]), page.newer_original.name
        )
        messages.info(request, text % {"day": day}, buttons=[button])


@hooks.register("before_publish_page")
def say_what_would_change(request: HttpRequest, page: Page) -> HttpResponseRedirect | None:
    """Whoever publishes what changes something that people have answered sees it first."""
    return publishing.before_publishing(request, page) if isinstance(page, ConsultationPage) else None


@hooks.register("before_bulk_action")
def publish_such_pages_one_by_one(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponseRedirect | None:
    """The same for several pages at once: each of them has to be looked at by itself."""
    if action_type != "publish" or not issubclass(action.model, Page):
        return None
    return publishing.before_publishing_several(request, objects)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """What the history of a page says of a publication."""

    @actions.register_action(TOUCHED)
    class Touched(LogFormatter):
        """What changed about what people had answered."""

        label = gettext_lazy("Change what people have answered")

        def format_message(self, log_entry: Any) -> str:
            """Every change in words, in the reader's language."""
            sentences = [impact.in_words(change) for change in impact.read(log_entry.data.get("changes"))]
            return " ".join([_("Published a change to what people have answered."), *sentences])

    @actions.register_action(GAPS)
    class Gaps(LogFormatter):
        """What was missing on the checklist."""

        label = gettext_lazy("Publish with gaps in the checklist")

        def format_message(self, log_entry: Any) -> str:
            """Every gap in words, in the reader's language."""
            named = [
                str(checklist.POINTS[name]) for name in log_entry.data.get("missing", ()) if name in checklist.POINTS
            ]
            return _("Published with gaps in the checklist: %(gaps)s.") % {"gaps": "; ".join(named)}


@hooks.register("after_publish_page")
def warn_of_a_short_time(request: HttpRequest, page: Page) -> None:
    """Say once more what the editor's panel says; nothing is held back."""
    if isinstance(page, ConsultationPage) and page.is_short and not page.short_reason.strip():
        message = _(
            "“%(title)s” is open for less than twelve weeks. Its page does not say why: you can add that under “Why "
            "the time is short”."
        )
        messages.warning(request, message % {"title": page.title})


@hooks.register("after_publish_page")
def warn_of_gaps(request: HttpRequest, page: Page) -> None:
    """Say how many points of the checklist are missing, where people can answer or soon can; nothing is held back."""
    if not isinstance(page, ConsultationPage) or not page.leads or not checklist.matters(page):
        return
    missing = len(checklist.gaps(page))
    if missing:
        text = ngettext(
            "“%(title)s” is published with %(n)d gap in its checklist.",
            "“%(title)s” is published with %(n)d gaps in its checklist.",
            missing,
        )
        button = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("See the checklist"))
        messages.warning(request, text % {"title": page.title, "n": missing}, buttons=[button])


@hooks.register("before_delete_page")
def keep_an_answered_page(request: HttpRequest, page: Page) -> HttpResponseRedirect | None:
    """Say why a page can't be deleted, instead of failing when it is tried."""
    return _refusal(request, [page])


@hooks.register("before_bulk_action")
def keep_answered_pages(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponseRedirect | None:
    """The same for several pages at once."""
    return _refusal(request, objects) if action_type in DELETING and issubclass(action.model, Page) else None


def _refusal(request: HttpRequest, pages: list[Page]) -> HttpResponseRedirect | None:
    refused = left_without_page(pages)
    if not refused:
        return None
    message = _("People have answered %(titles)s, so its last page can't be deleted. You can unpublish it instead.")
    messages.error(request, message % {"titles": ", ".join(f"“{record.title}”" for record in refused)})
    parent = pages[0].get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else pages[0].pk)


@hooks.register("before_copy_page")
def copy_the_original(request: HttpRequest, page: Page) -> HttpResponseRedirect | None:
    """Copies are made of the leading page: a copy of a translation would be a consultation in that language alone."""
    original = copying.in_place_of(page)
    if original is None:
        return None
    message = _(
        "This is the page that translations are made from. Copy it, and its translations come with it as drafts."
    )
    messages.info(request, message)
    return redirect("wagtailadmin_pages:copy", original.pk)


@hooks.register("after_copy_page")
def copy_translations(request: HttpRequest, page: Page, new_page: Page) -> None:
    """Make drafts of the translations, and say what there is and what is left to do."""
    count = copying.consultations_of(new_page)
    if not count:
        return
    drafts = copying.translate_copies(page, new_page, request.user)
    text = ngettext(
        "The copy has the questions and no answers. It is a draft and has the dates of the original: set when it opens "
        "and closes before you publish it.",
        "The %(count)s copies have the questions and no answers. They are drafts and have the dates of the originals: "
        "set when each opens and closes before you publish it.",
        count,
    ) % {"count": count}
    if drafts:
        left = copying.left_to_translate(drafts).items()
        numbers = ", ".join(f"{locale} {missing}" for locale, missing in left)
        text += " " + _("Drafts in the other languages were made, too. Texts to translate: %(numbers)s.") % {
            "numbers": numbers
        }
    shown = drafts if new_page.specific_class is ConsultationPage else []
    buttons = [messages.button(reverse("wagtailadmin_pages:edit", args=[d.page.pk]), str(d.locale)) for d in shown]
    messages.warning(request, text, buttons=buttons)
