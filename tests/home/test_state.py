"""The state of the site: each thing with a word, a figure, since when, and what to do; for those who run it."""

import datetime as dt
import html
import json
import re
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation import outbox, running
from consultation.fold import fold
from consultation.models import (
    Consultation,
    Export,
    LastRun,
    Message,
    Response,
    RetentionRun,
    Tabulation,
    Upload,
)
from home.models import HomePage, StandardPage
from home.state import machines, report, rounds, software, work
from home.state.line import State
from tests.test_authorization import answered

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/reports/state/"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def said(shown):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", shown.content.decode())).split())


def states():
    return {line.name: line.state for line in report.lines()}


def ticked(**changes):
    running.note(running.TICK, 1.5, changes.pop("failed", []))
    LastRun.objects.filter(name=running.TICK).update(**changes) if changes else None


@pytest.fixture
def mark(settings, tmp_path):
    """Write the file of marks."""
    settings.BACKUP_MARK = str(tmp_path / "mark.json")

    def write(**ages):
        now = timezone.now()
        (tmp_path / "mark.json").write_text(json.dumps({name: (now - age).isoformat() for name, age in ages.items()}))

    write()
    return write


@pytest.fixture
def durable(monkeypatch):
    """The tests' own PostgreSQL does not wait for the disk, which is a fault; here it is as a council's."""
    seen = machines.POSTGRESQL
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        seen = seen.replace(f"current_setting('{name}')", "'on'")
    monkeypatch.setattr(machines, "POSTGRESQL", seen)


@pytest.fixture
def well(mark, durable):
    """A site on which everything was done."""
    mark(backup=HOUR, restored=DAY)
    ticked()
    running.note(running.RECOUNT, 1, [])


# The page


def test_a_site_that_is_well_says_that_there_is_nothing_to_do(administrator_client, well):
    page = said(administrator_client.get(ADDRESS))

    assert "Everything is fine. There is nothing to do." in page
    assert "Needs attention" not in page
    assert set(states().values()) == {State.FINE}


def test_a_new_site_says_what_is_to_be_set_up(administrator_client, durable):
    page = said(administrator_client.get(ADDRESS))

    assert "4 things need attention" in page
    assert "It has never run" in page
    assert "Set up backups" in page
    assert "Fault" not in page


def test_the_worst_comes_first_and_says_what_to_do(administrator_client, well):
    ticked(ended_at=timezone.now() - HOUR)

    page = administrator_client.get(ADDRESS)

    assert "1 fault: look at it now." in said(page)
    assert page.context["lines"][0].name == "tick"
    assert "Start the service" in said(page)
    assert "Nothing is lost" in said(page)


def test_it_is_there_for_administrators_and_in_their_menu_alone(django_user_model, client, officer_client, well):
    user = django_user_model.objects.create_user("runs-it", "", "x")
    user.groups.add(Group.objects.get(name="Administrators"))
    client.force_login(user)

    assert client.get(ADDRESS).status_code == 200
    assert ADDRESS in client.get("/admin/").content.decode()
    assert officer_client.get(ADDRESS).status_code == 302
    assert ADDRESS not in officer_client.get("/admin/").content.decode()


def test_the_right_can_be_given_to_another_group(editor, editor_client):
    assert editor_client.get(ADDRESS).status_code == 302
    editor.user_permissions.add(Permission.objects.get(codename="view_state"))

    assert editor_client.get(ADDRESS).status_code == 200


def test_the_first_page_of_the_admin_says_what_is_a_fault_and_no_more(administrator_client, editor_client, well):
    assert "Something is wrong" not in said(administrator_client.get("/admin/"))
    ticked(ended_at=timezone.now() - HOUR)

    assert "Something is wrong with the site itself: Work of each minute (tick)." in said(
        administrator_client.get("/admin/")
    )
    assert "Something is wrong" not in said(editor_client.get("/admin/"))


