"""Citizens answer at a site of several hosts while one after the other is cut off or dies. See docs/reliability.md."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.rig import faults
from tests.rig.asked import one_section
from tests.rig.auditing import audit, counted_right, wait_for_mail
from tests.rig.found import AT_THE_END, PLANTED, Found, table
from tests.rig.hosts import on_hosts
from tests.rig.load import drive
from tests.rig.network import SPACES
from tests.rig.place import small_disk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("rig"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: the rig has one of its own"),
]

SUBMISSIONS = int(os.environ.get("RIG_HOSTS_SUBMISSIONS", "100000"))  # of the long form, over all faults
SECONDS = 240  # that each fault's share of them may take
SHORT = (faults.host_cut_off, faults.web_server_killed, faults.primary_killed_and_standby_promoted)
LONG = (faults.nothing, *faults.ANYWHERE, *faults.BRIEF, *faults.LASTING)


@pytest.fixture
def path() -> str:
    """Where the one consultation is answered."""
    return one_section()


def test_what_was_acknowledged_is_stored_once_while_hosts_die_and_the_standby_takes_over(path):
    found, everybody = [], []
    with on_hosts() as place:
        for number, fault in enumerate(SHORT):
            accounts = drive(place, path, fault, range(number * 20, (number + 1) * 20), every=10, seconds=120)
            found.append(audit(fault.__name__, place, accounts))
            everybody += accounts
        found.append(audit(AT_THE_END, place, everybody))
        counted_right(place)
        pids = [process.pid for process in place.processes.values()]

    print(table(found))  # noqa: T201
    assert all(line.is_faultless for line in found), table(found)
    assert all(line.acknowledged == line.stored == line.submissions for line in found), table(found)
    assert found[-1].unavailable + found[-1].away + found[-1].cut > 0, "no fault was noticed by anybody"
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert not list(SPACES.glob(f"{place.network.prefix}-*"))


def left_behind(path: str, fault: Any = faults.standby_left_behind_and_promoted, **how: Any) -> Found:
    """A standby that was cut off a moment before takes over."""
    with on_hosts(**how) as place:
        accounts = drive(place, path, fault, range(400), every=200, seconds=120, brisk=True)
        return audit(PLANTED + fault.__name__, place, accounts)


@pytest.mark.battery
def test_a_standby_that_commits_do_not_wait_for_is_found_to_lose(path):
    found = left_behind(path, waits=False)

    assert found.lost > 0, table([found])


@pytest.mark.battery
def test_commits_that_wait_for_nobody_are_found_to_lose_although_there_is_a_standby(path):
    found = left_behind(path, more=("synchronous_commit=off",))

    assert found.lost > 0, table([found])


@pytest.mark.battery
def test_cancelling_what_waits_for_the_standby_is_found_to_lose(path):
    found = left_behind(path, faults.waiting_cancelled_and_standby_promoted)

    assert found.lost > 0, table([found])


@pytest.mark.battery
def test_a_proxy_that_asks_the_next_host_is_found_to_double_what_has_no_key(path):
    with on_hosts(entry="tests.rig.keyless") as place:
        accounts = drive(place, path, faults.web_server_killed, range(400), every=100, seconds=120, brisk=True)
        once = [account for account in accounts if not account.pressed_again]
        found = audit(f"{PLANTED}a view without the key", place, once)

    assert found.doubled > 0, table([found])


@pytest.mark.battery
def test_a_long_bad_day_on_several_hosts_loses_doubles_and_forgets_nothing(path):
    each, found, everybody, promised = SUBMISSIONS // (len(LONG) + 1), [], [], set()
    with on_hosts() as place:
        for number, fault in enumerate(LONG):
            numbers = range(number * each, (number + 1) * each)
            every = each // 2 if fault in faults.LASTING else each // 3
            copies = fault is faults.mail_away
            accounts = drive(place, path, fault, numbers, every=every, seconds=SECONDS, copies=copies, brisk=True)
            found.append(audit(fault.__name__, place, accounts))
            everybody += accounts
            promised |= {f"citizen-{account.number}@example.org" for account in accounts if account.mailed}
        arrived = wait_for_mail(place, len(promised))
        found.append(audit(AT_THE_END, place, everybody))
        counted_right(place)

    print(table(found), f"\n{len(promised)} e-mails promised, {len(arrived)} arrived", *notes(everybody))  # noqa: T201
    assert all(line.is_faultless for line in found), table(found)
    assert sorted(arrived) == sorted(promised)
    assert place.lost_packets > 0, "the thin line lost nothing"


@pytest.mark.battery
def test_a_full_disk_of_the_primary_loses_doubles_and_forgets_nothing(path):
    each = SUBMISSIONS // (len(LONG) + 1)
    with small_disk() as disk, on_hosts(more=("max_wal_size=32MB", "min_wal_size=32MB"), disk=disk) as place:
        accounts = drive(place, path, faults.disk_full, range(each), every=each // 3, seconds=SECONDS, brisk=True)
        found = audit("disk_full", place, accounts)
        counted_right(place)

    print(table([found]))  # noqa: T201
    assert found.is_faultless, table([found])
    assert found.unavailable > 0, "no citizen met the full disk"


def notes(accounts):
    return [f"\n{account.number}: {note}" for account in accounts for note in account.notes]
