"""Large spreadsheets are made by tick, fetched by whoever asked for them and still may, and gone after a day."""

import datetime as dt
import hashlib
import io
import os
import uuid
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from consultation import exports, ledger, tasks
from consultation.answers import Answers
from consultation.downloads import Contents, Rows
from consultation.models import Channel, Download, Export, Format, Level
from consultation.tick import Faults

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "exports": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": settings.STORAGES["exports"]["OPTIONS"] | {"location": tmp_path / "exports"},
        }
    }


@pytest.fixture
def many(consultation, monkeypatch):
    """More responses than are sent at once."""
    monkeypatch.setattr(exports, "LARGE", {"responses": 4, "answers": 4})
    monkeypatch.setattr(exports, "NOTED", 2)
    monkeypatch.setattr("consultation.sheets.xlsx.ROWS", 2)
    for _ in range(6):
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: 1}))
    return consultation


def ask(officer, consultation, format=Format.XLSX):
    return exports.ask(officer, Contents(consultation, "responses", Level.ANALYSIS, format, "en"))


def file_of(export):
    return reverse("consultations:export_file", args=[export.pk])


def fetch(client, export):
    return client.get(file_of(export))


def test_a_large_file_is_asked_for_made_and_fetched(many, officer_client):
    offered = officer_client.get(f"/admin/consultations/{many.pk}/responses.xlsx?level=analysis&form=keys")
    assert offered["Location"].endswith(f"/{many.pk}/prepare/xlsx/?level=analysis&form=keys")
    assert "Make the file" in officer_client.get(offered["Location"]).content.decode()
    assert not Export.objects.exists()

    waiting = officer_client.post(offered["Location"])
    before = officer_client.get(waiting["Location"])
    assert before["Refresh"] == "5" and "it waits for its turn" in before.content.decode()
    assert fetch(officer_client, Export.objects.get()).status_code == 404
    call_command("tick")
    ready = officer_client.get(waiting["Location"])
    assert "Refresh" not in ready and file_of(Export.objects.get()) in ready.content.decode()

    file = b"".join(fetch(officer_client, Export.objects.get()).streaming_content)
    header, *rows = load_workbook(io.BytesIO(file))["Responses"].iter_rows(values_only=True)
    assert len(rows) == 6 and header[5] == "q1"
    (download,) = Download.objects.all()
    assert download.end.rows == 6 and download.end.sha256 == hashlib.sha256(file).hexdigest()


def test_a_small_spreadsheet_and_any_csv_are_sent_at_once(many, officer_client, monkeypatch):
    assert officer_client.get(f"/admin/consultations/{many.pk}/responses.csv").streaming
    monkeypatch.setattr(exports, "LARGE", {"responses": 6, "answers": 5})

    assert officer_client.get(f"/admin/consultations/{many.pk}/responses.xlsx").streaming
    assert officer_client.get(f"/admin/consultations/{many.pk}/responses.ods?rows=answers").status_code == 302


def test_the_page_stays_as_it_is_where_one_wants_it(many, officer, officer_client):
    page = officer_client.get(f"/admin/consultations/exports/{ask(officer, many).pk}/?stay")

    assert "Refresh" not in page and "Look again" in page.content.decode()


def test_asking_twice_makes_one_file(many, officer, administrator):
    assert ask(officer, many) == ask(officer, many)
    assert ask(administrator, many) != ask(officer, many)

    assert exports.make_due() == 2
    assert ask(officer, many).state == Export.State.WAITING  # for what came since


def test_it_is_noted_how_far_it_is_while_it_is_made(many, officer, monkeypatch):
    export, seen = ask(officer, many), []
    heard = tasks.heard
    monkeypatch.setattr(tasks, "heard", lambda task, rows: (heard(task, rows=rows), seen.append(rows)))

    exports.make_due()

    export.refresh_from_db()
    assert seen and seen == sorted(seen)
    assert (export.state, export.rows) == (Export.State.DONE, 6)


def test_nobody_else_gets_it_nor_who_lost_the_right(many, officer, officer_client, administrator_client):
    export = ask(officer, many)
    exports.make_due()
    assert fetch(officer_client, export).status_code == 200

    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "download_full"]))

    assert fetch(officer_client, export).status_code == 302  # to the admin's home, with a word about it
    assert officer_client.get(f"/admin/consultations/exports/{export.pk}/").status_code == 302
    assert fetch(administrator_client, export).status_code == 404


def test_the_files_are_private(many, officer, settings):
    export = ask(officer, many)
    exports.make_due()
    export.refresh_from_db()

    path = Path(exports.storage().path(export.file))
    assert settings.MEDIA_ROOT not in path.parents
    assert path.read_bytes().startswith(b"PK")
    assert path.stat().st_mode & 0o077 == 0


