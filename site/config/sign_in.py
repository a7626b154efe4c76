"""How staff sign in: whom django-allauth lets in, and how it keeps what it must not tell."""

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as DefaultLoginForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import password_change
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

LOGIN = "login"


class LoginForm(DefaultLoginForm):
    """Says what is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail address")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: administrators make the accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether somebody has to prove again who they are. Not just after signing in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if any(time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts that there are, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: who is sent here without an account is told so."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The first time, find the one account with this verified address, and from then on go by the directory's id.

        An address that two accounts have tells nothing. Nobody connects a further directory account to their own.
        """
        if sociallogin.state.get("process") != LOGIN:
            raise PermissionDenied
        if sociallogin.is_existing:
            return
        verified = {address.email for address in sociallogin.email_addresses if address.verified}
        found = {user for email in verified for user in staff().filter(email__iexact=email)}
        if len(found) == 1:
            user = found.pop()
            if user.has_perm("wagtailadmin.access_admin"):
                sociallogin.connect(request, user)


class TwoFactorAdapter(DefaultMFAAdapter):
    """The secrets of authenticator apps and recovery codes are of no use to who finds the database alone."""

    def encrypt(self, text: str) -> str:
        """With the site's own key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """With the site's own key, or one that it had before."""
        return _box().decrypt(encrypted_text.encode()).decode()


def change_password(request: HttpRequest) -> HttpResponseBase:
    """For who has a password: whom the directory lets in has none here, and needs none."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        raise Http404
    page: HttpResponseBase = password_change(request)
    return page


def staff() -> Any:
    """The accounts in use."""
    return get_user_model().objects.filter(is_active=True)


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str | bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factor" + force_bytes(secret)).digest())
