"""A spreadsheet of responses becomes responses, all or none, with each error named."""

import datetime as dt
import tracemalloc
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from consultation import ledger
from consultation.models import AnswerWords, Batch, Channel, Entry, Response, Upload
from consultation.recount import check
from consultation.spreadsheets import guessing, uploads
from consultation.tick import tick
from tests.spreadsheets import answers, as_csv, as_ods, as_xlsx, checked, columns, guessed, hand_in, imported, problems

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
TWO = [["How old are you?"], [41], [42]]
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


# Whatever else a file holds


def test_each_error_is_listed_with_row_column_value_and_what_to_do(consultation, officer, officer_client):
    rows = [
        ["P-1", "2026-03-01", "By rocket", "", "", "", "", "", ""],
        ["P-1", "", "On foot", "", "", "", "", "", ""],
        ["much too long for one", "tomorrow", "On foot", "", "perhaps", "", "old", "", ""],
        ["", "2999-01-01", "On foot", "", "", "", "121", "", ""],
        ["", "", "On foot", "by boat", "", "", "", "x" * 501, ""],
        ["", "", "On foot", "", "", "", "", "", "", "", "beyond"],
        ["P-9", "", "On foot", "", "", "", "", "", ""],
    ]

    upload = checked(hand_in(officer, consultation, as_csv(HEADERS, *rows)))

    assert [(row, column, value[:20]) for row, column, value, *_rest in problems(upload)] == [
        ("2", "How do you mostly travel?", "By rocket"),
        ("3", "Reference", "P-1"),
        ("4", "Reference", "much too long for on"),
        ("4", "Date received", "tomorrow"),
        ("4", "Wider paths", "perhaps"),
        ("4", "How old are you?", "old"),
        ("5", "Date received", "2999-01-01"),
        ("5", "How old are you?", "121"),
        ("6", "How do you mostly travel?", "On foot"),
        ("6", "Which park is nearest to you?", "x" * 20),
        ("7", "", ""),
    ]
    assert all(message for _row, _column, _value, message, _become in problems(upload))
    assert (upload.good, upload.wrong) == (1, 6)
    assert not Response.objects.exists()


def test_an_error_keeps_all_out_unless_only_the_good_rows_are_wanted(consultation, officer):
    upload = checked(hand_in(officer, consultation, as_csv(HEADERS, *ROWS, ["", "", "By rocket"])))

    assert imported(upload).state == Upload.State.CHECKED
    assert not Response.objects.exists() and not Batch.objects.exists()

    assert imported(upload, only_good=True).state == Upload.State.DONE
    assert answers(consultation) == SAID
    assert [row[0] for row in problems(upload)] == ["5"]


def test_the_list_of_errors_is_safe_in_a_spreadsheet(consultation, officer):
    upload = checked(hand_in(officer, consultation, as_csv(["How old are you?"], ["=cmd|' /C calc'!A0"], ["5"])))

    assert problems(upload)[0][2] == "'=cmd|' /C calc'!A0"


def test_empty_rows_and_columns_titles_above_and_headers_that_are_there_twice(consultation, officer):
    table = [
        ["Collected at the fair"],
        [],
        ["", "How old are you?", "Notes", "Notes", "How old are you?"],
        ["", "41", "a", "b", "42"],
        [],
        ["", "", "", "", ""],
        ["", "43", "c", "", ""],
    ]
    upload = hand_in(officer, consultation, as_csv(*table), header=3)

    checked(upload)
    imported(upload)

    assert upload.state == Upload.State.DONE
    assert [values for values, _words in answers(consultation)] == [{"3": 41}, {"3": 43}]
    assert list(Entry.objects.values_list("number", flat=True)) == [4, 7]


def test_the_row_of_the_headers_is_found(consultation, officer):
    upload = hand_in(officer, consultation, as_csv(["Fair"], [], HEADERS, *ROWS))

    uploads.guess_header(upload)

    assert (upload.header, upload.total) == (3, 3)


