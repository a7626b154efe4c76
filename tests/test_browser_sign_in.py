"""Signing in, in a browser: legible, without a third party, and with a passkey."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def officer(editor, settings):
    """Somebody who needs a second factor."""
    settings.REQUIRE_TWO_FACTOR = True
    editor.groups.set(Group.objects.filter(name="Officers (personal data)"))
    return editor


def sign_in(page, name="editor"):
    page.goto("/account/login/")
    page.get_by_label("User name or e-mail address").fill(name)
    page.get_by_label("Password").fill("editor")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def is_narrow_enough(page):
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_on_the_way_is_accessible_and_fits_a_phone(officer, new_page, axe, scheme):
    page = new_page(viewport={"width": 320, "height": 700}, bypass_csp=True, color_scheme=scheme)

    def look():
        axe(page)
        assert is_narrow_enough(page), page.url

    page.goto("/account/login/")
    look()
    sign_in(page, "nobody")
    look()
    sign_in(page)
    page.wait_for_url("**/account/2fa/")
    look()
    with page.expect_navigation():
        page.get_by_role("link", name="Set up an authenticator app").click()
    look()
    secret = page.locator("code").inner_text()
    (_before, counter, _after) = totp.yield_hotp_counters_from_time()
    page.get_by_label("Authenticator code").fill(totp.format_hotp_value(totp.hotp_value(secret, counter)))
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/recovery-codes/")
    look()
    for address in ("", "webauthn/", "webauthn/add/", "recovery-codes/generate/", "totp/deactivate/"):
        page.goto(f"/account/2fa/{address}")
        look()
    for address in ("password/change/", "password/reset/", "reauthenticate/", "logout/"):
        page.goto(f"/account/{address}")
        look()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    page.wait_for_url("**/authenticate/")
    look()


def test_a_passkey_opens_the_admin_without_a_password_and_under_the_strict_policy(officer, new_page):
    page = new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    sign_in(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url("**/admin/")
    assert Authenticator.objects.filter(user=officer, type="webauthn").exists()
    assert not refused


def test_signing_in_by_password_works_without_javascript(editor, new_page):
    page = new_page(java_script_enabled=False)

    sign_in(page)

    page.wait_for_url("**/admin/")
