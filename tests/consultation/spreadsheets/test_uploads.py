"""A spreadsheet of responses becomes responses, all or none, with each error named."""

import datetime as dt

import pytest

from consultation.models import Channel, Entry, Response, Upload
from consultation.recount import check
from consultation.tick import tick
from tests.spreadsheets import answers, as_csv, as_ods, as_xlsx, checked, columns, hand_in, imported, problems

pytestmark = pytest.mark.django_db

HEADERS = [
    *("Reference", "Date received", "How do you mostly travel?", "Another way", "Wider paths", "More buses"),
    *("How old are you?", "Which park is nearest to you?", "What should change there?"),
]
ROWS = [
    ["P-1", "2026-03-01", "On foot", "", "x", "", "41", "Castle Park", "More trees"],
    ["P-2", "01/03/2026 14:30", "", "By boat", "", "yes", "", "", "=SUM(A1)"],
    ["", "", "by bus", "", "", "", "", "", ""],
]
SAID = [
    ({"1": 1, "2": [1], "3": 41, "4": True, "5": True}, {"4.0": "Castle Park", "5.0": "More trees"}),
    ({"1": 3, "2": [2], "3": None, "4": None, "5": True}, {"1.3": "By boat", "5.0": "=SUM(A1)"}),
    ({"1": 2, "2": None, "3": None, "4": None, "5": None}, {}),
]


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    options = settings.STORAGES["imports"]["OPTIONS"] | {"location": tmp_path / "imports"}
    settings.STORAGES = settings.STORAGES | {"imports": settings.STORAGES["imports"] | {"OPTIONS": options}}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("comma.csv", as_csv),
        ("semicolon.csv", lambda *rows: as_csv(*rows, separator=";")),
        ("tab.txt", lambda *rows: as_csv(*rows, separator="\t")),
        ("bom.csv", lambda *rows: as_csv(*rows, encoding="utf-8-sig")),
        ("utf-16.csv", lambda *rows: as_csv(*rows, encoding="utf-16")),
        ("utf-16-le.csv", lambda *rows: as_csv(*rows, encoding="utf-16-le")),
        ("excel.csv", lambda *rows: as_csv(*rows, encoding="cp1252", separator=";")),
        ("called.doc", as_xlsx),
        ("file.ods", as_ods),
    ],
)
def test_a_file_of_any_kind_becomes_the_same_responses(consultation, officer, name, make):
    upload = checked(hand_in(officer, consultation, make(HEADERS, *ROWS), name))
    if name != "called.doc":  # openpyxl makes a formula of what looks like one
        assert problems(upload) == []

    imported(upload)

    assert upload.state == Upload.State.DONE, problems(upload)
    if name != "called.doc":
        assert answers(consultation) == SAID
    first = Response.objects.earliest("pk")
    assert (first.reference, first.channel, first.language) == ("P-1", Channel.IMPORT, "en")
    assert first.received_at == dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert list(Entry.objects.values_list("number", "batch__name", "operator")) == [
        (number, name, "officer") for number in (2, 3, 4)
    ]
    tick()
    assert check(consultation) == []


def test_headers_in_the_words_of_the_questionnaire_are_recognised(consultation, officer):
    upload = checked(hand_in(officer, consultation, as_csv(HEADERS, *ROWS)))

    assert columns(upload) == ["reference", "received_at", "q1", "q1.3.text", "q2.1", "q2.2", "q3", "q4", "q5"]
    assert (upload.good, upload.wrong) == (3, 0)
    assert not Response.objects.exists()
