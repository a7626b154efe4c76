"""The checks that others rely on find what they are there to find."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.conftest import ROOT, pages, third_parties


def run_pytest(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A run within the run, on a database of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, env=clean | environment, cwd=ROOT, capture_output=True, text=True)


def test_the_consultation_of_the_tests_has_six_items_in_two_sections(consultation):
    structure = consultation.version.structure

    kinds = [[item.get("kind", "information") for item in section["items"]] for section in structure["sections"]]
    assert kinds == [["single", "multiple", "number"], ["information", "short_text", "long_text"]]
    assert consultation.state() == "open"


def test_publishing_with_the_same_key_makes_the_next_version(consultation, make_consultation):
    sections = consultation.version.structure["sections"]

    shorter = make_consultation(key=consultation.key, sections=())

    assert sections
    assert shorter.pk == consultation.pk
    assert shorter.version.number == 2


def test_each_of_the_cast_enters_where_they_may(visitor, editor_client, officer_client, administrator_client):
    entered = {
        name: client.get("/admin/").status_code
        for name, client in {
            "visitor": visitor,
            "editor": editor_client,
            "officer": officer_client,
            "administrator": administrator_client,
        }.items()
    }

    assert entered == {"visitor": 302, "editor": 200, "officer": 200, "administrator": 200}


@pytest.mark.django_db
def test_the_database_is_this_runs_own():
    assert "test_connected_" in connection.settings_dict["NAME"] or "pytest-of-" in connection.settings_dict["NAME"]


def test_an_address_elsewhere_is_a_third_party():
    assert third_parties("http://localhost:8000/en/") == []
    assert third_parties("data:image/png;base64,AAAA") == []
    assert third_parties("https://fonts.example/a.woff2") == ["https://fonts.example/a.woff2"]


@pytest.mark.browser
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_browser_reads_what_the_test_committed(time, page, new_page, administrator):
    page.goto("/admin/login/")
    signed_in = new_page(administrator)
    signed_in.goto("/admin/")

    assert "Staff sign-in" in page.title()
    assert "Dashboard" in signed_in.title()


@pytest.mark.browser
def test_a_request_to_a_third_party_is_blocked_and_fails_the_test(browser, live_server):
    with pytest.raises(AssertionError, match=r"fonts\.example"), pages(browser, live_server.url) as new_page:
        page = new_page()
        page.goto("/static/wagtailadmin/js/core.js")
        outcome = page.evaluate("fetch('https://fonts.example/a.css').then(() => 'sent', () => 'blocked')")

    assert outcome == "blocked"


@pytest.mark.browser
def test_a_broken_script_fails_the_test(browser, live_server):
    with pytest.raises(AssertionError, match="planted"), pages(browser, live_server.url) as new_page:
        page = new_page()
        with page.expect_event("pageerror"):
            page.evaluate("setTimeout(() => { throw new Error('planted') })")


@pytest.mark.browser
def test_axe_finds_a_barrier_and_passes_a_page_without(page, axe):
    page.set_content("<html lang=en><title>Parks</title><main><h1>Parks</h1></main></html>")
    axe(page)

    page.set_content("<html lang=en><title>Parks</title><main><h1>Parks</h1><img src='data:,'></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


@pytest.mark.browser
def test_axe_runs_under_the_strict_policy_of_public_pages(page, axe):
    answer = page.goto("/en/no-such-page/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]

    page.evaluate("document.documentElement.lang = ''")
    with pytest.raises(AssertionError, match="html-has-lang"):
        axe(page)


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_hidden_browser_turns_only_ci_red(ci, code):
    name = "test_a_browser_reads_what_the_test_committed"
    found = run_pytest("-k", name, __file__, CI=ci, CHROMIUM="no-such-browser")

    assert found.returncode == code, found.stdout
    assert "missing: Chromium" in found.stdout
    assert ("RED" in found.stdout) == (ci == "true")


def test_a_group_stays_with_one_worker(tmp_path):
    """The demonstration, the survey and the browser are made once for a group."""
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "test_four.py").write_text(FOUR)

    found = run_pytest("-n", "2", "--dist", "loadgroup", "-p", "no:django", "-v", str(tmp_path))

    assert found.returncode == 0, found.stdout
    assert len({line[:5] for line in found.stdout.splitlines() if "PASSED" in line}) == 1, found.stdout


FOUR = """
import pytest

@pytest.mark.xdist_group("four")
@pytest.mark.parametrize("number", range(4))
def test_one_of_four(number):
    pass
"""
