"""The site is upgraded from the release before while citizens answer: nothing is lost, doubled or refused.

See docs/running/upgrade.md.
"""

import time

import pytest
from django.db import connection

from tests.conftest import ROOT
from tests.rig.auditing import audit, table
from tests.rig.load import drive
from tests.rig.release import Steps, Upgrading, migrate, previous_site

pytestmark = [
    pytest.mark.xdist_group("rig"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: the rig has one of its own"),
]


def to_new(place: Upgrading) -> None:
    """One after the other."""
    place.switch_to(ROOT)


def upgraded(citizens: int, every: int, and_back: bool = False):
    """Migrate under load, switch under load, and if wanted, switch back."""
    with previous_site() as (place, path):
        previous = place.root
        steps = [migrate, to_new] + ([lambda place: place.switch_to(previous), to_new] if and_back else [])
        fault = Steps(*steps)
        accounts = drive(place, path, fault, range(citizens), every=every, seconds=900)
        found = audit("upgrade", place, accounts)
        place.asked("fold")
        place.asked("recount", "--check")
        assert not fault.waiting, "the load ended before the upgrade"
    print(f"\n{table([found])}")  # noqa: T201
    return found


def test_an_upgrade_under_load_loses_doubles_and_refuses_nothing():
    found = upgraded(citizens=60, every=15)

    assert found.is_faultless, table([found])
    assert found.acknowledged == found.stored == found.submissions


@pytest.mark.battery
def test_a_long_upgrade_and_back_and_forth_loses_doubles_and_refuses_nothing():
    found = upgraded(citizens=1_500, every=250, and_back=True)

    assert found.is_faultless, table([found])
    assert found.acknowledged == found.stored == found.submissions


@pytest.mark.battery
@pytest.mark.parametrize(
    ("there", "back"),
    [
        (
            "ALTER TABLE consultation_response RENAME COLUMN channel TO way",
            "ALTER TABLE consultation_response RENAME COLUMN way TO channel",
        ),
        (
            "ALTER TABLE consultation_response ADD COLUMN mood text NOT NULL DEFAULT '', ALTER COLUMN mood DROP DEFAULT",
            "ALTER TABLE consultation_response DROP COLUMN mood",
        ),
    ],
    ids=["renames a column", "adds one that the release before does not fill"],
)
def test_a_migration_that_the_release_before_can_not_live_with_is_found(there, back):
    def contract(place: Upgrading) -> None:
        with place.database() as cursor:
            cursor.execute(there)
            time.sleep(5)
            cursor.execute(back)

    with previous_site() as (place, path):
        found = audit("contract", place, drive(place, path, Steps(contract), range(60), every=20, seconds=120))

    assert found.broken > 0, table([found])
