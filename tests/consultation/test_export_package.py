"""A consultation leaves as a package: from the command, and from the officers' area."""

import io
import json
import random
import uuid
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from consultation import csv_files, instrument, ledger
from consultation.answers import Answers
from consultation.columns import Form
from consultation.models import Channel
from consultation.package.archive import zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(consultation):
    asked = instrument.current(consultation, "en")
    answers = Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "=HYPERLINK(1)", (5, 0): "(skipped)"})
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers.asked_by(asked))
    return consultation


def export(consultation, path):
    call_command("export_package", str(consultation.pk), str(path), stdout=io.StringIO())
    return path


def test_the_package_holds_the_questionnaire_and_the_responses_under_their_keys(answered, tmp_path):
    folder = export(answered, tmp_path / "folder")

    described = json.loads((folder / "questionnaire.json").read_text())
    responses = "".join(csv_files.lines(answered, "en", Form.KEYS))
    assert [item["kind"] for section in described["sections"] for item in section["items"]] == [
        *("single", "multiple", "number", "information", "short_text", "long_text")
    ]
    assert (folder / "responses.csv").read_bytes().decode() == responses


def test_a_zip_and_a_folder_hold_the_same_and_two_zips_are_the_same_bytes(answered, tmp_path):
    folder = export(answered, tmp_path / "folder")
    one, other = (export(answered, tmp_path / name) for name in ("one.zip", "other.zip"))

    with zipfile.ZipFile(one) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()
        }
    assert one.read_bytes() == other.read_bytes()


def test_what_is_there_is_not_written_over(answered, tmp_path):
    (tmp_path / "there.zip").write_bytes(b"mine")
    (tmp_path / "file").write_bytes(b"mine")

    for path in (tmp_path / "there.zip", tmp_path):
        with pytest.raises(CommandError):
            export(answered, path)

    assert (tmp_path / "there.zip").read_bytes() == b"mine"
    assert {file.name for file in tmp_path.iterdir()} == {"there.zip", "file"}


def test_officers_download_the_same_package_and_editors_do_not(answered, administrator_client, editor_client, tmp_path):
    address = reverse("consultations:package", args=[answered.pk])

    download = administrator_client.get(address)

    assert download["Content-Disposition"].endswith('.zip"')
    file = b"".join(download.streaming_content)
    assert file == export(answered, tmp_path / "package.zip").read_bytes()
    assert not editor_client.get(address).streaming
    assert editor_client.get(address).status_code == 302


def test_a_zip_is_handed_on_while_it_is_made():
    begun = []

    def endless():
        while True:
            begun.append(random.randbytes(64_000))
            yield begun[-1]

    stream = zipped([("endless", endless())])

    assert next(stream).startswith(b"PK\x03\x04")
    next(stream)
    assert len(begun) < 10
    stream.close()
