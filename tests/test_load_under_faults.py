"""Citizens answer while everything around them fails: what was acknowledged is stored, once, and nothing typed is gone.

The site runs as in production, on a PostgreSQL that the test may kill. See docs/reliability.md.
"""

import os

import pytest
from django.db import connection

from tests.rig import faults
from tests.rig.asked import one_section
from tests.rig.auditing import audit, counted_right, wait_for_mail
from tests.rig.found import table
from tests.rig.load import drive
from tests.rig.place import FEW, site, small_disk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("rig"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: the rig has one of its own"),
]

SUBMISSIONS = int(os.environ.get("RIG_SUBMISSIONS", "20000"))  # of the long form, over all faults
SECONDS = 900  # that the long form may take, whatever it has done by then
SHORT = {faults.worker_dies: 20, faults.postgres_killed: 20, faults.backends_ended: 20}
LONG = [faults.nothing, *faults.ANYWHERE]
SMALL_LOG = ("max_wal_size=32MB", "min_wal_size=32MB")
CARELESS = ("synchronous_commit=off",)


@pytest.fixture
def path() -> str:
    """Where the one consultation is answered."""
    return one_section()


def test_what_was_acknowledged_is_stored_once_while_workers_and_postgresql_die(path):
    found = []
    with site() as place:
        faults.log_held_back(place)
        for number, (fault, n) in enumerate(SHORT.items()):
            accounts = drive(place, path, fault, range(number * 1_000, number * 1_000 + n), every=15, seconds=300)
            found.append(audit(fault.__name__, place, accounts))
        counted_right(place)

    print(table(found))  # noqa: T201
    assert all(line.is_faultless for line in found), table(found)
    assert all(line.acknowledged == line.stored == line.submissions for line in found), table(found)
    assert sum(line.unavailable + line.cut for line in found) > 0, "no fault was noticed by anybody"


@pytest.mark.battery
def test_a_postgresql_that_does_not_wait_for_the_disk_is_found_to_lose(path):
    with site(more=CARELESS) as place:
        faults.log_held_back(place)
        accounts = drive(place, path, faults.postgres_killed, range(50), every=30, seconds=300)
        found = audit("synchronous_commit=off", place, accounts)

    assert found.lost > 0, table([found])


@pytest.mark.battery
def test_sending_without_the_key_is_found_to_double(path):
    with site(entry="tests.rig.keyless") as place:
        accounts = drive(place, path, faults.worker_dies, range(40), every=20, seconds=300)
        found = audit("a view without the key", place, accounts)

    assert found.doubled > 0, table([found])


@pytest.mark.battery
def test_a_long_bad_day_loses_doubles_and_forgets_nothing(path):
    each, found = SUBMISSIONS // (len(LONG) + 1), []
    every = min(40, each // 3)
    with site() as place:
        for number, fault in enumerate(LONG):
            numbers = range(number * each, (number + 1) * each)
            copies = fault is faults.mail_away
            accounts = drive(place, path, fault, numbers, every=every, seconds=SECONDS / len(LONG), copies=copies)
            found.append(audit(fault.__name__, place, accounts))
        promised = {f"citizen-{account.number}@example.org" for account in accounts if account.mailed}
        arrived = wait_for_mail(place, len(promised))
        counted_right(place)

    print(table(found), f"\n{len(promised)} e-mails promised, {len(arrived)} arrived")  # noqa: T201
    assert all(line.is_faultless for line in found), table(found)
    assert sorted(arrived) == sorted(promised)


@pytest.mark.battery
def test_a_full_disk_loses_doubles_and_forgets_nothing(path):
    each = SUBMISSIONS // (len(LONG) + 1)
    with small_disk() as disk, site(more=(*FEW, *SMALL_LOG), place=disk) as place:
        accounts = drive(place, path, faults.disk_full, range(each), every=each // 4, seconds=SECONDS / len(LONG))
        found = audit("disk_full", place, accounts)
        counted_right(place)

    print(table([found]))  # noqa: T201
    assert found.is_faultless, table([found])
    assert found.unavailable > 0, "no citizen met the full disk"