def test_a_nul_and_other_characters_that_cannot_be_stored_are_taken_out(consultation, officer):
    upload = checked(hand_in(officer, consultation, as_csv([HEADERS[8]], ["a\x00b\x07c"])))

    imported(upload)

    assert answers(consultation) == [({"5": True}, {"5.0": "abc"})]


def test_what_the_officer_says_of_a_value_counts_and_is_offered_again(consultation, officer):
    content = as_csv([HEADERS[2], HEADERS[4]], ["Shanks’s pony", "certainly"], ["Coach", ""], ["?", "no"])
    upload = hand_in(officer, consultation, content)
    said = {0: {"Shanks’s pony": "1", "Coach": "other", "?": "empty"}, 1: {"certainly": "ticked"}}

    imported(checked(upload, values=said))

    assert answers(consultation) == [
        ({"1": 1, "2": [1]}, {}),
        ({"1": 3, "2": None}, {"1.3": "Coach"}),
        ({"1": None, "2": None}, {}),
    ]
    known = guessing.known_columns(consultation, [HEADERS[2], HEADERS[4]])
    assert known.values == {0: {"Shanks’s pony": "1"}, 1: {"certainly": "ticked"}}  # no words are kept
    upload.refresh_from_db()
    assert (upload.headers, upload.mapping, upload.file) == ([], {}, "")


def test_several_options_in_one_cell_are_told_apart(consultation, officer):
    table = [["What would help?"], ["Wider paths; More buses"], ["Better lighting, More buses"], ["Nothing"], ["Trams"]]

    upload = checked(hand_in(officer, consultation, as_csv(*table, separator="\t")))

    assert [row[:3] for row in problems(upload)] == [["5", "What would help?", "Trams"]]
    imported(upload, only_good=True)
    assert [values["2"] for values, _words in answers(consultation)] == [[1, 2], [2, 3], [5]]


def test_what_breaks_a_rule_is_an_error_or_kept_and_listed(consultation, officer):
    upload = hand_in(officer, consultation, as_csv(["What would help?"], ["Nothing; Wider paths"], ["More buses"]))

    assert checked(upload).wrong == 1
    checked(upload, historic=True)

    assert (upload.good, upload.wrong, upload.kept) == (2, 0, 1)
    assert [values["2"] for values, _words in answers(imported(upload).consultation)] == [[1, 5], [2]]


# Once, and all of it


def test_the_same_file_twice_is_noticed_and_asked_about(consultation, officer):
    first = imported(checked(hand_in(officer, consultation, as_csv(*TWO))))
    second = checked(hand_in(officer, consultation, as_csv(*TWO), "called otherwise.csv"))

    with pytest.raises(uploads.Twice):
        imported(second)
    assert uploads.imported_before(second) == first
    assert Response.objects.count() == 2

    assert imported(second, again=True).state == Upload.State.DONE
    assert Response.objects.count() == 4


def test_one_that_was_undone_can_be_imported_again_without_being_asked(consultation, officer):
    imported(checked(hand_in(officer, consultation, as_csv(*TWO))))
    Batch.objects.update(undone_at=timezone.now())

    assert imported(checked(hand_in(officer, consultation, as_csv(*TWO)))).state == Upload.State.DONE


def broken_off(upload, monkeypatch):
    """The database fails in the middle of the file; what is stored then."""
    monkeypatch.setattr(ledger, "BATCH", 2)
    store, times = ledger._insert_batch, iter(range(10))

    def failing(*given):
        if next(times) == 1:
            raise RuntimeError("the database is gone")
        return store(*given)

    with monkeypatch.context() as fault:
        fault.setattr(ledger, "_insert_batch", failing)
        with pytest.raises(RuntimeError, match="gone"):
            imported(upload)
    return [model.objects.count() for model in (Response, AnswerWords, Entry, Batch)]


