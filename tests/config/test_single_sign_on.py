"""Single sign-on: the council's directory opens accounts that there are, by an address that it vouches for."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client

pytestmark = [pytest.mark.once, pytest.mark.django_db]

DIRECTORY = "https://directory.example.org"
CONFIGURATION = {
    "issuer": DIRECTORY,
    "authorization_endpoint": f"{DIRECTORY}/authorize",
    "token_endpoint": f"{DIRECTORY}/token",
    "userinfo_endpoint": f"{DIRECTORY}/userinfo",
    "jwks_uri": f"{DIRECTORY}/keys",
    "token_endpoint_auth_methods_supported": ["client_secret_post"],
}


class Answer:
    """What the directory sends over HTTP."""

    status_code, ok, headers = 200, True, {"content-type": "application/json"}

    def __init__(self, data):
        self.data, self.text = data, "{}"

    def json(self):
        return self.data

    def raise_for_status(self):
        pass


class Directory:
    """The council's directory, and what it says of whoever signs in there."""

    def __init__(self):
        self.says = {}

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        pass

    def get(self, url, **more):
        return Answer(self.says if url.endswith("/userinfo") else CONFIGURATION)

    def request(self, method, url, **more):
        return Answer({"access_token": "token", "token_type": "Bearer"})

    post = get


@pytest.fixture
def directory(monkeypatch, settings):
    directory = Directory()
    monkeypatch.setattr("config.sign_in.SingleSignOnAdapter.get_requests_session", lambda adapter: directory)
    app = {
        "provider_id": "council",
        "name": "the council’s account",
        "client_id": "connected",
        "secret": "only-for-tests",
        "settings": {"server_url": DIRECTORY},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return directory


def come_back(client, path="/account/oidc/council/login/"):
    """Go to the directory by the button, and come back from there."""
    there = client.post(path)
    assert there["Location"].startswith(f"{DIRECTORY}/authorize")
    asked = parse_qs(urlsplit(there["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get("/account/oidc/council/login/callback/", {"code": "code", "state": asked["state"][0]})


def is_inside(client):
    return client.get("/admin/").status_code == 200


def test_the_sign_in_page_offers_it_where_it_is_set_up(directory, client):
    assert "Sign in with the council’s account" in client.get("/account/login/").content.decode()


def test_somebody_with_an_account_is_let_in_by_an_address_that_the_directory_vouches_for(directory, editor, client):
    directory.says = {"sub": "42", "email": "Editor@Example.org", "email_verified": True}

    come_back(client)

    assert is_inside(client)
    assert int(client.session["_auth_user_id"]) == editor.pk


def test_from_then_on_the_directorys_own_number_counts(directory, editor, client):
    directory.says = {"sub": "42", "email": "editor@example.org", "email_verified": True}
    come_back(client)
    directory.says = {"sub": "42", "email": "married@example.org", "email_verified": True}

    client = Client()
    come_back(client)

    assert is_inside(client)
    assert SocialAccount.objects.get().user == editor


@pytest.mark.parametrize(
    "says",
    [
        {"email": "editor@example.org", "email_verified": False},
        {"email": "editor@example.org"},
        {"email": "stranger@example.org", "email_verified": True},
        {},
    ],
)
def test_nobody_else_is_let_in_and_no_account_is_made(directory, editor, client, says, django_user_model):
    directory.says = {"sub": "43"} | says

    shown = come_back(client)

    assert not is_inside(client)
    assert "There is no account for you here" in shown.content.decode()
    assert django_user_model.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_an_address_that_two_accounts_have_opens_neither(directory, editor, client, django_user_model):
    django_user_model.objects.create_user("other", "editor@example.org", "other")
    directory.says = {"sub": "42", "email": "editor@example.org", "email_verified": True}

    come_back(client)

    assert not is_inside(client)


def test_an_account_that_was_switched_off_stays_closed(directory, editor, client):
    directory.says = {"sub": "42", "email": "editor@example.org", "email_verified": True}
    come_back(client)
    editor.is_active = False
    editor.save()

    for browser in (client, Client()):
        come_back(browser)
        assert not is_inside(browser)


def test_nobody_connects_a_directory_account_of_another_name_to_their_own(directory, editor, editor_client):
    directory.says = {"sub": "44", "email": "stranger@example.org", "email_verified": True}

    assert come_back(editor_client, "/account/oidc/council/login/?process=connect").status_code == 401

    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_asked_for_is_refused(directory, editor, client):
    directory.says = {"sub": "42", "email": "editor@example.org", "email_verified": True}

    client.get("/account/oidc/council/login/callback/", {"code": "code", "state": "made-up"})

    assert not is_inside(client)


def test_the_directory_is_asked_only_when_somebody_presses_the_button(directory, client):
    assert client.get("/account/oidc/council/login/").status_code == 200


@pytest.mark.parametrize("has_two_factor", [True, False])
def test_who_needs_a_second_factor_sets_one_up_unless_the_directory_asks_for_it(
    directory, editor, client, settings, has_two_factor
):
    settings.REQUIRE_TWO_FACTOR, settings.SSO_HAS_TWO_FACTOR = True, has_two_factor
    editor.groups.set(Group.objects.filter(name="Officers (personal data)"))
    directory.says = {"sub": "42", "email": "editor@example.org", "email_verified": True}

    come_back(client)

    assert is_inside(client) == has_two_factor
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_a_password_is_not_taken_for_the_directorys_second_factor(directory, officer, client, settings):
    settings.REQUIRE_TWO_FACTOR = settings.SSO_HAS_TWO_FACTOR = True

    client.post("/account/login/", {"login": "officer", "password": "officer"})

    assert not is_inside(client)
