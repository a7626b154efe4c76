"""Downloads: three levels with a right each, the same cells in every format, and a log that nobody changes."""

import csv
import hashlib
import io
import uuid
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook
from wagtail.models import PageLogEntry

from consultation import csv_copy, downloads, ledger
from consultation.access import RIGHTS
from consultation.answers import Answers
from consultation.columns import Form, plan
from consultation.downloads import Contents, Rows, logged
from consultation.models import Channel, Download, DownloadEnd, Format, Level
from consultation.sheets import unescape
from consultation.source import SourceItem, SourceOption, SourceSection
from consultation.tables import of_responses
from tests.consultation.test_apart import submit
from tests.consultation.test_respondent import NAME, who
from tests.consultation.test_sheets import HOSTILE
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

CANARY = "Somebody who lives next door"
CHOICE = (SourceOption("a", "=Bus"), SourceOption("b", "Other", "other"))
QUESTIONS = (
    SourceItem("wish", "long_text", "=What would help?"),
    SourceItem("neighbour", "long_text", "Who helps you?", personal=True),
    SourceItem("age", "number", "How old are you?"),
    SourceItem("way", "single", "Which way?", options=CHOICE),
    SourceItem("ways", "multiple", "Which ways?", options=CHOICE),
    who(),
)


@pytest.fixture
def answered(make_consultation):
    made = make_consultation(sections=(SourceSection("s", "S", "", QUESTIONS),))
    for n, text in enumerate([*HOSTILE, "'tis", "(skipped)", "007"]):
        words = {(1, 0): text, (2, 0): CANARY, (4, 2): text, (6, NAME): "Demo Choir"}
        values = {1: True, 2: True, 3: n, 4: 2, 5: [1, 2], 6: 2}
        ledger.submit(made, uuid.uuid4(), made.published, "en", Channel.WEB, Answers(values, words))
    ledger.submit(made, uuid.uuid4(), made.published, "en", Channel.WEB, Answers(dict.fromkeys(range(1, 7))))
    return made


def allow(user, *rights):
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))


def address(name, consultation, **query):
    query = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse(f'consultations:{name}', args=[consultation.pk])}?{query}"


def body(page):
    assert page.status_code == 200, page.status_code
    return b"".join(page.streaming_content)


# Who gets what


def test_the_rights_of_the_levels_are_there_to_be_given():
    assert Permission.objects.filter(codename__in=[*RIGHTS.values(), "view_downloads"]).count() == 4
    assert Permission.objects.get(codename="download_responses").name.endswith("without personal data")


@pytest.mark.parametrize("held", [(), ("download_open",), ("download_responses",), ("download_full",)])
@pytest.mark.parametrize("level", [Level.ANALYSIS, Level.FULL])
@pytest.mark.parametrize("name", ["download", "download_xlsx", "download_ods"])
def test_each_level_needs_its_own_right(answered, officer, officer_client, held, level, name):
    allow(officer, *held)

    page = officer_client.get(address(name, answered, level=level))

    assert (page.status_code == 200) == (RIGHTS[level] in held)


def test_the_analysis_has_no_name_and_the_full_file_has(answered, officer, officer_client):
    allow(officer, *RIGHTS.values())

    found = {level: body(officer_client.get(address("download", answered, level=level))).decode() for level in Level}

    for canary in (CANARY, "Demo Choir"):
        assert canary not in found[Level.ANALYSIS]
        assert canary in found[Level.FULL]
    # What is no level of responses is the careful one.
    unsaid = body(officer_client.get(address("download", answered))).decode()
    assert found[Level.OPEN] == found[Level.ANALYSIS] == unsaid


@pytest.mark.parametrize("right", ["download_open", "download_responses", "download_full"])
def test_the_page_says_what_each_level_has_and_offers_what_is_allowed(answered, officer, officer_client, right):
    allow(officer, right)

    page = officer_client.get(address("offers", answered)).content.decode()

    assert all(str(level.label) in page for level in Level)
    assert page.count("Your sign-in does not have this right.") == 2
    assert ("package.zip" in page) == (right == "download_full")
    assert ("responses.csv" in page) == (right != "download_open")
    assert ("No figures are published at present." in page) == (right == "download_open")
    assert ('name="level" value="full"' in page) == (right == "download_full")


@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX, Format.ODS])
def test_equality_answers_are_in_no_file(consultation, format):
    submit(consultation, {"age": "from35"})

    for level in (Level.ANALYSIS, Level.FULL):
        file = b"".join(Contents(consultation, "responses", level, format, "en", Form.KEYS).parts(Rows()))
        read = str(sheets(file)) if format != Format.CSV else file.decode()
        assert "q1" in read and "from35" not in read
    package = b"".join(Contents(consultation, "package", Level.FULL, Format.ZIP).parts(Rows()))
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert not any(b"from35" in archive.read(name) for name in archive.namelist())


# The same cells in every format


