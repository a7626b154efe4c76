"""Signing in, below /account/: of django-allauth's addresses those that the site uses, and no other.

There is no signing up, and e-mail addresses are changed by administrators.
"""

from allauth.account import views as account
from allauth.socialaccount import views as single_sign_on
from allauth.socialaccount.providers.openid_connect import urls as openid_connect_urls
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from config import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", sign_in.change_password, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sso/cancelled/", single_sign_on.login_cancelled, name="socialaccount_login_cancelled"),
    path("sso/error/", single_sign_on.login_error, name="socialaccount_login_error"),
    *openid_connect_urls.urlpatterns,
]

if settings.OFFER_MAIL:
    urlpatterns += [
        path("password/reset/", account.password_reset, name="account_reset_password"),
        path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
        re_path(
            r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
            account.password_reset_from_key,
            name="account_reset_password_from_key",
        ),
        path(
            "password/reset/key/done/",
            account.password_reset_from_key_done,
            name="account_reset_password_from_key_done",
        ),
    ]