def test_it_asks_as_much_for_fifty_consultations_as_for_one(administrator_client, consultation, well):
    answered(consultation)

    def queries():
        administrator_client.get(ADDRESS)
        with CaptureQueriesContext(connection) as asked:
            administrator_client.get(ADDRESS)
        return len(asked)

    few = queries()
    for n in range(50):
        other = Consultation.objects.create(
            key=uuid.uuid4(),
            version=consultation.version,
            title=f"Demo {n}",
            language="en",
            opens_at=timezone.now() - DAY,
            closes_at=timezone.now() - HOUR,
            kept_until=timezone.localdate() - DAY,
        )
        Tabulation.objects.create(consultation=other, total=1)
        outbox.put(f"{n}@example.org", "Demo", "Demo", "en")
    for _n in range(5):
        answered(consultation)

    assert queries() == few <= 30


def test_nothing_that_cannot_be_asked_hides_the_rest(administrator_client, well, monkeypatch):
    def away():
        raise DatabaseError("secret-host")

    monkeypatch.setattr("home.state.work.backlog.mail", away)

    page = administrator_client.get(ADDRESS)

    assert "It can’t be asked (DatabaseError)" in said(page)
    assert "secret-host" not in said(page)
    assert len(page.context["lines"]) == len(report.lines())


def test_every_line_that_is_not_fine_says_what_to_do(settings, monkeypatch):
    """Each of them in its faults, all the same."""
    found = [line for line in report.lines() if line.state != State.FINE]

    assert found
    assert [line.name for line in found if not line.found.advice] == []


# The command


def status(*options):
    out = StringIO()
    code = 0
    try:
        call_command("status", *options, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


def test_the_command_says_the_same_and_fails_on_a_fault_alone(well):
    code, text = status()
    assert code == 0
    assert "Fine            Database:" in text

    LastRun.objects.filter(name=running.RECOUNT).delete()
    assert status()[0] == 0  # attention is none

    ticked(ended_at=timezone.now() - HOUR)
    code, text = status()
    assert code == 1
    assert text.startswith("Fault           Work of each minute (tick)")


def test_programs_read_it_as_json(well):
    code, text = status("--json")

    read = json.loads(text)
    assert (code, read["state"]) == (0, "fine")
    assert {line["name"] for line in read["lines"]} == {line.name for line in report.lines()}
    assert set(read["lines"][0]) == {"name", "title", "state", "figure", "since", "advice"}


# Each line


def test_tick_is_well_late_or_failing(well):
    assert rounds.tick().state == State.FINE
    ticked(failed=["sending of e-mails"])
    assert rounds.tick().state == State.ATTENTION
    assert "put off: sending of e-mails" in rounds.tick().figure
    ticked(ended_at=timezone.now() - HOUR)
    assert rounds.tick().state == State.FAULT


@pytest.mark.parametrize(("age", "state"), [(0, "fine"), (5, "attention"), (60, "fault")])
def test_responses_that_are_not_folded_are_told_with_the_age_of_the_oldest(consultation, age, state):
    answered(consultation)
    Response.objects.update(received_at=timezone.now() - dt.timedelta(minutes=age))
    answered(consultation)

    assert work.folding().state == state
    assert work.folding().figure.startswith("At most 2 responses wait")
    fold(consultation)
    assert work.folding().figure == "Every response is counted"


@pytest.mark.parametrize(("age", "state"), [(0, "fine"), (1, "attention"), (10, "fault")])
def test_emails_that_wait_are_told_with_the_age_of_the_oldest(age, state):
    assert work.outbox().figure == "None waits"
    outbox.put("a@example.org", "Demo", "Demo", "en")
    Message.objects.update(created_at=timezone.now() - age * HOUR)

    assert work.outbox().state == state
    assert "1 waits" in work.outbox().figure
    assert "example.org" not in work.outbox().figure
    Message.objects.update(state=Message.State.GIVEN_UP)
    assert "1 given up in the last 90 days" in work.outbox().figure


def test_files_and_tables_that_hang_are_told(consultation, administrator):
    asked = {"by": administrator, "consultation": consultation}
    file = {"holds": "responses", "level": "open", "format": "xlsx", "form": "labels", "language": "en"}
    Export.objects.create(**asked, **file, total=1)
    Tabulation.objects.create(**asked, total=1, state=Tabulation.State.FAILED)
    Upload.objects.create(**asked, name="demo", format="csv", state=Upload.State.RUNNING)
    Upload.objects.update(seen_at=timezone.now() - HOUR, begun_at=timezone.now() - HOUR)

    assert (work.exports().state, work.exports().figure) == ("fine", "1 is being made")
    assert (work.tabulations().state, work.tabulations().figure) == ("attention", "1 failed in the last day")
    assert (work.uploads().state, "without a sign of life" in work.uploads().figure) == ("fault", True)


def test_pages_whose_time_came_are_told():
    page = StandardPage(title="Late page", slug="late")
    HomePage.objects.get(locale__language_code="en").add_child(instance=page)
    page.save_revision().publish()
    assert work.scheduled().state == State.FINE
    StandardPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - HOUR)

    assert (work.scheduled().state, work.scheduled().figure) == ("fault", "Late: Late page")


