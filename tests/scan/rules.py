"""Our own rules about our own code, by semgrep: `python tests/scan/rules.py home consultation …`.

Nothing is fetched and nothing is sent. First the rules are tried on the examples beside them: one that finds nothing
there would find nothing anywhere.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = Path(__file__).with_name("rules")
SEMGREP = ROOT / ".venv-scan-code" / "bin" / "semgrep"
QUIET = ("--metrics", "off", "--disable-version-check", "--no-git-ignore", "--quiet")


class Failed(Exception):
    """semgrep could not do its work; the message is its own."""


def semgrep(*arguments: str | Path) -> str:
    """Run it, and give what it printed."""
    path = f"{SEMGREP.parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"SEMGREP_SEND_METRICS": "off", "PATH": path}
    done = subprocess.run([SEMGREP, "scan", *arguments], capture_output=True, text=True, env=environment, cwd=ROOT)
    if done.returncode not in (0, 1):
        raise Failed(done.stderr or done.stdout)
    return done.stdout


def examples_that_fail() -> list[str]:
    """Rules that do not find what they must in the examples, or find what they must not."""
    tried = json.loads(semgrep("--test", "--json", *QUIET[:3], RULES))
    checks = {name: check for result in tried["results"].values() for name, check in result["checks"].items()}
    if not checks or tried["config_missing_tests"] or tried["config_with_errors"]:
        raise Failed(json.dumps(tried))
    return sorted(name for name, check in checks.items() if not check["passed"])


def findings(*places: str | Path) -> list[str]:
    """Where a rule is broken."""
    said = json.loads(semgrep("--config", RULES, "--json", *QUIET, *places))
    if not said["paths"]["scanned"]:
        raise Failed("semgrep looked at no file")
    broken = [f"{error['type']}: {error.get('message', '')}" for error in said["errors"]]
    found = [
        f"{row['path']}:{row['start']['line']} {row['check_id'].rpartition('.')[2]}: {row['extra']['message']}"
        for row in said["results"]
    ]
    return sorted(broken + found)


def main(places: Sequence[str]) -> int:
    """Say what was found, and give 1 where something was."""
    found = [f"{name} does not find its examples" for name in examples_that_fail()] + findings(*places)
    for line in found:
        print(line)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
