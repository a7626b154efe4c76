"""A backup is made, everything is wiped, and what is restored is the same, row for row and file for file.

The scripts of deploy/backup run as an administrator runs them. See docs/running/backup.md.
"""

import json
import os
import re
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from tests.conftest import ROOT
from tests.factories import make_consultation
from tests.postgres import OWNER, debian_binaries, embedded_binaries, unprivileged
from tests.restore.copies import SCRIPTS, Copied, copied, folder_for_all, sign_again, wipe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("restore")]
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: SQLite keeps no log")

ANSWER = """
import sys, time, uuid
from django.db import connection
from consultation import ledger
from consultation.answers import Answers
from consultation.models import Channel, Consultation
chosen = Consultation.objects.get()
answers = Answers({1: 1, 2: [1, 3], 3: 41, 4: True, 5: None}, {(4, 0): "Wallace Park"})
for key in KEYS:
    ledger.submit(chosen, uuid.UUID(key), chosen.published, "en", Channel.WEB, answers)
    time.sleep(0.5)
    cursor = connection.cursor()
    cursor.execute("SELECT CURRENT_TIMESTAMP")
    print("at", cursor.fetchone()[0])
    time.sleep(0.5)
"""
made: dict[str, Path] = {}  # a backup for those that spoil a copy of it


def answer(site: Copied, *keys: uuid.UUID) -> list[str]:
    """Send an answer under each key; give an instant after each."""
    said = site.manage("shell", "--no-imports", "-c", ANSWER.replace("KEYS", repr([str(key) for key in keys])))
    return [line.removeprefix("at ") for line in said.splitlines() if line.startswith("at ")]


KEYS = "from consultation.models import Response; print(*Response.objects.values_list('key', flat=True))"


def keys(site: Copied) -> set[uuid.UUID]:
    """What is in the ledger."""
    return {uuid.UUID(key) for key in site.manage("shell", "--no-imports", "-c", KEYS).split()}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a site is."""
    with folder_for_all() as made:
        yield made


@pytest.fixture
def spoilt(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Copied:
    """A site that is gone, and a backup of it to spoil."""
    if "site" not in made:
        make_consultation()
        kept = tmp_path_factory.mktemp("backed-up")
        with folder_for_all() as first, copied(first) as (site, _cluster):
            answer(site, uuid.uuid4())
            site.backup()
            time.sleep(1)  # a backup is named after its second
            site.backup()
            shutil.copytree(site.backups, kept / "backups")
            made["binaries"] = site.binaries
        made["site"] = kept
    shutil.copytree(made["site"] / "backups", folder / "backups")
    unprivileged("chown", folder)
    return Copied(
        folder, "sqlite://" if connection.vendor == "sqlite" else f"postgresql://{OWNER}@/postgres", made["binaries"]
    )


# The test's own role may do everything; on a server the site's role has its tables and no more.
AS_A_COUNCIL = """
CREATE ROLE council LOGIN;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I OWNER TO council', name);
    END LOOP;