def sheets(file):
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def said(cell):
    """A cell as the CSV has it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@pytest.mark.parametrize("format", [Format.XLSX, Format.ODS])
@pytest.mark.parametrize("rows", ["responses", "answers"])
@pytest.mark.parametrize("form", Form)
def test_a_spreadsheet_has_the_cells_of_the_csv(answered, officer, officer_client, format, rows, form):
    allow(officer, *RIGHTS.values())
    asked = {"level": Level.FULL, "rows": rows, "form": form}

    written = body(officer_client.get(address("download", answered, **asked))).decode()
    file = body(officer_client.get(address(f"download_{format}", answered, **asked)))

    first, second = sheets(file).values()
    undone = unescape if format == Format.ODS else str
    assert [[undone(said(cell)) for cell in row] for row in first] == list(csv.reader(io.StringIO(written, newline="")))
    assert second[0][:3] == ["question", "option", "level"]
    assert list(sheets(file)) == [rows.capitalize(), "Codebook"]


def test_numbers_are_numbers_and_what_somebody_wrote_is_text(answered, officer_client):
    file = body(officer_client.get(address("download_xlsx", answered, form="keys")))
    (header, *rows), _codebook = sheets(file).values()

    ages = [row[header.index("q3")] for row in rows]
    assert ages == [*range(len(rows) - 1), "(skipped)"]
    assert [row[header.index("q5.1")] for row in rows][:2] == [1, 1]
    assert all(isinstance(row[header.index("q1")], str) for row in rows)
    assert rows[-2][header.index("q1")] == "007"


def test_the_codebook_of_an_analysis_has_no_line_that_its_columns_lack(answered):
    first, codebook = of_responses(answered, "en", Form.KEYS, Level.ANALYSIS, rows="responses")
    header, *_rows = first.rows
    names, *lines = codebook.rows
    columns = {line[names.index("column")] for line in lines} - {""}

    assert columns == set(header)
    assert "q2" not in columns
    assert "q2" in {column.key for column in plan(answered, "en", Form.KEYS, Level.FULL)}


@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX, Format.ODS])
def test_a_file_can_have_some_responses_alone(answered, format):
    among = answered.responses.filter(pk__lte=answered.responses.order_by("pk")[2].pk)
    contents = Contents(answered, "responses", Level.ANALYSIS, format, "en", among=among)
    rows = Rows()

    b"".join(contents.parts(rows))

    assert rows.number == 3


@pytest.mark.parametrize("name", ["download", "download_xlsx", "download_ods"])
def test_a_file_of_some_responses_says_so_in_its_name_and_in_the_log(answered, officer_client, name):
    file = officer_client.get(address(name, answered, answer="4.2", words="007"))
    body(file)

    (download,) = Download.objects.all()
    assert download.filtered == "Answered “Other” to question 4; “007” in what was written"
    assert "-responses-analysis-answered-other-to-question-4-007-in-" in file["Content-Disposition"]
    assert download.end.rows == sum("007" in text for text in [*HOSTILE, "007"]) < answered.responses.count()


@pytest.mark.parametrize("name", ["download", "download_xlsx", "download_ods", "prepare"])
@pytest.mark.parametrize("query", [{"since": "soon"}, {"answer": "9.9"}])
def test_a_filter_that_can_not_be_read_gives_no_file(answered, officer_client, name, query):
    more = [Format.XLSX] if name == "prepare" else []
    path = reverse(f"consultations:{name}", args=[answered.pk, *more])

    assert officer_client.get(path, query).status_code == 400
    assert not Download.objects.exists()


@pytest.mark.parametrize(("right", "status"), [("download_responses", 400), ("download_full", 200)])
def test_no_filter_tells_an_analysis_what_its_file_leaves_out(
    make_consultation, officer, officer_client, right, status
):
    street = SourceItem("street", "single", "Your street?", options=CHOICE, personal=True)
    made = make_consultation(sections=(SourceSection("s", "S", "", (street,)),))
    allow(officer, right)
    level = Level.FULL if right == "download_full" else Level.ANALYSIS

    by_answer = officer_client.get(address("download", made, level=level, answer="1.1"))
    by_words = officer_client.get(address("download", made, level=level, words="Demo"))

    assert (by_answer.status_code, by_words.status_code) == (status, status)
    assert officer_client.get(address("download", made, level=level, channel="web")).status_code == 200


def test_ideas_as_they_were_written_are_personal_data(answered, officer, officer_client):
    headers = {}
    for right in ("download_responses", "download_full"):
        allow(officer, right)
        headers[right] = body(officer_client.get(reverse("consultations:ideas"))).decode().split("\r\n")[0].split(",")

    assert set(headers["download_full"]) - set(headers["download_responses"]) == {"text"}


# The log


@pytest.mark.parametrize("name", ["download", "download_xlsx", "download_ods"])
def test_a_download_is_logged_with_its_rows_and_digest(answered, officer, officer_client, name):
    file = body(officer_client.get(address(name, answered, language="ga", rows="responses")))

    (download,) = Download.objects.all()
    assert (download.by_id, download.name, download.consultation) == (officer.pk, "officer", answered)
    assert (download.level, download.language, download.holds) == (Level.ANALYSIS, "en", "responses")
    assert download.end.complete
    assert download.end.rows == answered.responses.count()
    assert download.end.sha256 == hashlib.sha256(file).hexdigest()


def test_rows_are_counted_whatever_stands_in_their_cells(answered):
    rows = Rows()

    list(rows.of_csv(csv_copy.responses(answered, "en", Form.LABELS, Level.FULL)))

    assert rows.number == answered.responses.count()
    poison = Rows()
    list(poison.of_csv(iter([b"h\r\n", b'"a\r\nb ""c""\r\n"\r\n1\r\n'])))
    assert poison.number == 2


def test_a_reader_that_goes_away_is_recorded_as_broken_off(answered, officer):
    closed = []

    def parts():
        try:
            yield b"header\r\n"
            yield b"1\r\n"
            yield b"2\r\n"
        finally:
            closed.append(True)

    rows = Rows()
    file = logged(officer, Contents(answered, "responses", Level.FULL, Format.CSV), rows.of_csv(parts()), rows)
    next(file), next(file)
    file.close()

    (download,) = Download.objects.all()
    assert (download.end.complete, download.end.rows, download.end.sha256) == (False, 1, "")
    assert closed == [True]


@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX, Format.ODS])
def test_a_file_closed_in_the_middle_leaves_nothing_open(answered, officer, format):
    rows = Rows()
    contents = Contents(answered, "responses", Level.FULL, format, "en")
    file = logged(officer, contents, contents.parts(rows), rows)
    next(file)
    file.close()

    assert not Download.objects.get().end.complete
    assert list(answered.responses.all())  # the snapshot has ended, or this could not be read


def test_what_goes_wrong_in_a_file_is_recorded_as_broken_off(answered, officer):
    def parts():
        yield b"header\r\n"
        raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        list(logged(officer, Contents(answered, "responses", Level.FULL, Format.CSV), parts(), Rows()))

    assert not DownloadEnd.objects.get().complete


def test_no_byte_goes_out_that_the_log_does_not_have(answered, officer, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("no log")

    monkeypatch.setattr(Download.objects, "create", refuse)
    file = logged(officer, Contents(answered, "responses", Level.FULL, Format.CSV), iter([b"secret"]), Rows())

    with pytest.raises(OSError, match="no log"):
        next(file)


def test_a_request_for_the_head_alone_downloads_nothing(answered, officer_client):
    officer_client.head(address("download", answered))

    assert not Download.objects.exists()


def test_a_download_stays_as_it_was_logged(answered, officer_client):
    body(officer_client.get(address("download", answered)))
    download = Download.objects.get()

    for change in (
        download.save,
        download.delete,
        Download.objects.all().delete,
        lambda: Download.objects.update(name="somebody else"),
        Download.objects.filter(pk=download.pk).delete,
    ):
        with pytest.raises(TypeError):
            change()
    assert Download.objects.get().name == "officer"


def test_the_name_stays_when_the_account_goes(answered, officer, officer_client, administrator_client):
    body(officer_client.get(address("download", answered)))

    officer.delete()

    page = administrator_client.get("/admin/consultations/downloads/")
    assert Download.objects.get().name == "officer"
    assert "officer" in page.content.decode()


def test_the_history_of_the_page_says_so_too(officer, officer_client, administrator_client):
    page = make_consultation_page()
    found = page.period

    body(officer_client.get(address("download", found)))

    (entry,) = PageLogEntry.objects.filter(action=downloads.DOWNLOAD)
    assert entry.page_id == page.pk
    assert entry.user_id == officer.pk
    assert entry.data == {"what": "responses", "level": "analysis", "format": "csv", "rows": 0, "complete": True}
    history = administrator_client.get(f"/admin/pages/{page.pk}/history/").content.decode()
    assert "A row for each response – Analysis, CSV: downloaded" in history


def test_the_report_costs_as_many_queries_for_one_line_as_for_fifty(answered, officer_client, administrator_client):
    counts = []
    for more in (1, 40):
        for _ in range(more):
            body(officer_client.get(address("download", answered)))
        with CaptureQueriesContext(connection) as queries:
            shown = administrator_client.get("/admin/consultations/downloads/").content.decode()
        counts.append(len(queries))
    assert shown.count("SHA-256") == 41
    assert counts[0] == counts[1]


def test_only_who_answers_for_it_sees_the_report(answered, officer, officer_client):
    assert "/admin/consultations/downloads/" not in officer_client.get("/admin/").content.decode()
    allow(officer, "view_downloads")

    shown = officer_client.get("/admin/consultations/downloads/").content.decode()
    assert "Nobody has downloaded anything yet." in shown
    assert "/admin/consultations/downloads/" in officer_client.get("/admin/").content.decode()
