"""The scanners find what is planted: one that finds no hole has shown nothing. `make scan-code` has them look at us."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import MISSING, ROOT
from tests.plan import make_action, make_theme
from tests.scan import allowed, attack, freshness, rules, sqlmap, stored, wapiti
from tests.scan.place import Place
from tests.scan.roles import Visit
from tests.scan.wapiti import Finding, Scan

PLACES = ["home", "consultation", "site", *(["deploy"] if (ROOT / "deploy").exists() else [])]
needs_semgrep = pytest.mark.skipif(
    not rules.SEMGREP.exists(), reason=f"{MISSING}semgrep in .venv-scan-code: make scan-code"
)


def bandit(*places: str | Path) -> subprocess.CompletedProcess[str]:
    """Bandit as `make scan-code` runs it."""
    command = [sys.executable, "-m", "bandit", "--configfile", "pyproject.toml", "--quiet", "--recursive", *places]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


# Bandit


@pytest.mark.parametrize(
    ("hole", "found"),
    [
        ("import subprocess\nsubprocess.run(input(), shell=True)\n", "B602"),
        ("import pickle\npickle.loads(b'')\n", "B301"),
        ("def ask(cursor, name):\n    cursor.execute(f'SELECT 1 FROM {name}')\n", "B608"),
        ("from django.utils.safestring import mark_safe\n\ndef show(x):\n    return mark_safe(x)\n", "B703"),
    ],
)
def test_bandit_finds_a_planted_hole(tmp_path, hole, found):
    (tmp_path / "planted.py").write_text(hole)

    done = bandit(tmp_path)

    assert done.returncode == 1
    assert found in done.stdout


def unexplained(lines: list[str]) -> list[str]:
    """Lines that tell bandit to look away and give no reason before that."""
    found = []
    for line in lines:
        said, mark, _rest = line.partition("# nosec")
        reason = said.rpartition("#")[2].strip() if "#" in said else ""
        if mark and len(reason.removeprefix("noqa:").split()) < 2:
            found.append(line.strip())
    return found


def test_whatever_bandit_is_told_to_pass_over_has_a_reason():
    modules = [path for place in PLACES for path in (ROOT / place).rglob("*.py")]
    lines = [line for path in modules for line in path.read_text().splitlines()]

    assert any("# nosec" in line for line in lines)
    assert unexplained(lines) == []


def test_a_mark_without_a_reason_is_found():
    assert unexplained(["run(x)  # nosec B603", "run(x)  # noqa: S603  # nosec B603"]) == [
        "run(x)  # nosec B603",
        "run(x)  # noqa: S603  # nosec B603",
    ]


# Our own rules


@needs_semgrep
def test_each_rule_finds_its_planted_examples_and_nothing_beside_them():
    assert rules.examples_that_fail() == []


@needs_semgrep
def test_a_broken_rule_is_found_in_code_and_in_a_template(tmp_path):
    (tmp_path / "view.py").write_text("def show(request):\n    return redirect(request.GET['next'])\n")
    (tmp_path / "page.html").write_text("<p>{{ answer.text|safe }}</p>\n")

    found = " ".join(rules.findings(tmp_path))

    assert "led-wherever-a-request-says" in found
    assert "template-says-safe" in found


def test_every_rule_has_examples():
    for name in ("python", "templates"):
        known = {
            line.split()[-1] for line in (rules.RULES / f"{name}.yaml").read_text().splitlines() if "- id:" in line
        }
        examples = next(path for path in rules.RULES.glob(f"{name}.*") if path.suffix != ".yaml").read_text()

        assert known
        assert [rule for rule in known if f"ok: {rule}" not in examples] == []
        assert [rule for rule in known if not re.search(rf"ruleid: (\S+, )*{rule}\b", examples)] == []


# Freshness


def test_the_locks_hold_what_is_asked_for_and_nothing_with_a_known_hole():
    assert freshness.main(["--offline"]) == 0


def test_an_old_django_is_found_without_asking_anybody():
    pins = freshness.pinned("django==5.2.0 \\\n    --hash=sha256:00\n")
    floors = {"django": {"first": "5.2.11", "why": "a hole"}}

    assert freshness.with_a_hole(pins, floors) == ["django 5.2.0 is older than 5.2.11: a hole"]


def test_a_lock_out_of_its_range_or_without_a_package_is_found():
    pins = {"django": Version("5.1.0")}

    assert len(freshness.missing(pins, [Requirement("django==5.2.*"), Requirement("wagtail==8.0.*")])) == 2
    assert freshness.missing({"django": Version("5.2.1")}, [Requirement("django==5.2.*")]) == []


def test_locks_that_differ_are_found():
    locks = {"a": {"django": Version("5.2.1")}, "b": {"django": Version("5.2.2")}}

    assert freshness.differing(locks) == ["django is locked as 5.2.1 and 5.2.2"]


def test_what_is_behind_is_a_fault_where_it_is_asked_for_or_exposed_and_else_a_note():
    found = {
        name: freshness.Newest(Version("2"), direct=name == "django") for name in ("django", "pillow", "certifi", "new")
    }
    pins = {name: Version("1") for name in ("django", "pillow", "certifi")}

    faults, notes = freshness.behind(pins, found)

    assert [line.split()[0] for line in faults] == ["django", "pillow"]
    assert [line.split()[0] for line in notes] == ["certifi"]
    assert freshness.behind({name: Version("2") for name in pins}, found) == ([], [])


def test_an_index_that_does_not_answer_is_said_and_red(monkeypatch, capsys):
    def silent(wanted):
        raise freshness.NoIndex("no route to host")

    monkeypatch.setattr(freshness, "newest", silent)

    assert freshness.main([]) == 1
    assert "did not answer" in capsys.readouterr().out


# The running site


def finding(**changes: str) -> Finding:
    """A finding of Wapiti."""
    plain = {"kind": "Reflected Cross Site Scripting", "method": "GET", "path": "/en/search/", "parameter": "q"}
    return Finding(**({"role": "visitor", "says": "found via injection"} | plain | changes))


def test_what_no_line_of_the_list_explains_is_kept():
    explained = finding(
        kind="HttpOnly Flag cookie", path="/admin/", says="HttpOnly flag is not set in the cookie : csrf"
    )

    assert allowed.unexplained([finding(), explained]) == [finding()]


@pytest.mark.django_db
def test_where_a_form_of_wagtails_holds_no_token_the_address_still_asks_for_one(administrator):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)
    theme = make_theme()

    for address in (f"pages/{theme.pk}/edit/", f"snippets/home/action/edit/{make_action(theme).pk}/"):
        assert browser.get(f"/admin/{address}").status_code == 200
        assert browser.post(f"/admin/{address}", {"is_editing": "1", "revision_id": "1"}).status_code == 403


def test_a_line_of_the_list_covers_its_own_kind_place_and_words_alone():
    said = {"kind": "HttpOnly Flag cookie", "path": "/", "says": "HttpOnly flag is not set in the cookie : session"}

    assert allowed.unexplained([finding(**said)]) == [finding(**said)]
    assert all(len(line.why.split()) > 8 for line in allowed.ALL)


@pytest.mark.parametrize(
    ("shown", "alive", "as_text"),
    [
        ("<p><ScRiPt>alert('w1')</sCrIpT></p>", True, False),
        ("<svg/onload=alert(1)>", True, False),
        ("<img src=x onerror=\"alert('w1')\">", True, False),
        ("<p>&lt;ScRiPt&gt;alert(&#x27;w1&#x27;)&lt;/sCrIpT&gt;</p>", False, True),
        ('<script src="/static/js/site.js"></script>', False, False),
    ],
)
def test_a_payload_that_is_alive_is_told_from_one_that_is_text(shown, alive, as_text):
    assert (bool(stored.ALIVE.search(shown)), bool(stored.AS_TEXT.search(shown))) == (alive, as_text)


def test_a_scan_that_missed_its_planted_hole_crawled_nothing_or_lost_its_sign_in_is_red(monkeypatch):
    place = Place(Path(), 1)
    visit = Visit("editor", "", ("/admin/0/for/editor/?name=you",), "/admin/")
    monkeypatch.setattr("tests.scan.wapiti.scan", lambda place, visit: Scan("editor", (), (), ()))
    monkeypatch.setattr("tests.scan.stored.read", lambda url, cookies: "Sign in")

    found = " ".join(attack.crawled(place, visit))

    assert "the hole at /admin/0/for/editor/ was not found" in found
    assert "0 pages were crawled" in found
    assert "the sign-in was lost" in found


def test_the_scan_s_report_is_read(tmp_path):
    page = {"url": "http://127.0.0.1:1/en/", "method": "GET", "status_code": 200}
    told = {"method": "GET", "path": "/en/search/", "parameter": "q", "info": "found via injection"}
    said = {
        "vulnerabilities": {"Reflected Cross Site Scripting": [told]},
        "anomalies": {},
        "infos": {"crawled_pages": [{"request": page}, {"request": page | {"status_code": 302}}]},
    }
    (tmp_path / "report.json").write_text(json.dumps(said))

    scan = wapiti.read("visitor", tmp_path / "report.json", "Max attack time was reached for module sql, stopping.")

    assert scan == Scan("visitor", ("http://127.0.0.1:1/en/",), (finding(),), ("sql",))


def test_what_sqlmap_injected_is_read(tmp_path):
    (tmp_path / "found").mkdir()
    rows = "Target URL,Place,Parameter,Technique(s),Note(s)\nhttp://127.0.0.1:1/holes/sql/?id=1,GET,id,BE,\n"
    (tmp_path / "found" / "results-1.csv").write_text(rows)

    assert sqlmap.reported(tmp_path, "http://127.0.0.1:1") == {"/holes/sql/ id"}


def test_what_sqlmap_is_given_is_there(demo, administrator_client):
    given = {address.format(c=demo.pk) for each in sqlmap.ADDRESSES.values() for address in each}
    of_the_site = sorted(address for address in given if not address.startswith("/holes/"))

    assert [address for address in of_the_site if administrator_client.get(address).status_code != 200] == []
