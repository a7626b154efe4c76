"""The power is cut at any instant while answers are sent: what was acknowledged is in the ledger afterwards.

The site's own `ledger.submit` runs on a computer that is a process, on SQLite and PostgreSQL as the site sets them up.
See docs/reliability.md.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import pytest
from django.db import connection

from tests import postgres
from tests.conftest import MISSING
from tests.factories import make_consultation
from tests.power.guest import WORDS
from tests.power.machine import KERNEL, Machine
from tests.rig.place import filled_from

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("power"),
    pytest.mark.skipif(shutil.which(KERNEL) is None, reason=f"{MISSING}{KERNEL}, of Debian's user-mode-linux"),
]

CUTS = int(os.environ.get("POWER_CUTS", "32"))  # of the long form
CARELESS = {
    "sqlite": ("synchronous=NORMAL", {"CARELESS": "1"}),
    "postgresql": ("synchronous_commit=off", {"MORE": "synchronous_commit=off"}),
}


@dataclass(frozen=True)
class Found:
    """What was told over all cuts, and what was there."""

    setting: str
    cuts: int
    acknowledged: int
    stored: int
    lost: int
    differing: int

    def __str__(self) -> str:
        return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else cell for cell in astuple(self))} |"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A folder with the database of one open consultation, to be put on a disk."""
    make_consultation()
    folder = tmp_path / "contents"
    folder.mkdir()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "db.sqlite3")) as copy:
            connection.connection.backup(copy)
        return folder
    try:
        with postgres.cluster(True, os.environ.get("TEST_ENGINE", "")) as cluster:
            filled_from(cluster, connection.get_connection_params())
            cluster.stop()
            shutil.copytree(cluster.data, folder / "cluster" / "data")
            cluster.start()
    except postgres.NoEngine as reason:
        pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")
    postgres.unprivileged("chown", folder / "cluster")
    return folder


@contextmanager
def memory() -> Iterator[Path]:
    """A folder for a disk: in memory where there is one, so that flushing it does not make all others wait."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="connected-power-", dir=place) as name:
        yield Path(name)


def cut_often(store: Path, cuts: int, setting: str, told: dict[str, str]) -> Found:
    """Cut so often, and compare all that was ever acknowledged with what is there in the end."""
    with memory() as folder:
        machine = Machine(folder, {"BINARIES": str(postgres.debian_binaries() or postgres.embedded_binaries())} | told)
        machine.install(store)
        acknowledged = [key for _cut in range(cuts) for key in machine.until_cut()]
        stored = machine.counted()
    found = Found(
        setting,
        cuts,
        acknowledged=len(acknowledged),
        stored=len(stored),
        lost=len(set(acknowledged) - stored.keys()),
        differing=sum(text != WORDS.format(key) for key, text in stored.items()),
    )
    print(f"\n{found}")  # noqa: T201
    return found


def test_what_was_acknowledged_outlives_a_power_cut(store):
    found = cut_often(store, 1, f"{connection.vendor} as configured", {})

    assert found.acknowledged > 0
    assert (found.lost, found.differing) == (0, 0), found


@pytest.mark.battery
def test_what_was_acknowledged_outlives_many_power_cuts(store):
    found = cut_often(store, CUTS, f"{connection.vendor} as configured", {})

    assert found.acknowledged > CUTS
    assert (found.lost, found.differing) == (0, 0), found


@pytest.mark.battery
def test_the_careless_setting_is_found_to_lose(store):
    name, told = CARELESS[connection.vendor]
    found = cut_often(store, max(2, CUTS // 4), f"{connection.vendor} with {name}", told)

    assert found.lost > 0, found
