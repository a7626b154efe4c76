"""Where editors send a translation for approval, registered below the admin's root."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import DraftStateMixin, Page
from wagtail_localize.models import Translation
from wagtail_localize.views.edit_translation import user_can_edit_instance

from home import translation_draft


def submit(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Show how far it is, and send it."""
    translation = get_object_or_404(Translation, pk=translation_id, enabled=True)
    record = translation.get_target_instance()
    if not may_submit(request.user, record):
        raise PermissionDenied
    if request.method == "POST" and not record.workflow_in_progress:
        try:
            translation_draft.submit(translation, request.user)
        except ValidationError as reason:
            messages.error(request, " ".join(reason.messages))
        else:
            sent = _("“%(title)s” was sent: somebody else reads and approves it.")
            messages.success(request, sent % {"title": str(record)})
        return redirect(_editor(record))
    texts, done = translation.get_progress()
    context = {
        "title": str(record),
        "texts": texts,
        "done": done,
        "language": translation.target_locale,
        "waits": record.workflow_in_progress,
        "editor": _editor(record),
    }
    return render(request, "approval/submit.html", context)


def may_submit(user: Any, record: Any) -> bool:
    """Whether this can be sent for approval, and by this person. An alias repeats another page and has no draft."""
    if isinstance(record, Page):
        record = record.specific
        if record.alias_of_id is not None:
            return False
    return isinstance(record, DraftStateMixin) and user_can_edit_instance(user, record) and record.has_workflow


def _editor(record: Any) -> str:
    if isinstance(record, Page):
        return reverse("wagtailadmin_pages:edit", args=[record.pk])
    return reverse(record.snippet_viewset.get_url_name("edit"), args=[record.pk])


def address(translation: Translation) -> str:
    """Where a translation is sent for approval."""
    return reverse("submitting:submit", args=[translation.pk])
