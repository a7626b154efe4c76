"""Signing in: a password, a second factor where the role calls for it, and no way around either."""

import datetime as dt
import logging
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from config.masking import mask

pytestmark = [pytest.mark.once, pytest.mark.django_db]

LOGIN, ADMIN = "/account/login/", "/admin/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_TWO_FACTOR = True


def sign_in(client, username, password=None, **more):
    return client.post(LOGIN, {"login": username, "password": password or username, **more})


def code(secret, shift=0):
    """What the authenticator app shows."""
    counter = list(totp.yield_hotp_counters_from_time())[1]
    return totp.format_hotp_value(totp.hotp_value(secret, counter + shift))


def wrong(secret):
    right = {totp.format_hotp_value(totp.hotp_value(secret, one)) for one in totp.yield_hotp_counters_from_time()}
    return next(f"{number:06}" for number in range(9) if f"{number:06}" not in right)


def set_up(client):
    """Set up an authenticator app as the pages lead through it; return its secret."""
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get("/account/2fa/totp/activate/").content.decode())[1]
    answered = client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    assert answered["Location"] == "/account/2fa/recovery-codes/", answered.content
    cache.clear()  # a code is good for one use, and the next test step would need another half minute
    return secret


def is_inside(client):
    return client.get(ADMIN).status_code == 200


@pytest.fixture
def secret(officer):
    """The officer's authenticator app, set up."""
    client = Client()
    sign_in(client, "officer")
    return set_up(client)


def test_an_editor_signs_in_with_a_name_or_an_address_and_a_password(editor):
    for name in ("editor", "editor@example.org", "EDITOR@example.org"):
        client = Client()

        answered = sign_in(client, name, "editor")

        assert answered["Location"] == ADMIN
        assert is_inside(client)


def test_a_wrong_password_is_refused_and_does_not_say_whether_there_is_such_an_account(editor):
    client = Client()

    refused = [sign_in(client, name, "wrong") for name in ("editor", "nobody")]

    said = [re.findall(r"<li>(.*?)</li>", page.content.decode(), re.DOTALL) for page in refused]
    assert said[0] == said[1] != []
    assert not is_inside(client)


def test_guessing_is_stopped(editor):
    client = Client()

    for _attempt in range(6):
        answered = sign_in(client, "editor", "wrong")

    assert "Too many" in answered.content.decode()
    sign_in(client, "editor", "editor")
    assert not is_inside(client)


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/admin/consultations/", "/admin/users/", "/admin/account/", "/admin/pages/", "/admin/reports/locked/"],
)
def test_who_reads_personal_data_reaches_nothing_of_the_admin_without_a_second_factor(officer, address):
    client = Client()
    sign_in(client, "officer")

    assert client.get(address)["Location"] == "/account/2fa/"
    assert "Your role" in client.get("/account/2fa/").content.decode()
    set_up(client)
    assert client.get(address).status_code != 302 or client.get(address)["Location"] == ADMIN


def test_the_check_is_what_keeps_them_out(officer, settings):
    settings.REQUIRE_TWO_FACTOR = False
    client = Client()

    sign_in(client, "officer")

    assert is_inside(client)


@pytest.mark.parametrize(
    ("group", "needs"),
    {
        "Editors": False,
        "Moderators": False,
        "Officers (analysis)": True,
        "Officers (personal data)": True,
        "Administrators": True,
    }.items(),
)
def test_each_role_needs_a_second_factor_or_not(editor, group, needs):
    editor.groups.set(Group.objects.filter(name=group))
    client = Client()

    sign_in(client, "editor")

    assert is_inside(client) != needs


def test_a_superuser_needs_one(administrator):
    client = Client()

    sign_in(client, "administrator")

    assert not is_inside(client)


def test_a_group_of_the_councils_own_with_such_a_right_needs_one(editor):
    own = Group.objects.create(name="Reads everything")
    own.permissions.add(Permission.objects.get(codename="download_responses"))
    editor.groups.add(own)
    client = Client()

    sign_in(client, "editor")

    assert not is_inside(client)


def test_with_a_second_factor_a_password_alone_opens_nothing(secret):
    client = Client()

    answered = sign_in(client, "officer")

    assert answered["Location"] == "/account/2fa/authenticate/"
    assert client.get(ADMIN)["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_the_code_of_the_app_opens_it_and_a_wrong_one_does_not(secret):
    client = Client()
    sign_in(client, "officer")

    client.post("/account/2fa/authenticate/", {"code": wrong(secret)})
    assert not is_inside(client)
    client.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert is_inside(client)


def test_a_code_that_was_seen_opens_nothing_a_second_time(secret):
    seen = code(secret)
    for is_let_in in (True, False):
        client = Client()
        sign_in(client, "officer")

        client.post("/account/2fa/authenticate/", {"code": seen})

        assert is_inside(client) == is_let_in


def test_a_code_that_is_minutes_old_opens_nothing(secret):
    client = Client()
    sign_in(client, "officer")

    client.post("/account/2fa/authenticate/", {"code": code(secret, -5)})

    assert not is_inside(client)


def test_a_recovery_code_opens_it_once(officer, secret):
    kept = Authenticator.objects.get(user=officer, type="recovery_codes").wrap().get_unused_codes()[0]
    for is_let_in in (True, False):
        client = Client()
        sign_in(client, "officer")

        client.post("/account/2fa/authenticate/", {"code": kept})

        assert is_inside(client) == is_let_in


def test_what_the_database_keeps_of_an_app_is_no_use_without_the_sites_key(officer, secret, settings):
    kept = Authenticator.objects.get(user=officer, type="totp").data["secret"]

    assert secret not in kept
    assert decrypt(kept) == secret
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key"
    assert decrypt(kept) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Exception, match=""):
        decrypt(kept)


