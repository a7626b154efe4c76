"""What the admin is told about these pages."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from home.protection import left_without_page

DELETING = {"delete"}


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
