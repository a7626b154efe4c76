"""Through a real pgbouncer in transaction mode with few connections, everything works that works without it.

What relied on a session would not: the planted faults show that this pooler tells.
"""

import os
import subprocess
import sys
import tempfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, connections

from consultation import exports, instrument, ledger, outbox, summary, tabulations
from consultation.answers import Answers
from consultation.columns import Form
from consultation.downloads import Contents, Rows, logged
from consultation.models import Channel, Consultation, Download, DownloadEnd, Export, Format, Level, Response
from consultation.recount import check
from consultation.tick import tick
from tests import postgres
from tests.conftest import MISSING, ROOT
from tests.factories import make_consultation_page
from tests.pooler import pooler
from tests.replica import of_the_tests

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: it has poolers"),
]
SIZE = 3  # connections of the server, for many more of clients
CHOSEN = [
    "tests/consultation/test_ledger.py",
    "tests/consultation/test_answering.py",
    "tests/consultation/test_changes.py",
    "tests/consultation/test_csv_copy.py",
    "tests/consultation/test_exports.py",
    "tests/consultation/test_fold.py",
    "tests/consultation/test_fold_races.py",
    "tests/consultation/test_importing.py",
    "tests/consultation/test_outbox.py",
    "tests/consultation/test_recount.py",
    "tests/consultation/test_retention.py",
    "tests/consultation/test_summary.py",
    "tests/consultation/test_tabulations.py",
]


@pytest.fixture
def pooled():
    """Every connection of the site leads through the pooler, as with DATABASE_POOLER=true."""
    cluster = of_the_tests(connection.get_connection_params())
    if cluster is None:
        pytest.skip("the tests run on a cluster of somebody else's")
    config = connection.settings_dict
    before = {name: config[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "OPTIONS")}
    with tempfile.TemporaryDirectory(prefix="connected-pooler-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with pooler(cluster, Path(name) / "pooler", SIZE, config["NAME"]) as made:
            connection.close()
            config.update({"HOST": made.host, "PORT": made.port, "USER": "connected", "PASSWORD": "only-for-tests"})
            config.update({"OPTIONS": {}, "DISABLE_SERVER_SIDE_CURSORS": True})
            try:
                yield made
            finally:
                connection.close()
                config.update(before | {"DISABLE_SERVER_SIDE_CURSORS": False})


def submit(consultation, key=None):
    answers = Answers({1: 1, 2: [1, 2], 3: 41, 5: True}, {(5, 0): "A long word"})
    answered = answers.asked_by(instrument.current(consultation, "en"))
    key = key or uuid.uuid4()
    return ledger.submit(consultation, key, consultation.published, "en", Channel.WEB, answered)


def in_threads(n, work):
    def closing_after(number):
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(n) as threads:
        return list(threads.map(closing_after, range(n * 4)))


def test_many_who_send_at_once_are_stored_once_each_while_others_fold(pooled, consultation):
    keys = [uuid.uuid4() for _ in range(24)]

    def work(number):
        submit(consultation, keys[number % 24])
        if number % 5 == 0:
            tick()

    in_threads(12, work)
    tick()

    assert Response.objects.count() == 24
    assert summary.summarise(summary.read(consultation)).received == 24
    assert not check(consultation)


def test_figures_are_of_one_snapshot(pooled, consultation):
    submit(consultation)

    with connection.cursor() as cursor:
        reading = summary.read(consultation)
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)  # nothing of the snapshot is left on the connection

    assert summary.summarise(reading).received == 1


@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX])
def test_files_are_written_and_logged(pooled, consultation, officer, format):
    for _ in range(5):
        submit(consultation)
    rows = Rows()
    contents = Contents(consultation, Download.Holds.RESPONSES, Level.FULL, format, "en", Form.KEYS)

    b"".join(logged(officer, contents, contents.parts(rows), rows))

    assert rows.number == 5
    assert DownloadEnd.objects.get().complete