def test_personal_data_whose_time_came_is_told_until_it_is_deleted(consultation):
    assert work.retention().figure == "Nothing is due"
    row = Consultation.objects.filter(pk=consultation.pk)
    row.update(kept_until=timezone.localdate() + DAY)
    assert (work.retention().state, work.retention().figure) == ("fine", "1 in the next month")

    row.update(kept_until=timezone.localdate(), closes_at=timezone.now() - 3 * DAY, opens_at=timezone.now() - 9 * DAY)
    assert (work.retention().state, work.retention().figure) == ("attention", "1 is due")

    row.update(kept_until=timezone.localdate() - 2 * DAY)
    assert work.retention().state == State.FAULT

    run = RetentionRun.objects.create(consultation=consultation)
    assert (work.retention().state, work.retention().figure) == ("fine", "1 deletion goes on")
    RetentionRun.objects.update(begun_at=timezone.now() - 2 * DAY)
    assert work.retention().state == State.FAULT
    RetentionRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    assert work.retention().figure == "Nothing is due"


def test_held_responses_are_told(consultation):
    answered(consultation)
    assert work.held().figure == "None waits"
    Response.objects.update(state=Response.State.HELD)
    assert (work.held().state, work.held().figure) == ("fine", "1 waits")
    Response.objects.update(received_at=timezone.now() - 8 * DAY)
    assert work.held().state == State.ATTENTION


def test_counts_that_differ_are_a_fault(well):
    running.note(running.RECOUNT, 1, ["2 figures of consultation 3"])

    assert rounds.recount().state == State.FAULT
    assert "2 figures of consultation 3" in rounds.recount().figure


@pytest.mark.parametrize(("age", "state"), [(HOUR, "fine"), (30 * HOUR, "attention"), (4 * DAY, "fault")])
def test_the_age_of_the_last_backup_is_told(mark, age, state):
    mark(backup=age)

    assert rounds.backup().state == state
    assert rounds.restore().figure == "Never, as far as is known"


@pytest.mark.parametrize(("age", "state"), [(DAY, "fine"), (120 * DAY, "attention")])
def test_the_age_of_the_last_proven_restore_is_told(mark, age, state):
    mark(restored=age)

    assert rounds.restore().state == state
    assert rounds.backup().state == State.ATTENTION


@pytest.mark.parametrize("text", ["", "[]", '{"backup": 7}', '{"backup": "yesterday"}', "null"])
def test_a_file_of_marks_that_is_broken_is_told(settings, mark, text):
    Path(settings.BACKUP_MARK).write_text(text)

    assert rounds.backup().state == State.ATTENTION
    assert rounds.backup().figure == "The file of marks can’t be read"


def test_a_file_of_marks_in_a_folder_that_the_site_may_not_enter_is_told(settings, monkeypatch):
    settings.BACKUP_MARK = "/var/backups/connected/mark.json"

    def refuse(path, **options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)
    assert (rounds.backup().state, rounds.restore().state) == ("attention", "attention")
    assert rounds.backup().figure == "The file of marks can’t be read"


def test_a_time_without_a_zone_is_utc(settings, mark):
    Path(settings.BACKUP_MARK).write_text(f'{{"backup": "{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S}"}}')

    assert rounds.backup().state == State.FINE


