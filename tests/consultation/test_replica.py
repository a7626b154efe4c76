"""Figures and files are read on a real streaming replica, say how old they are, and never fail because of it."""

import csv
import io
import re
import tempfile
import time
import uuid
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.settings.base import database
from consultation import instrument, ledger, overview, replica, tabulations
from consultation.answers import Answers
from consultation.columns import Form
from consultation.downloads import Contents, Rows, logged
from consultation.models import Channel, Download, DownloadEnd, Format, Level, Response
from consultation.snapshot import snapshot
from consultation.tick import tick
from tests.replica import asked, of_the_tests, replica_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: it has replicas"),
]


@pytest.fixture(scope="module")
def standby(django_db_setup):
    """A hot standby of the cluster that the tests run on."""
    primary = of_the_tests(connection.get_connection_params())
    if primary is None:
        pytest.skip("the tests run on a cluster of somebody else's")
    with tempfile.TemporaryDirectory(prefix="connected-replica-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        made = replica_of(primary, Path(name) / f"of-{uuid.uuid4().hex[:8]}")
        try:
            yield made
        finally:
            made.stop("immediate")
            asked(primary, f"SELECT pg_drop_replication_slot('{made.folder.name.replace('-', '_')}')")


def registered(cluster):
    """Make it the site's replica, as production's settings do."""
    url = f"postgresql://connected@/{connection.settings_dict['NAME']}?host={cluster.folder}"
    default = {name: dict(config) for name, config in connections.settings.items()}
    connections.settings = connections.configure_settings(default | {"replica": database(url)})


def forget():
    """Close this thread's connection to it."""
    connections["replica"].close()
    del connections["replica"]


def connect(self):
    """As Django does it; its tests allow connections only to what they empty afterwards."""
    if self.connection is None:
        with self.wrap_database_errors:
            self.connect()


@pytest.fixture
def followed(standby, monkeypatch):
    """The site has it, and it is caught up."""
    before = connections.settings
    monkeypatch.setattr(replica, "_left_alone_until", 0.0)
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", connect)
    registered(standby)
    standby.catch_up()
    yield standby
    if standby.runs:
        asked(standby, "SELECT pg_wal_replay_resume()")
    else:
        standby.start()
    forget()
    connections.settings = before


def submit(consultation, option=1):
    answers = Answers({1: option, 2: None, 3: None, 5: None})
    answered = answers.asked_by(instrument.current(consultation, "en"))
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answered)


def behind(standby, consultation):
    """Two responses have arrived there, a third one will not."""
    submit(consultation)
    submit(consultation)
    tick()
    standby.catch_up()
    asked(standby, "SELECT pg_wal_replay_pause()")
    submit(consultation)


def show(client, consultation, name="consultation", query=""):
    page = client.get(reverse(f"consultations:{name}", args=[consultation.pk]) + query)
    assert page.status_code == 200
    return page.content.decode()


def references(content):
    return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1


def test_a_summary_is_read_there_and_says_how_old_it_is(followed, consultation, officer_client):
    behind(followed, consultation)
    time.sleep(1.6)

    late = show(officer_client, consultation)
    asked(followed, "SELECT pg_wal_replay_resume()")
    followed.catch_up()
    until = time.monotonic() + 10
    while "this second" not in (fresh := show(officer_client, consultation)) and time.monotonic() < until:
        followed.catch_up()  # looking at it was written down, too

    assert "2 responses so far" in late
    assert int(re.search(r"Figures as of (\d+) seconds ago", late)[1]) >= 2
    assert "3 responses so far" in fresh
    assert "Figures as of this second" in fresh


def test_every_reading_page_and_file_takes_its_figures_there(followed, consultation, officer_client):
    theme = consultation.questions.get(number=1).theme_id
    behind(followed, consultation)
    counted = {}
    pages = {
        "index": reverse("consultations:index"),
        "theme": reverse("consultations:theme", args=[theme]),
        "crosstab": f"{reverse('consultations:crosstab', args=[consultation.pk])}?question=2&across=1",
    }

    for name, address in pages.items():
        with CaptureQueriesContext(connections["replica"]) as queries:
            page = officer_client.get(address)
        counted[name] = len(queries)
        assert "from a copy of the database" in page.content.decode(), name
    file = b"".join(officer_client.get(reverse("consultations:download", args=[consultation.pk])).streaming_content)

    assert all(n > 1 for n in counted.values()), counted
    assert references(file) == 2


def test_without_a_replica_nothing_is_said_of_age(consultation, officer_client):
    submit(consultation)

    page = show(officer_client, consultation)

    assert "1 response so far" in page
    assert "Figures as of" not in page


def test_one_that_lags_too_far_is_not_read(followed, consultation, officer_client, monkeypatch, caplog):
    monkeypatch.setattr(replica, "LIMIT", 0.3)
    behind(followed, consultation)
    time.sleep(0.6)

    page = show(officer_client, consultation)

    assert "3 responses so far" in page
    assert "Figures as of" not in page
    assert "not read on the replica" in caplog.text


def test_one_that_is_away_is_left_alone_and_the_primary_is_read(followed, consultation, officer_client, caplog):
    submit(consultation)
    officer_client.get("/admin/")
    followed.stop("immediate")

    first = show(officer_client, consultation)
    second = show(officer_client, consultation)
    file = b"".join(officer_client.get(reverse("consultations:download", args=[consultation.pk])).streaming_content)

    assert "1 response so far" in first and "1 response so far" in second
    assert "Figures as of" not in first + second
    assert references(file) == 1
    assert caplog.text.count("the replica failed") == 1