def test_a_download_that_is_broken_off_gives_its_connection_back(pooled, consultation, officer):
    for _ in range(3):
        submit(consultation)
    contents = Contents(consultation, Download.Holds.RESPONSES, Level.FULL, Format.CSV, "en", Form.KEYS)

    for _ in range(SIZE * 3):
        parts = contents.parts(Rows())
        next(parts)
        parts.close()

    assert Response.objects.count() == 3


def test_what_tick_makes_is_made(pooled, consultation, officer):
    for _ in range(5):
        submit(consultation)
    contents = Contents(consultation, Download.Holds.RESPONSES, Level.FULL, Format.XLSX, "en", Form.KEYS)
    asked = exports.ask(officer, contents)
    table = tabulations.ask(officer, consultation, "", 2, 1)

    assert exports.make_due() == tabulations.make_due() == 1
    assert outbox.send_due() == 0

    asked.refresh_from_db()
    table.refresh_from_db()
    assert (asked.state, asked.rows) == (Export.State.DONE, 5)
    assert table.state == "done"


def test_officers_and_citizens_pages_work(pooled, officer_client, visitor):
    make_consultation_page()
    consultation = Consultation.objects.get()
    submit(consultation)
    addresses = {f"/answer/{consultation.pk}/en/": visitor, f"/admin/consultations/{consultation.pk}/": officer_client}

    pages = [client.get(address, follow=True) for address, client in addresses.items()]

    assert [page.status_code for page in pages] == [200, 200]
    assert "1 response so far" in pages[1].content.decode()


def fresh(pooled):
    opened = psycopg2.connect(pooled.url)
    opened.autocommit = True
    return opened


def test_planted_a_lock_of_a_session_is_not_the_session_s(pooled):
    """The one who holds it can't give it back from another connection of the server, and others are locked out."""
    with closing(fresh(pooled)) as one, closing(fresh(pooled)) as other:
        one, other = one.cursor(), other.cursor()
        one.execute("SELECT pg_advisory_lock(1)")
        other.execute("BEGIN")
        other.execute("SELECT 1")  # takes the connection of the server that has the lock
        one.execute("SELECT pg_advisory_unlock(1)")

        assert one.fetchone() == (False,)


def test_planted_a_setting_of_a_session_is_lost_or_somebody_else_s(pooled):
    with closing(fresh(pooled)) as one, closing(fresh(pooled)) as other:
        one, other = one.cursor(), other.cursor()
        one.execute("SET lock_timeout = '7s'")
        other.execute("SHOW lock_timeout")
        leaked = other.fetchone()

        assert leaked == ("7s",)


def test_planted_a_cursor_of_the_server_is_gone_after_its_transaction(pooled, consultation):
    submit(consultation)
    connection.close()
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False
    rows = Response.objects.order_by("pk").iterator(chunk_size=1)

    with closing(fresh(pooled)) as other, pytest.raises(Exception, match="does not exist"):
        other = other.cursor()
        submit(consultation)
        next(rows)
        other.execute("BEGIN")
        other.execute("SELECT 1")
        list(rows)


def test_planted_options_at_the_start_are_refused(pooled):
    with pytest.raises(psycopg2.OperationalError, match="unsupported startup parameter"):
        psycopg2.connect(f"{pooled.url}?options=-c%20lock_timeout%3D5s")


@pytest.mark.battery
@pytest.mark.once
@pytest.mark.django_db(transaction=False)
def test_the_tests_of_what_writes_and_counts_pass_through_it():
    try:
        with (
            postgres.cluster(engine=os.environ.get("TEST_ENGINE", "")) as cluster,
            tempfile.TemporaryDirectory(prefix="connected-pooler-", ignore_cleanup_errors=True) as name,
        ):
            Path(name).chmod(0o755)
            with pooler(cluster, Path(name) / "pooler", 6, "*") as made:
                address = made.url.replace("/*", "/postgres")
                environment = os.environ | {"DATABASE_URL": address, "DATABASE_POOLER": "true"}
                command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *CHOSEN]
                done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    except postgres.NoEngine as reason:
        pytest.skip(f"{MISSING}a PostgreSQL of its own: {reason}")

    assert done.returncode == 0, done.stdout[-5000:]
    print(done.stdout.splitlines()[-1])  # noqa: T201
