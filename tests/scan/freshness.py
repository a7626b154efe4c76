"""Whether what is locked is still what ought to run: `make fresh`, and without a network `freshness.py --offline`.

Offline: every direct dependency is in its lock and within the range of pyproject.toml, the locks agree, and nothing is
older than the first version without a hole that we know of (floors.toml).

With the index that pip is set up for, pip is asked what it would install today within the ranges of pyproject.toml. A
direct dependency of the running site, or a package that takes apart what strangers send (EXPOSED), has to be that
version: a newer one within the range is a repair. Whatever else is behind is named, and the next `--upgrade` of the
locks takes it. Where the index does not answer, nothing was looked at, and that is red.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
# Which extras of pyproject.toml each lock holds.
LOCKS: dict[str, tuple[str, ...]] = {
    "requirements.txt": (),
    "requirements-production.txt": ("production",),
    "requirements-dev.txt": ("dev",),
}
RUNNING = "requirements-production.txt"  # everything that a site of the largest kind runs
# They take apart what strangers send: pictures, mark-up, statements, tokens, keys, replies.
EXPOSED = {
    *("pillow", "pillow-heif", "willow", "filetype", "defusedxml", "beautifulsoup4", "sqlparse"),
    *("django-ninja", "djangorestframework", "pydantic", "cryptography", "pyjwt", "fido2", "oauthlib"),
    *("urllib3", "requests"),
}
Pins = Mapping[str, Version]


class NoIndex(Exception):
    """The index did not answer; the message is pip's."""


@dataclass(frozen=True)
class Newest:
    """What pip would install today: the version, and whether pyproject.toml asks for it by name."""

    version: Version
    direct: bool


def pinned(lock: str) -> dict[str, Version]:
    """What a lock holds, by name; of two for different Pythons the newer."""
    found: dict[str, Version] = {}
    for name, text in PIN.findall(lock):
        version = Version(text)
        found[canonicalize_name(name)] = max(version, found.get(canonicalize_name(name), version))
    return found


def asked(project: Mapping[str, Any], extras: tuple[str, ...] = ()) -> list[Requirement]:
    """The direct dependencies, with those of the extras."""
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


def missing(pins: Pins, wanted: list[Requirement]) -> list[str]:
    """Direct dependencies that the lock has not, or not within their range."""
    found = []
    for requirement in wanted:
        version = pins.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            found.append(f"{requirement} is asked for, and {version or 'nothing'} is locked")
    return found


def differing(locks: Mapping[str, Pins]) -> list[str]:
    """Packages that the locks hold in different versions."""
    versions: dict[str, set[Version]] = {}
    for pins in locks.values():
        for name, version in pins.items():
            versions.setdefault(name, set()).add(version)
    return [
        f"{name} is locked as {' and '.join(map(str, sorted(several)))}"
        for name, several in sorted(versions.items())
        if len(several) > 1
    ]


def with_a_hole(pins: Pins, floors: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is older than the first version without a hole that is known."""
    return [
        f"{name} {pins[name]} is older than {floor['first']}: {floor['why']}"
        for name, floor in floors.items()
        if name in pins and pins[name] < Version(floor["first"])
    ]


def newest(wanted: list[Requirement]) -> dict[str, Newest]:
    """Everything that pip would install today, asked of the index that it is set up for. Raises NoIndex."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    done = subprocess.run([*command, *map(str, wanted)], capture_output=True, text=True, timeout=600)
    if done.returncode or not done.stdout.strip():
        raise NoIndex(done.stderr.strip()[-2000:])
    rows = json.loads(done.stdout)["install"]
    if not rows:
        raise NoIndex("pip named no package")
    return {
        canonicalize_name(row["metadata"]["name"]): Newest(Version(row["metadata"]["version"]), row["requested"])
        for row in rows
    }


def behind(pins: Pins, found: Mapping[str, Newest]) -> tuple[list[str], list[str]]:
    """What has to be locked anew, and what is only named."""
    faults, notes = [], []
    for name, new in sorted(found.items()):
        if name in pins and pins[name] < new.version:
            said = f"{name} is locked as {pins[name]}, and {new.version} is there"
            (faults if new.direct or name in EXPOSED else notes).append(said)
    return faults, notes


def main(arguments: list[str]) -> int:
    """Look, say what was found, and give 1 where something has to be mended or could not be looked at."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    floors = tomllib.loads(Path(__file__).with_name("floors.toml").read_text())
    locks = {name: pinned((ROOT / name).read_text()) for name in LOCKS}
    faults = [
        f"{name}: {fault}"
        for name, extras in LOCKS.items()
        for fault in missing(locks[name], asked(project, extras)) + with_a_hole(locks[name], floors)
    ]
    faults += differing(locks)
    notes: list[str] = []
    looked = f"{len(set().union(*locks.values()))} packages of {len(LOCKS)} locks"
    if "--offline" not in arguments:
        try:
            found = newest(asked(project, LOCKS[RUNNING]))
        except NoIndex as reason:
            faults.append(f"The index of packages did not answer, so nothing was compared with it: {reason}")
        else:
            late, notes = behind(locks[RUNNING], found)
            faults += late
            looked += f", {len(found)} of them compared with the index"
    say(f"Looked at {looked}.", *(f"Behind, for the next lock: {note}" for note in notes))
    say(*(f"To mend: {fault}" for fault in faults))
    return 1 if faults else 0


def say(*lines: str) -> None:
    """Print them."""
    for line in lines:
        print(line)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