END $$;
"""


def first_backup(site: Copied) -> Path:
    return min(site.backups.glob("20*Z"))


def data_file(backup: Path) -> Path:
    """The largest file of the database."""
    return max(
        (
            p
            for p in backup.glob("database*/**/*" if connection.vendor == "postgresql" else "database.sqlite3")
            if p.is_file()
        ),
        key=lambda path: path.stat().st_size,
    )


def test_what_is_restored_is_what_was_there_row_for_row_and_file_for_file(folder):
    make_consultation()
    with copied(folder) as (site, cluster):
        answer(site, uuid.uuid4(), uuid.uuid4())
        backup = site.backup()
        before, files = site.digests(), site.contents()
        wipe(site, cluster)

        site.script("restore", backup, cluster.data if cluster else folder / "site.sqlite3")
        if cluster:
            cluster.start()
        site.manage("copy_files", backup / "files", "--back")

        assert site.digests() == before
        assert site.contents() == files
        site.manage("recount", "--check")
        assert " 2  consultation_response\n" in before


def test_a_backup_that_is_made_while_people_answer_is_proved_by_restoring_it_and_the_mark_says_when(folder):
    make_consultation()
    with copied(folder) as (site, _cluster):
        with ThreadPoolExecutor() as pool:
            answering = pool.submit(answer, site, *(uuid.uuid4() for _ in range(30)))
            site.backup()
            assert len(answering.result()) == 30  # nobody was refused

        said = site.script("prove")

        assert "proved: " in said
        marks = json.loads((folder / "mark").read_text())
        assert set(marks) == {"backup", "restored"}
        assert not list(folder.glob("prove.*"))


@only_postgresql
def test_the_role_of_the_guide_can_make_a_backup_and_prove_it_and_the_sites_own_cannot(folder):
    make_consultation()
    guide = (ROOT / "docs" / "running" / "backup.md").read_text()
    made, granted = re.findall(r"^    ((?:CREATE ROLE|GRANT) .*;)$", guide, re.MULTILINE)
    with copied(folder) as (site, cluster):
        with psycopg2.connect(cluster.url) as to_set_up, to_set_up.cursor() as cursor:
            cursor.execute(AS_A_COUNCIL + made.replace("IN ROLE connected", "IN ROLE council"))
        own = replace(site, url=cluster.url.replace(f"//{OWNER}@", "//connected_backup@"))
        refused = own.refusal("backup")
        with psycopg2.connect(cluster.url) as to_set_up, to_set_up.cursor() as cursor:
            cursor.execute(granted)

        own.backup()

        assert "permission denied for function" in refused
        assert "proved: " in own.script("prove")


@only_postgresql
def test_one_can_recover_to_an_instant_between_two_answers(folder):
    make_consultation()
    before, after = uuid.uuid4(), uuid.uuid4()
    with copied(folder) as (site, cluster):
        backup = site.backup()
        instant, _later = answer(site, before, after)
        site.backup()  # and with it, what came until now is in the archive
        wipe(site, cluster)

        site.script("restore", "--to", instant, backup, cluster.data)
        cluster.start()

        assert keys(site) == {before}
        # Nothing of that instant is left for a standby that is made from it.
        settings = cluster.data / "postgresql.auto.conf"
        assert "recovery_target_time" in settings.read_text()
        done = site.run(SCRIPTS / "after-restore", PGHOST=str(cluster.folder), PGUSER=OWNER)
        assert (done.returncode, done.stderr) == (0, "")
        assert not re.search("recovery_target|restore_command", settings.read_text())


def test_restoring_over_something_is_refused_and_touches_nothing(spoilt, folder):
    place = folder / "place"
    if connection.vendor == "sqlite":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "mine").write_text("mine")

    said = spoilt.refusal("restore", first_backup(spoilt), place)

    assert "is not empty" in said
    assert (place if place.is_file() else place / "mine").read_text() == "mine"


def test_files_are_not_brought_back_over_others(spoilt, folder):
    (folder / "files" / "media").mkdir(parents=True)
    (folder / "files" / "media" / "new.txt").write_text("mine")

    done = spoilt.run(
        sys.executable, "manage.py", "copy_files", first_backup(spoilt) / "files", "--back", url="sqlite://"
    )

    assert done.returncode != 0
    assert "has files already" in done.stderr


def found_before_restoring(site: Copied, folder: Path) -> str:
    """Whatever is wrong is found while the place is still empty."""
    place = folder / "place"
    said = site.refusal("restore", first_backup(site), place)
    assert not place.exists()
    return said


def test_a_truncated_database_is_found(spoilt, folder):
    path = data_file(first_backup(spoilt))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)

    assert "spoilt" in found_before_restoring(spoilt, folder)


def test_a_flipped_byte_is_found(spoilt, folder):
    with data_file(first_backup(spoilt)).open("r+b") as file:
        file.seek(5000)
        byte = file.read(1)
        file.seek(5000)
        file.write(bytes([byte[0] ^ 1]))

    assert "spoilt" in found_before_restoring(spoilt, folder)


def test_a_missing_file_is_found(spoilt, folder):
    (first_backup(spoilt) / "files" / "letters" / "2026" / "é 1.txt").unlink()

    assert "missing" in found_before_restoring(spoilt, folder)


def test_a_file_that_no_manifest_lists_is_found(spoilt, folder):
    (first_backup(spoilt) / "files" / "stray").write_text("who put it there?")

    assert "not what the manifest lists" in found_before_restoring(spoilt, folder)


def test_a_shortened_manifest_is_found(spoilt, folder):
    manifest = first_backup(spoilt) / "MANIFEST"
    manifest.write_text("".join(manifest.read_text().splitlines(keepends=True)[:-1]))

    assert "manifest is spoilt" in found_before_restoring(spoilt, folder)


def test_a_backup_of_another_version_of_the_site_is_found(spoilt, folder):
    with (first_backup(spoilt) / "migrations").open("a") as file:
        file.write("zoo.0001_animals\n")
    sign_again(first_backup(spoilt))

    said = found_before_restoring(spoilt, folder)

    assert "another version" in said and "zoo.0001_animals" in said


@only_postgresql
def test_a_backup_of_another_postgresql_is_found(spoilt, folder):
    (first_backup(spoilt) / "database" / "PG_VERSION").write_text("9\n")
    sign_again(first_backup(spoilt))

    assert "made by PostgreSQL 9" in found_before_restoring(spoilt, folder)


@only_postgresql
def test_a_missing_segment_of_the_log_is_found(spoilt, folder):
    last = (first_backup(spoilt) / "segments").read_text().split()[1]
    (spoilt.backups / "wal" / last).unlink()

    assert "missing" in found_before_restoring(spoilt, folder)


@only_postgresql
def test_a_segment_that_is_missing_after_the_backup_is_found_or_recovery_would_end_there(spoilt, folder):
    last = (first_backup(spoilt) / "segments").read_text().split()[1]
    later = sorted(p for p in (spoilt.backups / "wal").iterdir() if len(p.name) == 24 and p.name > last)
    assert len(later) > 1
    later[0].unlink()

    assert "a segment of the log is missing" in found_before_restoring(spoilt, folder)


def test_rows_that_are_not_those_of_the_backup_are_found_though_the_manifest_agrees(spoilt):
    backup = first_backup(spoilt)
    digests = (backup / "digests").read_text().splitlines(keepends=True)
    changed = ["0" * 64 + line[64:] if line.endswith("  consultation_response\n") else line for line in digests]
    (backup / "digests").write_text("".join(changed))
    sign_again(backup)

    said = spoilt.refusal("prove", backup)

    assert "these tables are not what they were" in said and "consultation_response" in said
    assert not (spoilt.folder / "mark").exists()


@only_postgresql
def test_a_segment_that_is_in_the_archive_is_never_overwritten(folder):
    site = Copied(folder, "postgresql:///postgres")
    segment, archive = folder / "segment", folder / "archive"
    archive.mkdir()
    segment.write_bytes(b"first")
    site.script("archive-wal", archive, segment, "000000010000000000000001")
    site.script("archive-wal", archive, segment, "000000010000000000000001")  # the same again is no fault
    segment.write_bytes(b"other")

    said = site.refusal("archive-wal", archive, segment, "000000010000000000000001")

    assert "is there already" in said
    assert [path.read_bytes() for path in archive.iterdir()] == [b"first"]


@only_postgresql
def test_what_is_too_old_is_forgotten_with_the_log_before_it_but_never_the_newest_backup(folder):
    site = Copied(folder, "postgresql:///postgres", debian_binaries() or embedded_binaries())
    (folder / "backups" / "wal").mkdir(parents=True)
    for number, name in enumerate(["2020-01-01T02-00-00Z", "2020-01-02T02-00-00Z", "2020-01-03T02-00-00Z"], 1):
        (site.backups / name).mkdir()
        (site.backups / name / "segments").write_text(f"{number:024X} {number:024X}\n")
        (site.backups / "wal" / f"{number:024X}").write_text("log")

    cut_off, being_made = (site.backups / f".2026-01-0{day}T02-00-00Z.part" for day in (1, 2))
    for path in (cut_off, being_made):
        path.mkdir()
    os.utime(cut_off, times=(0, 0))

    site.script("forget")

    assert (cut_off.exists(), being_made.exists()) == (False, True)
    assert [path.name for path in site.backups.glob("20*")] == ["2020-01-03T02-00-00Z"]
    assert [path.name for path in (site.backups / "wal").iterdir()] == [f"{3:024X}"]
