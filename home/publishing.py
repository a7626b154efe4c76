"""The step between “Publish” and the publication: what it would change about what people have answered.

The draft is saved before anybody sees this step, so that going back loses nothing that was typed.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from consultation import impact
from consultation.impact import Change
from home.models import ConsultationPage, checklist


def before_publishing(request: HttpRequest, page: ConsultationPage) -> HttpResponseRedirect | None:
    """The way to this step, where something would change; None where the page can be published at once."""
    draft = page.get_latest_revision_as_object()
    if not draft.would_change():
        return None
    # Where an earlier version is brought back, Wagtail's history says so.
    given = {"from": request.POST.get("revision", ""), "next": get_valid_next_url_from_request(request)}
    query = urlencode({name: value for name, value in given.items() if value})
    return HttpResponseRedirect(address(draft) + (f"?{query}" if query else ""), status=303)


def before_publishing_several(request: HttpRequest, pages: Iterable[Page]) -> HttpResponseRedirect | None:
    """Publish none of them where one would change something, and link to this step of each that would."""
    chosen = ConsultationPage.objects.filter(pk__in=[page.pk for page in pages])
    drafts = [page.get_latest_revision_as_object() for page in chosen]
    changing = [draft for draft in drafts if draft.would_change()]
    if not changing:
        return None
    text = _("Nothing was published yet: some of these pages change what people have answered. Look at each by itself.")
    buttons = [messages.button(address(draft), draft.get_admin_display_title()) for draft in changing]
    messages.warning(request, text, buttons=buttons)
    return redirect("wagtailadmin_explore", changing[0].get_parent().pk)


def address(draft: ConsultationPage) -> str:
    """Where it is said what publishing the latest draft would change."""
    return reverse("publishing:confirm", args=[draft.pk, draft.latest_revision_id])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, page_id: int, revision_id: int) -> HttpResponse:
    """Say what would change, and publish when asked to."""
    page = get_object_or_404(ConsultationPage, id=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    revision = get_object_or_404(page.revisions, pk=revision_id)
    lock = page.get_lock()
    if lock is not None and lock.for_user(request.user):
        messages.error(request, _("The page is locked, so it was not published."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    if page.latest_revision_id != revision.pk:
        messages.warning(request, _("Somebody has saved the page since. Look at it again, then publish it."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    draft: ConsultationPage = revision.as_object()
    changes = draft.would_change()
    seen = _name(changes)
    if request.method == "POST" and request.POST.get("seen") == seen:
        return _publish(request, page, revision)
    if request.method == "POST":
        messages.warning(request, _("What would change is no longer what this page said. Look at it again."))
    context = {
        "page": draft,
        "sentences": [impact.in_words(change) for change in changes],
        "gaps": checklist.gaps(draft) if draft.leads and checklist.matters(draft) else [],
        "seen": seen,
        "goes_live_at": draft.go_live_at if draft.go_live_at and draft.go_live_at > timezone.now() else None,
        "from": request.GET.get("from", ""),
        "next": get_valid_next_url_from_request(request),
        "page_title": _("What publishing changes"),
        "page_subtitle": draft.get_admin_display_title(),
        "header_icon": "warning",
    }
    return render(request, "home/publishing/confirm.html", context)


def _name(changes: Iterable[Change]) -> str:
    """Name a list of changes, whatever was answered meanwhile."""
    rows = [{**row, "n": 0} for row in impact.stored(list(changes))]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _publish(request: HttpRequest, page: ConsultationPage, revision: Any) -> HttpResponse:
    """Publish as Wagtail's editor does, with all that follows there."""
    number = request.POST.get("from", "")
    restored = page.revisions.filter(pk=number).first() if number.isdecimal() else None
    scheduled = revision.as_object().go_live_at
    PublishPageRevisionAction(revision, user=request.user, changed=True, previous_revision=restored).execute(
        skip_permission_checks=True
    )
    page = ConsultationPage.objects.get(pk=page.pk)
    for name in ("after_publish_page", "after_edit_page"):
        for run in hooks.get_hooks(name):
            answer: HttpResponse | None = run(request, page)
            if answer is not None:
                return answer
    if scheduled and scheduled > timezone.now():
        text = _("“%(title)s” will be published at the time that is set.")
    else:
        text = _("“%(title)s” is published. Its history says what that changed.")
    buttons = [
        messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit")),
        messages.button(reverse("wagtailadmin_pages:history", args=[page.pk]), _("History")),
    ]
    if page.live and page.url:
        buttons.insert(0, messages.button(page.url, _("View live"), new_window=False))
    messages.success(request, text % {"title": page.get_admin_display_title()}, buttons=buttons)
    return redirect(
        get_valid_next_url_from_request(request) or reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    )