def test_a_fault_in_the_middle_leaves_nothing_and_the_next_try_stores_all(consultation, officer, monkeypatch):
    upload = checked(hand_in(officer, consultation, as_csv(HEADERS, *ROWS)))

    assert broken_off(upload, monkeypatch) == [0, 0, 0, 0]
    upload.refresh_from_db()
    assert upload.state == Upload.State.WAITING

    assert uploads.work_due() == 1
    assert answers(consultation) == SAID


@pytest.mark.django_db(transaction=True)
def test_half_an_import_would_be_seen(consultation, officer, monkeypatch):
    upload = checked(hand_in(officer, consultation, as_csv(HEADERS, *ROWS)))
    monkeypatch.setattr(ledger, "submitting", lambda pk: nullcontext())
    monkeypatch.setattr(uploads.transaction, "atomic", lambda *given, **more: nullcontext())
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda rows, **how: rows)

    assert broken_off(upload, monkeypatch) == [2, 4, 2, 1]


# A long file, and one that is forgotten


def test_a_long_file_is_checked_and_imported_by_tick(consultation, officer, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE", 3)
    upload = checked(hand_in(officer, consultation, as_csv(HEADERS, *ROWS)))
    assert upload.state == Upload.State.WAITING

    call_command("tick")
    upload.refresh_from_db()
    assert (upload.state, upload.good) == (Upload.State.CHECKED, 3)
    assert imported(upload).state == Upload.State.WAITING and not Response.objects.exists()

    call_command("tick")
    upload.refresh_from_db()
    assert upload.state == Upload.State.DONE
    assert answers(consultation) == SAID
    assert uploads.work_due() == 0


def test_files_go_once_they_are_imported_and_after_some_days(consultation, officer):
    done = imported(checked(hand_in(officer, consultation, as_xlsx(*TWO))))
    wrong = checked(hand_in(officer, consultation, as_xlsx(*TWO, ["old"])))
    assert len(uploads._files()) == 3  # of the second: the file, its table, its errors

    uploads.forget()
    assert len(uploads._files()) == 3
    Upload.objects.update(seen_at=timezone.now() - uploads.KEPT - dt.timedelta(minutes=1))
    uploads.forget()

    assert uploads._files() == []
    assert list(Upload.objects.all()) == [done] != [wrong]


def test_the_files_are_private(consultation, officer, settings):
    upload = hand_in(officer, consultation, as_csv(*TWO))

    path = Path(uploads.storage().path(upload.file))
    assert settings.MEDIA_ROOT not in path.parents
    assert path.stat().st_mode & 0o077 == 0


def peak(consultation, officer, n):
    """The most memory that checking takes. Storing takes that of one batch of the ledger's."""
    rows = (["", "", "On foot", "", "x", "", str(row % 100), "Castle Park", f"More trees {row}"] for row in range(n))
    upload = hand_in(officer, consultation, as_csv(HEADERS, *rows))
    meaning = guessed(upload)
    tracemalloc.start()
    try:
        assert checked(upload, meaning).good == n
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_as_many_rows_take_no_more_memory(consultation, officer, monkeypatch):
    monkeypatch.setattr(uploads, "LARGE", 1_000_000)
    monkeypatch.setattr("consultation.spreadsheets.passing.LOOKED_UP", 100)
    peak(consultation, officer, 10)  # what is loaded once

    small, large = peak(consultation, officer, 200), peak(consultation, officer, 2_000)

    assert large < small + 300_000


def test_of_one_that_was_killed_after_it_was_stored_nothing_is_left_either(consultation, officer, monkeypatch):
    upload = checked(hand_in(officer, consultation, as_csv(HEADERS, *ROWS)))
    with monkeypatch.context() as fault:
        fault.setattr(uploads, "_say", lambda *given: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            imported(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.good, upload.batch.entries.count()) == (Upload.State.DONE, 3, 3)

    Upload.objects.update(seen_at=timezone.now() - uploads.KEPT - dt.timedelta(minutes=1))
    uploads.forget()

    upload.refresh_from_db()
    assert uploads._files() == [] and (upload.file, upload.headers) == ("", [])
