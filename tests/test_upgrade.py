"""The site is upgraded from the release before while citizens answer: nothing is lost, doubled or refused.

See docs/running/upgrade.md.
"""

import time

import pytest
from django.db import connection

from tests.conftest import ROOT
from tests.rig.auditing import audit
from tests.rig.found import table
from tests.rig.release import Upgrading, answering_meanwhile, migrate, previous_site

pytestmark = [
    pytest.mark.xdist_group("rig"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: the rig has one of its own"),
]


LONG = 15  # seconds: somebody comes to every page, on a busy machine, too


def to_new(place: Upgrading) -> None:
    """Switch to this release."""
    place.switch_to(ROOT)


def upgraded(at_once: int, between: float, and_back: bool = False):
    """Migrate under load, switch under load, and if wanted, back and forth once more."""
    with previous_site() as (place, path):
        previous = place.root
        steps = [migrate, to_new]
        if and_back:
            steps += [lambda place: place.switch_to(previous), to_new]
        accounts = answering_meanwhile(place, path, *steps, at_once=at_once, between=between)
        found = audit("upgrade", place, accounts)
        place.manage("fold")
        place.manage("recount", "--check")
    print(f"\n{table([found])}")  # noqa: T201
    return found


def test_an_upgrade_under_load_loses_doubles_and_refuses_nothing():
    found = upgraded(at_once=4, between=3)

    assert found.is_faultless, table([found])
    assert found.acknowledged == found.stored == found.submissions > 20


@pytest.mark.battery
def test_a_long_upgrade_and_back_and_forth_loses_doubles_and_refuses_nothing():
    found = upgraded(at_once=16, between=45, and_back=True)

    assert found.is_faultless, table([found])
    assert found.acknowledged == found.stored == found.submissions > 200


@pytest.mark.battery
@pytest.mark.parametrize(
    ("there", "back"),
    [
        (
            "ALTER TABLE consultation_response RENAME COLUMN channel TO way",
            "ALTER TABLE consultation_response RENAME COLUMN way TO channel",
        ),
        (
            "ALTER TABLE consultation_draft ADD COLUMN mood text NOT NULL DEFAULT '';"
            "ALTER TABLE consultation_draft ALTER COLUMN mood DROP DEFAULT",
            "ALTER TABLE consultation_draft DROP COLUMN mood",
        ),
    ],
    ids=["renames a column", "adds one that the release before does not fill"],
)
def test_a_migration_that_the_release_before_can_not_live_with_is_found(there, back):
    def contract(place: Upgrading) -> None:
        with place.database() as cursor:
            cursor.execute(there)
            time.sleep(LONG)
            cursor.execute(back)

    with previous_site() as (place, path):
        found = audit("contract", place, answering_meanwhile(place, path, contract, at_once=8, between=LONG))

    assert found.broken > 0, table([found])
