"""In production settings every sort of public page gets an A+, and nothing about it costs a point."""

import importlib
import re

import pytest
from django.test import Client

from config import headers
from tests.observatory import report
from tests.test_settings import PRODUCTION
from tests.visits import Keeper, visit_everything

# What production says about answers; its databases, storages and keys are not these tests'.
ABOUT_ANSWERS = re.compile("SECURE_|SESSION_|CSRF_|X_FRAME|MIDDLEWARE|CONTENT_SECURITY|ADMIN_CONTENT|SIGN_IN_CONTENT")
HTTPS = {"HTTP_X_FORWARDED_PROTO": "https"}
OTHERS = ["/sitemap.xml", "/robots.txt", "/en/events.ics", "/en/news.atom", "/en/search/?q=plan", "/en/nothing-there/"]
OTHERS += ["/account/login/", "/static/css/site.css", "/answer/999/en/", "/%ff/"]
# Allowed of a public page's policy, and no more.
NARROW = {"'self'", "'none'", "data:"}


@pytest.fixture
def production(settings, monkeypatch):
    """Django as production sets it up, as far as answers go."""
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    told = importlib.import_module("config.settings.production")
    for name in dir(told):
        if ABOUT_ANSWERS.match(name):
            setattr(settings, name, getattr(told, name))
    return settings


def judged(address, **options):
    """A page over http and https."""
    plain = Client(**options).get(address)
    return report(plain, Client(**HTTPS, **options).get(address))


class Listener(Keeper):
    """Keeps each answer beside its page."""

    def __init__(self, folder):
        super().__init__(folder)
        self.defaults |= HTTPS
        self.heard = []

    def request(self, **request):
        answer = super().request(**request)
        self.heard.append((f"{request['REQUEST_METHOD']} {request['PATH_INFO']}", answer))
        return answer


def test_every_sort_of_public_page_gets_the_best_grade(demo, production, tmp_path):
    listener = Listener(tmp_path / "pages")
    visit_everything(listener.folder, listener)
    for address in OTHERS:
        listener.get(address)
    redirect = Client().get("/en/")

    reports = {path: report(redirect, answer) for path, answer in listener.heard}

    assert len(reports) > 60
    wrong = {path: (found.grade, found.score, found.faults) for path, found in reports.items() if found.faults}
    assert wrong == {}
    assert {found.grade for found in reports.values()} == {"A+"}
    print(f"{len(reports)} addresses, {min(found.score for found in reports.values())} points at least")  # noqa: T201


def test_every_page_has_the_headers_that_no_grade_asks_for(db, production):
    page = Client(**HTTPS).get("/account/login/")

    assert page["Permissions-Policy"] == headers.HEADERS["Permissions-Policy"]
    assert "camera=()" in page["Permissions-Policy"]
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page["X-Frame-Options"] == "DENY"
    policy = Client(**HTTPS).get("/en/")["Content-Security-Policy"]
    assert {word for part in policy.split(";") for word in part.split()[1:]} <= NARROW


def test_cookies_are_bound_to_the_host(db, production):
    cookies = Client(**HTTPS).get("/account/login/").cookies

    assert set(cookies) == {"__Host-csrf"}
    for cookie in cookies.values():
        assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]


@pytest.mark.parametrize("address", ["/en/", "/account/login/", "/robots.txt"])
def test_over_http_one_is_led_to_https_and_gets_no_cookie(db, production, address):
    answer = Client().get(address)

    assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{address}")
    assert not answer.cookies


PLANTED = {
    "the policy off": ("MIDDLEWARE", lambda found: [name for name in found if "csp" not in name]),
    "a policy with inline script": (
        "CONTENT_SECURITY_POLICY",
        lambda found: {"DIRECTIVES": {"default-src": ["'unsafe-inline'"]}},
    ),
    "HSTS off": ("SECURE_HSTS_SECONDS", lambda found: 0),
    "HSTS for a month": ("SECURE_HSTS_SECONDS", lambda found: 2_592_000),
    "no way to https": ("SECURE_SSL_REDIRECT", lambda found: False),
    "sniffing": ("SECURE_CONTENT_TYPE_NOSNIFF", lambda found: False),
    "a leaking referrer": ("SECURE_REFERRER_POLICY", lambda found: "unsafe-url"),
    "an insecure cookie": ("CSRF_COOKIE_SECURE", lambda found: False),
    "a cookie for every site": ("CSRF_COOKIE_SAMESITE", lambda found: "None"),
}
COST_A_GRADE = {"the policy off", "HSTS off", "no way to https", "a policy with inline script"}


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_faults_cost_points_and_the_great_ones_the_grade(db, production, fault):
    address = "/en/" if "inline" in fault else "/account/login/"
    good = judged(address)
    name, change = PLANTED[fault]
    setattr(production, name, change(getattr(production, name)))

    bad = judged(address)

    assert (good.grade, good.faults) == ("A+", [])
    assert bad.score < good.score
    assert bad.faults
    if fault in COST_A_GRADE:
        assert bad.grade != "A+"
