"""What this site exported comes back cell for cell: the guard of formulas is undone, and missing stays threefold."""

import csv
import io
import uuid

import pytest

from consultation import csv_files, downloads, ledger
from consultation.answers import Answers
from consultation.columns import Form
from consultation.downloads import Contents
from consultation.models import Channel, Format, Level, Response, Tally, Upload, Watermark
from consultation.recount import check
from consultation.spreadsheets import uploads
from consultation.tick import tick
from tests.spreadsheets import answers, checked, guessed, hand_in, imported, problems

pytestmark = pytest.mark.django_db

HOSTILE = [
    *("=1+1", "'=1+1", "''twice", "(skipped)", "'(skipped)", "@SUM(A1)", "+44 28", "-1", "|x", " =1", "\u200b=1"),
    *(
        "0",
        "007",
        "1e5",
        "TRUE",
        "No",
        '"quoted", and; more',
        "two\nlines",
        "a\ttab",
        "😀 👩‍👩‍👧",
        "_x0041_",
        "‑",
        "a" * 16_000,
    ),
]


@pytest.fixture(autouse=True)
def private(settings, tmp_path, monkeypatch):
    options = settings.STORAGES["imports"]["OPTIONS"] | {"location": tmp_path / "imports"}
    settings.STORAGES = settings.STORAGES | {"imports": settings.STORAGES["imports"] | {"OPTIONS": options}}
    monkeypatch.setattr(uploads, "LARGE", 1_000_000)


def exported(consultation, format, form=Form.LABELS, language="en"):
    contents = Contents(consultation, "responses", Level.FULL, format, language, form)
    return b"".join(contents.parts(downloads.Rows()))


def cells(consultation):
    return list(csv.reader(csv_files.lines(consultation, "en", Form.KEYS, Level.FULL)))


@pytest.fixture
def answered(consultation):
    for place, text in enumerate(HOSTILE):
        values = {1: 3, 2: [1, 4] if place % 2 else None, 3: place or None, 4: True, 5: None if place % 3 else True}
        words = {(1, 3): text[:500], (4, 0): text[:500]} | ({} if place % 3 else {(5, 0): text})
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.PAPER, Answers(values, words))
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "ga", Channel.WEB, Answers({1: 1, 4: None}))
    return consultation


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX, Format.ODS])
def test_whatever_people_wrote_comes_back_in_a_copy(answered, make_consultation, officer, format, form):
    copy = make_consultation(key=uuid.uuid4())
    upload = hand_in(officer, copy, exported(answered, format, form))
    meaning = guessed(upload)
    assert meaning.own

    # The references are those of the responses that are still there.
    taken = checked(upload, meaning)
    assert taken.good == 0 and "with this reference is here already" in problems(taken)[0][3]
    columns = tuple("" if code == "reference" else code for code in meaning.columns)
    done = imported(checked(upload, meaning, columns=columns))

    assert done.state == Upload.State.DONE, problems(done)
    assert answers(copy) == answers(answered)
    assert [row[1:] for row in cells(copy)] == [row[1:] for row in cells(answered)]


def test_without_the_guard_undone_the_difference_would_be_seen(answered, make_consultation, officer, monkeypatch):
    monkeypatch.setattr("consultation.spreadsheets.rows.unguard", lambda cell: cell)
    copy = make_consultation(key=uuid.uuid4())
    upload = hand_in(officer, copy, exported(answered, Format.CSV))
    meaning = guessed(upload)

    columns = tuple("" if code == "reference" else code for code in meaning.columns)
    imported(checked(upload, meaning, columns=columns))

    assert answers(copy) != answers(answered)


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_comes_back_from_every_format_cell_for_cell(demo, administrator):
    left, files = cells(demo), {}
    for format in (Format.CSV, Format.XLSX, Format.ODS):
        files |= {(format, form): exported(demo, format, form) for form in Form}
    files[Format.CSV, "ga"] = exported(demo, Format.CSV, Form.LABELS, "ga")

    for name, file in files.items():
        for counted in (Tally, Watermark, Response):
            counted.objects.filter(consultation=demo).delete()
        done = imported(checked(hand_in(administrator, demo, io.BytesIO(file).read())), again=True)
        assert done.state == Upload.State.DONE, (name, problems(done)[:3])
        assert cells(demo) == left, name
    tick()
    assert check(demo) == []
    assert len(left) == 201