def test_a_day_later_file_and_row_are_gone(many, officer, officer_client):
    export = ask(officer, many)
    exports.make_due()
    export.refresh_from_db()
    Export.objects.update(seen_at=timezone.now() - exports.KEPT - dt.timedelta(minutes=1))
    backdate(export.file, timezone.now() - exports.KEPT - dt.timedelta(minutes=1))

    call_command("tick")

    assert not Export.objects.exists()
    assert exports.storage().listdir("")[1] == []
    assert fetch(officer_client, export).status_code == 404


def backdate(name, when):
    os.utime(exports.storage().path(name), (when.timestamp(), when.timestamp()))


def test_a_file_that_no_row_knows_is_deleted_and_one_that_is_needed_stays(many, officer):
    export = ask(officer, many)
    exports.make_due()
    export.refresh_from_db()
    stray = exports.storage().save("stray.xlsx", ContentFile(b"names"))
    young = exports.storage().save("young.xlsx", ContentFile(b"names"))
    for name in (stray, export.file):
        backdate(name, timezone.now() - exports.KEPT - dt.timedelta(minutes=1))

    exports.forget()

    assert set(exports.storage().listdir("")[1]) == {export.file, young}


def test_what_fails_is_tried_three_times_and_then_says_so(many, officer, officer_client, monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError("a fault of ours")

    export = ask(officer, many)
    with monkeypatch.context() as patch:
        patch.setattr(Contents, "parts", broken)
        faults = Faults()
        assert exports.make_due(faults) == 0
    export.refresh_from_db()

    assert faults.number == 3
    assert (export.state, export.attempts) == (Export.State.FAILED, 3)
    assert "it could not be made" in officer_client.get(f"/admin/consultations/exports/{export.pk}/").content.decode()


def test_what_finds_no_space_is_put_off_for_a_day_at_most(many, officer, officer_client, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("no space")

    export, address = ask(officer, many), "/admin/consultations/exports/{}/"
    monkeypatch.setattr(Contents, "parts", full)
    assert [exports.make_due() for _ in range(5)] == [0] * 5
    export.refresh_from_db()
    assert (export.state, export.attempts) == (Export.State.WAITING, 0)
    assert "is made again in a minute" in officer_client.get(address.format(export.pk)).content.decode()

    yesterday = timezone.now() - exports.KEPT - dt.timedelta(minutes=1)
    Export.objects.update(asked_at=yesterday, seen_at=timezone.now())
    exports.make_due()

    export.refresh_from_db()
    assert export.state == Export.State.FAILED


def test_what_a_tick_began_that_was_killed_is_made_by_another(many, officer):
    export = ask(officer, many)
    Export.objects.update(state=Export.State.RUNNING, attempts=1)
    assert exports.make_due() == 0
    Export.objects.update(seen_at=timezone.now() - tasks.SILENT - dt.timedelta(seconds=1))

    assert exports.make_due() == 1

    export.refresh_from_db()
    assert export.state == Export.State.DONE


def test_a_large_file_is_the_file_that_a_small_one_would_be(many, officer):
    contents = Contents(many, "responses", Level.ANALYSIS, Format.XLSX, "en")
    export = exports.ask(officer, contents)

    exports.make_due()

    export.refresh_from_db()
    with exports.storage().open(export.file) as file:
        assert file.read() == b"".join(contents.parts(Rows()))


def test_a_large_file_of_some_responses_has_those_and_no_other(many, officer_client):
    for _ in range(5):
        ledger.submit(many, uuid.uuid4(), many.published, "en", Channel.PAPER, Answers({1: 2}))
    query = "channel=paper&answer=1.2&form=keys"

    offered = officer_client.get(f"/admin/consultations/{many.pk}/responses.xlsx?{query}")
    assert "On paper; answered" in officer_client.get(offered["Location"]).content.decode()
    officer_client.post(offered["Location"])
    exports.make_due()

    (export,) = Export.objects.all()
    assert (export.state, export.rows, export.total) == (Export.State.DONE, 5, 5)
    b"".join(fetch(officer_client, export).streaming_content)
    assert Download.objects.get().filtered == export.filtered == "On paper; answered “By bus” to question 1"


def test_a_filter_that_can_not_be_read_any_more_makes_no_file(many, officer):
    export = exports.ask(officer, Contents(many, "responses", Level.ANALYSIS, Format.XLSX, "en", query="answer=9.9"))

    exports.make_due(Faults())

    export.refresh_from_db()
    assert (export.state, export.file) == (Export.State.FAILED, "")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="one connection is enough elsewhere")
def test_answers_come_in_while_a_file_is_made(many, officer, monkeypatch):
    export, heard = ask(officer, many), tasks.heard

    def answered_meanwhile(task, rows):
        ledger.submit(many, uuid.uuid4(), many.published, "en", Channel.WEB, Answers({1: 1}))
        heard(task, rows=rows)

    monkeypatch.setattr(tasks, "heard", answered_meanwhile)
    exports.make_due()

    export.refresh_from_db()
    assert (export.state, export.rows) == (Export.State.DONE, 6)
    assert many.responses.count() > 6
