"""Citizens answer at a site of several hosts while one after the other is cut off or dies. See docs/reliability.md."""

import pytest
from django.db import connection

from tests.rig import faults
from tests.rig.asked import one_section
from tests.rig.auditing import audit, table
from tests.rig.hosts import on_hosts
from tests.rig.load import drive

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("rig"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: the rig has its own"),
]

SHORT = (faults.host_cut_off, faults.web_server_killed, faults.primary_killed_and_standby_promoted)


@pytest.fixture
def path() -> str:
    """Where the one consultation is answered."""
    return one_section()


def test_what_was_acknowledged_is_stored_once_while_hosts_die_and_the_standby_takes_over(path):
    found, told = [], []
    with on_hosts() as place:
        for number, fault in enumerate(SHORT):
            accounts = drive(place, path, fault, range(number * 1000, number * 1000 + 20), every=10, seconds=60)
            found.append(audit(fault.__name__, place, accounts))
            told += accounts
        found.append(audit("all, in the end", place, told))
        place.manage("fold")
        place.manage("recount", "--check")

    print(table(found))  # noqa: T201
    assert all(line.is_faultless for line in found), table(found)