def test_who_lost_phone_and_codes_sets_up_a_new_one_after_an_administrator_took_the_old_one_away(officer, secret):
    call_command("forget_second_factor", "officer")
    client = Client()
    sign_in(client, "officer")

    assert client.get(ADMIN)["Location"] == "/account/2fa/"
    set_up(client)
    assert is_inside(client)


def test_taking_it_away_from_nobody_says_so():
    with pytest.raises(CommandError, match="Nobody"):
        call_command("forget_second_factor", "nobody")


def test_taking_the_last_second_factor_away_closes_the_admin_again(officer, secret):
    client = Client()
    sign_in(client, "officer")
    client.post("/account/2fa/authenticate/", {"code": code(secret)})

    client.post("/account/2fa/totp/deactivate/")

    assert not is_inside(client)


def test_some_minutes_after_signing_in_a_second_factor_is_set_up_only_by_who_knows_the_password(officer):
    client = Client()
    sign_in(client, "officer")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        asked = client.get("/account/2fa/totp/activate/")["Location"]

        assert asked.startswith("/account/reauthenticate/")
        assert "Is it still you?" in client.get(asked).content.decode()
        client.post(asked, {"password": "wrong"})
        assert client.get("/account/2fa/totp/activate/").status_code == 302
        client.post(asked, {"password": "officer"})
        assert client.get("/account/2fa/totp/activate/").status_code == 200


# No way around


@pytest.mark.parametrize("address", ["/admin/login/", "/en/_util/login/", "/ga/_util/login/"])
def test_wagtails_own_sign_in_is_not_there(secret, address):
    client = Client()

    answered = client.post(address, {"username": "officer", "password": "officer"})

    assert answered["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_no_address_of_the_site_leads_to_a_sign_in_with_a_password_alone():
    """Wagtail's two are there in its lists of addresses, behind ours, which are found first."""
    places = ("/admin/", "/en/_util/", "/account/")
    reached = {get_resolver().resolve(f"{place}login/").func.__module__.split(".")[0] for place in places}

    assert reached == {"django", "allauth"}


@pytest.mark.parametrize(
    "address",
    [
        "/account/",
        "/account/signup/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/password/set/",
        "/account/login/code/",
        "/account/login/code/confirm/",
        "/account/reauthenticate/code/",
        "/account/2fa/trust/",
        "/account/2fa/webauthn/signup/",
        "/account/3rdparty/",
        "/account/3rdparty/signup/",
        "/account/sessions/",
        "/account/oidc/council/login/",
        "/admin/password_reset/",
    ],
)
def test_what_the_site_does_not_use_is_not_there(editor_client, address):
    assert editor_client.get(address).status_code == 404
    assert editor_client.post(address).status_code == 404


def test_an_account_that_is_switched_off_is_not_let_in(editor):
    editor.is_active = False
    editor.save()
    client = Client()

    sign_in(client, "editor")

    assert not is_inside(client)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(editor, elsewhere):
    answered = sign_in(Client(), "editor", next=elsewhere)

    assert answered["Location"] == ADMIN


def test_signing_in_leads_to_what_was_asked_for(editor):
    client = Client()
    asked = client.get("/admin/images/")["Location"]

    answered = client.post(asked, {"login": "editor", "password": "editor", "next": "/admin/images/"})

    assert asked == "/account/login/?next=/admin/images/"
    assert answered["Location"] == "/admin/images/"


def test_signing_out_takes_a_press_of_a_button(editor_client):
    editor_client.get("/account/logout/")
    assert is_inside(editor_client)

    editor_client.post("/account/logout/")
    assert not is_inside(editor_client)


# A new password


def test_a_link_by_e_mail_sets_a_new_password_and_the_second_factor_stays(officer, secret):
    client = Client()
    client.post("/account/password/reset/", {"email": "officer@example.org"})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]

    form = client.get(link)["Location"]
    client.post(form, {"password1": "a-new-one-of-mine", "password2": "a-new-one-of-mine"})

    assert not is_inside(client)
    assert sign_in(client, "officer", "a-new-one-of-mine")["Location"] == "/account/2fa/authenticate/"


def test_an_address_without_an_account_gets_no_e_mail_and_the_page_does_not_tell(editor):
    answers = [
        Client().post("/account/password/reset/", {"email": email}) for email in ("editor@example.org", "a@b.ie")
    ]

    assert len({answered["Location"] for answered in answers}) == 1
    assert [message.to for message in mail.outbox] == [["editor@example.org"]]


def test_no_secret_stands_in_the_log(officer, secret, caplog):
    logging.getLogger("django.request").warning("GET /account/password/reset/key/2-abc123-def/ and ?code=xyz&state=uvw")
    said = mask(caplog.text)

    assert "abc123" not in said
    assert "xyz" not in said
    assert "uvw" not in said


# Pages


def test_who_asks_far_too_often_is_told_to_wait(client):
    for _time in range(31):
        answered = sign_in(client, "nobody", "wrong")

    assert answered.status_code == 429
    assert "Wait for five minutes" in answered.content.decode()


def test_readers_get_no_cookie_and_those_who_open_the_sign_in_page_only_what_it_needs():
    client = Client()

    client.get("/en/")
    assert not client.cookies
    client.get(LOGIN)
    assert set(client.cookies) <= {"csrftoken", "sessionid"}


def test_every_page_has_the_strict_policy(editor_client):
    for address in (LOGIN, "/account/2fa/"):
        assert "unsafe" not in editor_client.get(address)["Content-Security-Policy"]