def test_a_file_is_logged_where_everything_is_written(followed, consultation, officer):
    behind(followed, consultation)
    rows = Rows()
    contents = Contents(consultation, Download.Holds.RESPONSES, Level.ANALYSIS, Format.CSV, "en", Form.KEYS)

    file = b"".join(logged(officer, contents, contents.parts(rows), rows))

    assert references(file) == rows.number == 2
    assert Download.objects.count() == 1
    assert DownloadEnd.objects.get().complete


@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX, Format.ZIP])
def test_every_sort_of_file_is_read_there_in_one_snapshot(followed, consultation, format):
    behind(followed, consultation)
    holds = Download.Holds.PACKAGE if format == Format.ZIP else Download.Holds.RESPONSES
    rows = Rows()

    b"".join(Contents(consultation, holds, Level.FULL, format, "en", Form.KEYS).parts(rows))

    assert rows.number == 2


def conflict():
    """What recovery has to apply and a reader on the standby stands in the way of."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE consultation_response IN ACCESS EXCLUSIVE MODE; COMMIT")


@pytest.fixture
def impatient(followed):
    """A standby that lets no reader keep it waiting."""
    asked(followed, "ALTER SYSTEM SET max_standby_streaming_delay = 0")
    asked(followed, "SELECT pg_reload_conf()")
    yield followed
    asked(followed, "ALTER SYSTEM RESET max_standby_streaming_delay")
    asked(followed, "SELECT pg_reload_conf()")


def test_a_page_whose_query_recovery_cancels_is_made_on_the_primary(impatient, consultation, caplog):
    submit(consultation)
    impatient.catch_up()
    read = []

    @replica.preferred
    def view():
        read.append(replica.here().alias)
        with snapshot():
            Response.objects.count()
            if len(read) == 1:
                conflict()
                time.sleep(0.5)
            return Response.objects.count()

    assert view() == 1
    assert read == ["replica", "default"]
    assert "the replica failed" in caplog.text


def test_a_file_of_which_nothing_was_sent_is_begun_anew_on_the_primary(impatient, consultation):
    submit(consultation)
    impatient.catch_up()
    read, forgotten = [], []

    def make():
        read.append(replica.here().alias)
        with snapshot():
            Response.objects.count()
            if len(read) == 1:
                conflict()
                time.sleep(0.5)
            yield str(Response.objects.count()).encode()

    assert b"".join(replica.streamed(make, lambda: forgotten.append(True))) == b"1"
    assert read == ["replica", "default"]
    assert forgotten == [True]


def test_a_file_of_which_something_was_sent_is_broken_off_and_never_mixed(impatient, consultation):
    submit(consultation)
    impatient.catch_up()

    def make():
        with snapshot():
            yield str(Response.objects.count()).encode()
            conflict()
            time.sleep(0.5)
            yield str(Response.objects.count()).encode()

    parts = replica.streamed(make)
    assert next(parts) == b"1"
    with pytest.raises(replica.FAULTS):
        next(parts)


def test_what_was_read_there_is_written_to_the_primary(followed, consultation):
    followed.catch_up()

    with replica.on(replica.Place("replica")):
        found = overview.consultations().get()
        assert found._state.db == "replica"
        found.title = "Another title"
        found.save(update_fields=["title"])

    consultation.refresh_from_db()
    assert consultation.title == "Another title"


def test_what_the_public_s_forms_are_made_of_is_read_on_the_primary(
    followed, consultation, make_consultation, officer_client
):
    followed.catch_up()
    asked(followed, "SELECT pg_wal_replay_pause()")
    changed = make_consultation(key=consultation.key, title="A new title of it")
    instrument.forget()

    with replica.on(replica.Place("replica")):
        inside = instrument.current(changed, "en")

    assert inside.version == instrument.current(changed, "en").version == changed.published.number


def test_no_page_of_the_public_asks_the_replica(followed, consultation, visitor):
    with CaptureQueriesContext(connections["replica"]) as queries:
        for address in ("/", f"/answer/{consultation.pk}/en/", f"/results/{consultation.pk}/en/"):
            visitor.get(address, follow=True)

    assert len(queries) == 0


def test_a_large_table_is_counted_there_and_kept_on_the_primary(followed, consultation, officer):
    behind(followed, consultation)
    asked_for = tabulations.ask(officer, consultation, "", 2, 1)

    tabulations.make_due()

    asked_for.refresh_from_db()
    assert asked_for.state == "done"
    assert sum(n for question, _o, segment, _v, n, _t in asked_for.cells if question == 0 and segment == "") == 2


def test_one_that_was_promoted_is_a_primary_of_its_own_and_not_read(followed, consultation, tmp_path_factory, caplog):
    submit(consultation)
    forget()
    with tempfile.TemporaryDirectory(prefix="connected-replica-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        other = replica_of(followed.primary, Path(name) / f"of-{uuid.uuid4().hex[:8]}")
        try:
            registered(other)
            assert replica.chosen().is_replica
            connections["replica"].close()
            other.promote()

            assert not replica.chosen().is_replica
            assert "it is none" in caplog.text
        finally:
            forget()
            other.stop("immediate")
            slot = other.folder.name.replace("-", "_")
            asked(followed.primary, f"SELECT pg_drop_replication_slot('{slot}')")
