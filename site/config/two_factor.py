"""Who can read personal data or give out roles uses the admin with a second factor only."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

# Superusers have them all. A group of the council's own that has one of them needs a second factor, too.
RIGHTS = [
    "consultation.download_responses",  # it has what people wrote, too
    "consultation.download_full",
    "consultation.read_responses",
    "consultation.decide_on_held",
    "consultation.erase_ideas",
    "auth.add_user",
    "auth.change_user",
    "auth.add_group",
    "auth.change_group",
]


class RequireTwoFactorMiddleware:
    """Send them to where a second factor is set up, whatever they ask for in the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing below the admin's root is reached without."""
        is_admin = request.path_info.startswith(reverse("wagtailadmin_home"))
        if settings.REQUIRE_TWO_FACTOR and is_admin and is_needed(request.user) and not has(request):
            return redirect("mfa_index")
        return self.get_response(request)


def is_needed(user: Any) -> bool:
    """Whether this person's rights call for it."""
    return any(user.has_perm(right) for right in RIGHTS)


def has(request: HttpRequest) -> bool:
    """Whether this person has a second factor of ours, without which nobody then signs in, or the directory's."""
    return is_mfa_enabled(request.user) or (settings.SSO_HAS_TWO_FACTOR and _came_through_the_directory(request))


def _came_through_the_directory(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "socialaccount" for record in records)