def test_the_database_says_its_engine_its_size_and_whether_it_is_durable():
    found = machines.database()

    if connection.vendor == "sqlite":
        assert "journal wal, synchronous full" in found.figure
        assert found.state == State.FINE
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous")
    else:
        assert found.figure.startswith("PostgreSQL 1")
        assert ("fsync off" in found.figure) == (found.state == State.FAULT)  # the tests' own is careless
        assert "synchronous_commit" in found.figure


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite")
@pytest.mark.django_db(transaction=True)
def test_a_careless_sqlite_is_a_fault():
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
        assert machines.database().state == State.FAULT
    finally:
        connection.close()


def test_without_a_replica_there_is_no_line_about_one():
    assert "replica" not in states()


def test_a_replica_is_told_with_how_far_it_is_behind(monkeypatch):
    seen = {}
    monkeypatch.setattr("home.state.machines.connections", type("", (), {"databases": {"replica": {}}}))
    monkeypatch.setattr("home.state.machines._noted", lambda alias: seen[alias])
    now = timezone.now()

    seen.update(default=now, replica=now)
    assert machines.replica().state == State.FINE
    seen.update(replica=now - dt.timedelta(seconds=30))
    assert machines.replica().figure.startswith("At most 30 seconds behind")
    assert machines.replica().state == State.FINE
    seen.update(replica=now - HOUR)
    assert machines.replica().state == State.ATTENTION


def test_a_replica_that_is_away_is_told(monkeypatch):
    def away(alias):
        raise DatabaseError

    monkeypatch.setattr("home.state.machines.connections", type("", (), {"databases": {"replica": {}}}))
    monkeypatch.setattr("home.state.machines._noted", away)

    assert (machines.replica().state, machines.replica().figure) == ("attention", "It does not answer")


def test_a_cache_that_is_away_is_told(monkeypatch):
    class Away:
        def __getattr__(self, name):
            raise ConnectionError

    monkeypatch.setattr("home.state.machines.cache", Away())

    assert machines.shared_cache().state == State.ATTENTION
    assert cache is not None


def test_a_storage_that_cannot_be_written_to_is_told(monkeypatch):
    assert machines.files().state == State.FINE
    monkeypatch.setattr("home.state.machines.os.access", lambda folder, mode: "exports" not in str(folder))
    monkeypatch.setattr("home.state.machines.Path.exists", lambda folder: True)

    assert machines.files().state == State.FAULT
    assert "exports" in machines.files().figure


@pytest.mark.parametrize(("free", "state"), [(50, "fine"), (10, "attention"), (2, "fault")])
def test_a_disk_that_fills_is_told(monkeypatch, free, state):
    usage = type("", (), {"total": 100 * 2**30, "free": free * 2**30})
    monkeypatch.setattr("home.state.machines.shutil.disk_usage", lambda folder: usage)

    assert machines.disk().state == state


def test_migrations_that_were_not_applied_are_a_fault(monkeypatch):
    monkeypatch.setattr("home.state.software.probes.migrations.unapplied", lambda: ["home.0099_demo"])

    assert (software.migrations().state, software.migrations().figure) == ("fault", "Not applied: home.0099_demo")


@pytest.mark.parametrize("keeps_files_in_a_bucket", [False, True])
def test_a_site_in_production_is_for_the_public_wherever_its_files_are(settings, keeps_files_in_a_bucket):
    settings.SERVE_MEDIA = keeps_files_in_a_bucket
    settings.SETTINGS_MODULE = "config.settings.production"
    assert software.web().state == "fine"

    settings.SETTINGS_MODULE = "config.settings.dev"
    assert software.web().state == "attention"


def test_the_software_is_named_by_its_release_or_its_commit(settings, tmp_path):
    settings.RELEASE = "2026.11"
    assert software.software().figure.startswith("2026.11, on Wagtail ")

    (tmp_path / ".git" / "refs" / "heads").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / ".git" / "refs" / "heads" / "main").write_text("0123456789abcdef" * 2 + "01234567\n")
    assert software.commit(tmp_path) == "0123456789ab"
    assert software.commit(tmp_path / "nowhere") == ""
