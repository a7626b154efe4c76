"""The project is laid out as it says it is."""

import ast
import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

from tests.conftest import MISSING, ROOT

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"
# Written apart, so that this file does not name what it looks for.
REGISTRIES = [
    "pypi org",
    "pythonhosted org",
    "registry npmjs org",
    "registry yarnpkg com",
    "proxy golang org",
    "crates io",
]


def tracked(*options: str) -> list[str]:
    """The files that git knows, by their paths from the root."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip(f"{MISSING}git and its records")
    # A build server often clones as one user and tests as another.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", *options]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    found = [name for name in names if name and (ROOT / name).is_file()]
    assert "manage.py" in found
    return found


def texts() -> list[tuple[str, str]]:
    """Path and text of every tracked file that is text."""
    found = []
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            found.append((name, content.decode(errors="replace")))
    return found


def readme() -> str:
    file = ROOT / "README.md"
    if not file.exists():
        pytest.skip(f"{MISSING}README.md")
    return file.read_text()


def lint_imports(root: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", LINT_IMPORTS, "--no-logo", "--no-cache"]
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'site'}", "COLUMNS": "200"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)


def test_imports_go_one_way():
    contracts = (ROOT / "pyproject.toml").read_text().count("[[tool.importlinter.contracts]]")

    found = lint_imports(ROOT)

    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{contracts} kept, 0 broken" in found.stdout


@pytest.mark.parametrize(
    ("module", "line", "named"),
    [
        ("text", "from consultation import fold", "consultation.text -> consultation.fold"),
        ("ledger", "from home import models", "consultation.ledger -> home.models"),
        ("nowhere", "", "consultation.nowhere"),
    ],
)
def test_a_backward_import_or_a_module_without_a_place_is_found(module, line, named, tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("consultation", "home", "site/config"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "consultation" / f"{module}.py").open("a") as file:
        file.write(f"\n{line}\n")

    found = lint_imports(tmp_path)

    assert found.returncode == 1, found.stdout + found.stderr
    assert named in found.stdout


def test_site_is_a_folder_and_never_a_package():
    assert not (ROOT / "site" / "__init__.py").exists()
    assert not {"site", "site/", "/site", "/site/"} & set((ROOT / ".gitignore").read_text().split())
    assert "site/config/urls.py" in tracked()


def test_tests_are_no_package():
    packages = [name for name in tracked() if name.startswith("tests/") and name.endswith("__init__.py")]
    # An app with migrations has to be one.
    assert not [name for name in packages if not name.startswith("tests/bench/peer/")]


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = StringIO()

    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_command_in_the_readme_is_a_target():
    commands = set(re.findall(r"^\s*(?:\$ )?(?:\w+=\S+ )*make ([a-z-]+)|`make ([a-z-]+)", readme(), re.MULTILINE))
    named = {name for pair in commands for name in pair if name}

    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test"} <= named
    assert named <= targets


def test_the_readme_shows_the_tree_as_it_is():
    _before, heading, after = readme().partition("Where things live")
    assert heading
    block = after.split("```")[1].split("\n")[1:]
    shown = {line.split()[0].rstrip("/") for line in block if line.strip()}

    top = {name.split("/")[0] for name in tracked()} - {"README.md", ".gitignore", ".gitattributes"}
    assert [path for path in shown if not (ROOT / path).exists()] == []
    assert top - shown == set()


def faults(text: str) -> list[str]:
    """The places of one machine, and the hosts of registries, that a text names."""
    places = [str(ROOT)] + ([str(Path.home())] if len(Path.home().parts) > 2 else [])
    hosts = [name.replace(" ", ".") for name in REGISTRIES]
    for variable in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        hosts += [host for host in [urlsplit(os.environ.get(variable, "")).hostname] if host]
    found = [word for word in places + hosts if word in text]
    return found + re.findall(r"(?<![\w.}/])/(?:(?:home|Users)/\w+|root)/", text)


def test_no_file_names_a_place_of_this_machine_or_a_registry():
    named = {name: faults(text) for name, text in texts()}

    assert {name: found for name, found in named.items() if found} == {}


def test_such_a_place_is_found():
    assert faults(f"see {ROOT}/Makefile")
    assert faults("see /" + "home/alice/project")
    assert faults("index-url = https://" + REGISTRIES[0].replace(" ", ".") + "/simple")
    assert not faults("templates/home/base/page.html")


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("requirements.txt", "django"),
        ("requirements-production.txt", "redis"),
        ("requirements-dev.txt", "pytest"),
        ("requirements-scan-code.txt", "semgrep"),
        ("requirements-scan-site.txt", "wapiti3"),
    ],
)
def test_the_lock_holds_hashes_and_no_address(name, package):
    text = (ROOT / name).read_text()

    assert "://" not in text
    assert re.search(rf"^{package}(\[\w+\])?==", text, re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[a-zA-Z])", text.strip()))


def test_every_module_says_what_it_is_for():
    folders = ("consultation/", "home/", "site/", "tests/")
    modules = [name for name in tracked() if name.endswith(".py") and name.startswith(folders)]
    written = [name for name in modules if "/migrations/" not in name]

    assert len(written) > 40
    assert [name for name in written if not ast.get_docstring(ast.parse((ROOT / name).read_text()))] == []


def test_the_build_runs_the_checks_and_the_tests():
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert re.search(r"\bmake .*check test", script.read_text())
