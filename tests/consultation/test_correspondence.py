"""Letters, e-mails and petitions: recorded, counted, shown, exported, and gone with all that belongs to them."""

import csv
import datetime as dt
import json
import uuid
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.utils import timezone

from consultation import (
    changes,
    codebook,
    correspondence,
    csv_files,
    csv_long,
    csv_metadata,
    filters,
    ledger,
    one_response,
    pin,
    recount,
    summary,
    trail,
)
from consultation.answers import Answers
from consultation.columns import Form, plan
from consultation.correspondence import Received, record
from consultation.filters import Filter
from consultation.fold import fold
from consultation.models import AnswerWords, Channel, Handling, Letter, Level, Redaction, Response
from consultation.models.letter import LETTER, SENDER, SUBJECT, TEXT
from tests.consultation.test_attachments import HTML, PDF, apart
from tests.factories import open_package

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("apart")]

__all__ = ["apart"]
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def letter(**changes):
    given = {
        "channel": Channel.LETTER,
        "day": timezone.localdate(),
        "language": "en",
        "text": "Please plant more trees.",
        "sender": "Somebody of Demo Street",
        "subject": "Trees",
    }
    return Received(**given | changes)


def petition(signatures=1240, **changes):
    return letter(channel=Channel.PETITION, signatures=signatures, **changes)


def answer(consultation, n=1):
    for _ in range(n):
        given = Answers({1: 1, 5: True}, {(5, 0): "By hand"})
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)


def table(consultation, form=Form.KEYS, level=Level.FULL, rows=csv_files.lines):
    return list(csv.DictReader(StringIO("".join(rows(consultation, "en", form, level)))))


def long_table(consultation, form=Form.KEYS, level=Level.FULL):
    text = b"".join(csv_long.responses(consultation, "en", form, level)).decode()
    return list(csv.DictReader(StringIO(text, newline="")))


def keys(consultation, level=Level.FULL):
    return [column.key for column in plan(consultation, "en", Form.KEYS, level)]


# Recording


def test_a_letter_is_a_response_with_its_channel_that_was_asked_nothing(consultation, officer):
    response = record(consultation, letter(), officer)

    assert (response.channel, response.answers, response.state) == ("letter", {}, "counted")
    assert {(row.question, row.option): row.text for row in response.words.all()} == {
        (LETTER, TEXT): "Please plant more trees.",
        (LETTER, SENDER): "Somebody of Demo Street",
        (LETTER, SUBJECT): "Trees",
    }
    assert response.reference
    assert response.letter.operator == "officer"


def test_it_counts_among_the_responses_and_in_no_questions_base(consultation):
    answer(consultation)
    record(consultation, letter(), None)

    for folded in (False, True):
        if folded:
            fold(consultation)
        summed = summary.of_consultation(consultation)
        assert summed.received == 2
        assert [question.asked for question in summed.questions] == [1, 0, 0, 0, 1]
        assert {bar.label: bar.n for bar in summed.segments["channel"]} == {"Online form": 1, "Letter": 1}
    assert recount.check(consultation) == []


def test_the_same_sending_twice_is_recorded_once(consultation):
    key = uuid.uuid4()

    first, second = (record(consultation, letter(), None, key) for _ in range(2))

    assert first == second
    assert Response.objects.count() == 1


# Of what came so many days ago.
STATES = [(40, "held"), (21, "held"), (20, "counted"), (9, "counted"), (2, "counted"), (1, "held"), (0, "held")]


@pytest.mark.parametrize(("days", "state"), STATES)
def test_what_came_within_the_hours_counts_and_what_came_outside_is_held(make_consultation, days, state):
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    opens = noon - 20 * DAY
    consultation = make_consultation(opens_at=opens, closes_at=noon - 2 * DAY)
    day = timezone.localdate(noon) - days * DAY

    response = record(consultation, letter(day=day), None)

    assert response.state == state
    assert timezone.localdate(response.received_at) == day
    if state == "counted":
        assert opens <= response.received_at < consultation.closes_at


def test_on_the_day_of_closing_it_is_in_time_whatever_the_hour(make_consultation):
    closes = timezone.make_aware(dt.datetime.combine(timezone.localdate() - DAY, dt.time(0, 30)))
    consultation = make_consultation(opens_at=closes - 9 * DAY, closes_at=closes)

    response = record(consultation, letter(day=timezone.localdate(closes)), None)

    assert response.state == "counted"
    assert response.received_at < closes


def test_a_late_one_says_why_it_is_held_and_counts_once_it_is_released(make_consultation):
    now = timezone.now()
    consultation = make_consultation(opens_at=now - 9 * DAY, closes_at=now - 3 * DAY)
    fold(consultation)
    late = record(consultation, petition(), None)
    fold(consultation)

    assert [str(reason) for reason in late.suspicions.all()] == [
        "It was received outside the time in which answers were taken."
    ]
    assert correspondence.petitions(consultation) is None
    assert summary.of_consultation(consultation).received == 0

    changes.release(late)

    assert correspondence.petitions(consultation) == correspondence.Petitions(1, 1240)
    assert summary.of_consultation(consultation).received == 1
    assert recount.check(consultation) == []


def test_nothing_is_left_of_one_whose_file_could_not_be_kept(consultation, monkeypatch):
    monkeypatch.setattr(correspondence.attachments, "keep", lambda *given: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        record(consultation, letter(), None)

    assert not Response.objects.exists() and not Letter.objects.exists()


# Going


@pytest.mark.parametrize("folded", [False, True])
def test_erasing_leaves_nothing_of_it_but_that_there_was_one(consultation, folded):
    response = record(consultation, petition(), None)
    Redaction.objects.create(response=response, question=LETTER, option=TEXT, text="[…]", name="officer")
    if folded:
        fold(consultation)

    changes.erase(response)

    assert not AnswerWords.objects.exists() and not Redaction.objects.exists()
    emptied = Letter.objects.get()
    assert (emptied.signatures, emptied.is_organisation) == (0, False)
    assert correspondence.petitions(consultation) is None
    assert summary.of_consultation(consultation).received == 0
    assert recount.check(consultation) == []


def test_retention_strips_the_words_and_keeps_the_number_of_signatures(consultation):
    record(consultation, petition(), None)

    changes.anonymise(consultation, timezone.now() + DAY)

    assert not AnswerWords.objects.exists()
    assert correspondence.petitions(consultation) == correspondence.Petitions(1, 1240)
    assert table(consultation)[0]["signatures"] == "1240"


# Figures


def test_petitions_are_told_with_their_signatures_and_follow_the_filter(consultation):
    record(consultation, petition(1000), None)
    record(consultation, petition(240, language="ga"), None)
    record(consultation, letter(), None)

    assert correspondence.petitions(consultation) == correspondence.Petitions(2, 1240)
    assert correspondence.petitions(consultation, Q(language="ga")) == correspondence.Petitions(1, 240)
    assert correspondence.petitions(consultation, Q(channel="letter")) is None


def test_a_few_letters_are_not_told_of_in_public_channels(make_consultation):
    now = timezone.now()
    consultation = make_consultation(opens_at=now - 9 * DAY, closes_at=now + DAY)
    answer(consultation, 30)
    record(consultation, letter(), None)
    record(consultation, petition(), None)
    consultation.closes_at = now
    consultation.save()
    fold(consultation)

    pin.pin(consultation)

    channels = consultation.pinned.figures["channels"]
    assert set(channels) <= {"web", "letter", "petition"}
    assert channels.get("letter", "*") == channels.get("petition", "*") == "*"
    assert "1240" not in json.dumps(consultation.pinned.figures)


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.EMAIL, Channel.PETITION])
def test_the_filter_finds_each_by_its_channel_and_says_so(consultation, channel):
    answer(consultation)
    response = record(consultation, letter(channel=channel), None)
    known = filters.known(consultation)
    parsed = filters.parse({"channel": [channel.value]}, known)

    assert not parsed.errors
    assert list(Response.objects.filter(parsed.filter.condition(known))) == [response]
    assert parsed.filter.said(known) in ("By letter", "By e-mail", "As a petition")


def test_the_filter_finds_the_words_of_a_letter(consultation):
    response = record(consultation, letter(text="A fountain, please"), None)
    known = filters.known(consultation)

    assert list(Response.objects.filter(Filter(words="fountain").condition(known))) == [response]
    assert not Response.objects.filter(Filter(words="pond").condition(known)).exists()


# Files


def test_the_columns_of_letters_come_with_the_first_and_stay_when_it_is_erased(consultation):
    before = keys(consultation)
    assert "letter" not in before

    response = record(consultation, letter(), None)
    with_letters = keys(consultation)
    changes.erase(response)

    assert with_letters == [*before, "letter", "letter.subject", "letter.from", "signatures"]
    assert keys(consultation) == with_letters


def test_who_wrote_is_in_the_full_file_alone(consultation):
    record(consultation, petition(), None)

    full, analysis = (table(consultation, level=level)[0] for level in (Level.FULL, Level.ANALYSIS))

    assert full["letter.from"] == "Somebody of Demo Street"
    assert "letter.from" not in analysis
    assert (analysis["letter"], analysis["signatures"]) == ("Please plant more trees.", "1240")
    assert "Somebody" not in "".join(csv_files.lines(consultation, "en", Form.LABELS, Level.ANALYSIS))


def test_a_letter_has_empty_cells_where_questions_stand_and_an_answer_where_letters_do(consultation):
    answer(consultation)
    record(consultation, letter(text="=1+1"), None)

    answered, written = table(consultation)

    questions = [name for name in written if name.startswith("q")]
    assert {written[name] for name in questions} == {""}
    assert {answered[name] for name in ("letter", "letter.subject", "letter.from", "signatures")} == {""}
    assert written["letter"] == "'=1+1"


def test_the_long_file_has_a_row_for_each_part_of_a_letter(consultation):
    answer(consultation)
    record(consultation, petition(), None)

    parts = [row for row in long_table(consultation) if row["row"] == "2"]

    assert [(row["question"], row["option"], row["value"], row["words"]) for row in parts] == [
        ("letter", "", "", "Please plant more trees."),
        ("letter", "subject", "", "Trees"),
        ("letter", "from", "", "Somebody of Demo Street"),
        ("signatures", "", "1240", ""),
    ]
    assert "from" not in {row["option"] for row in long_table(consultation, level=Level.ANALYSIS)}
    labelled = long_table(consultation, Form.LABELS)
    assert labelled[-1]["question_label"] == "Signatures"


def test_files_without_letters_are_as_they_were(consultation):
    answer(consultation)

    assert "letter" not in table(consultation)[0]
    assert {row["question"] for row in long_table(consultation)} == {"q1", "q5"}


def test_the_codebook_explains_the_columns_and_counts_them(consultation):
    record(consultation, petition(), None)
    record(consultation, letter(sender=""), None)

    lines = {line.column: line for line in codebook.lines(consultation, "en")}

    assert (lines["letter"].n, lines["letter.from"].n, lines["signatures"].n) == ("2", "1", "1")
    assert lines["letter.from"].identifying == "1"
    analysis = list(codebook.rows(consultation, "en", Level.ANALYSIS))
    assert not any(row[:2] == ["letter", "from"] for row in analysis)


def test_the_metadata_names_every_column_of_the_file(consultation):
    record(consultation, petition(), None)

    tables = csv_metadata.metadata(consultation)["tables"]

    described = [column["titles"]["und"] for column in tables[0]["tableSchema"]["columns"]]
    header = next(csv.reader(StringIO(next(csv_files.lines(consultation, "en", Form.KEYS, Level.FULL)))))
    assert described == header


# Officers' pages


@pytest.fixture
def client(officer_client, officer):
    officer.user_permissions.set(Permission.objects.filter(codename__in=["read_responses", "redact_responses"]))
    return officer_client


def sending(**changes):
    given = {
        "key": str(uuid.uuid4()),
        "channel": "letter",
        "day": timezone.localdate().isoformat(),
        "language": "en",
        "sender": "Somebody",
        "subject": "Trees",
        "text": "More trees",
        "signatures": "",
    }
    return given | changes


def address(consultation, rest=""):
    return f"/admin/consultations/{consultation.pk}/{rest}"


def test_an_officer_records_a_petition_with_a_file_and_reads_it(client, consultation):
    scan = SimpleUploadedFile("list.pdf", PDF, "text/html")

    page = client.post(
        address(consultation, "letters/add/"),
        sending(channel="petition", signatures="1240", is_organisation="on", attached=[scan]),
        follow=True,
    )

    shown = page.content.decode()
    assert "Recorded under the reference" in shown
    assert "1,240 signatures" in shown
    assert "list.pdf" in shown
    assert "Written for an organisation." in shown
    assert "0." not in shown[shown.index("held__answers") : shown.index("</dl>")]


def test_the_list_and_the_figures_tell_of_signatures(client, consultation):
    record(consultation, petition(), None)

    assert "1,240 signatures" in client.get(address(consultation, "responses/")).content.decode()
    assert "1 petition among them, with" in client.get(address(consultation)).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " "}, "Write down what it says, or attach a file that has it."),
        ({"channel": "petition"}, "Enter how many people signed it."),
        ({"signatures": "3"}, "Only petitions have signatures."),
        ({"channel": "petition", "signatures": "-1"}, "greater than or equal to 1"),
        ({"channel": "web"}, "Select a valid choice"),
        ({"day": (TODAY + 2 * DAY).isoformat()}, "This day has not come yet."),
        ({"day": "1066-10-14"}, "Is the year right?"),
        ({"day": "soon"}, "Enter a valid date."),
        ({"language": "xx"}, "Select a valid choice"),
        ({"key": "no"}, "Nothing was recorded yet."),
        ({"text": "x" * 100_001}, "at most 100000 characters"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_recorded(client, consultation, changes, said):
    page = client.post(address(consultation, "letters/add/"), sending(**changes))

    assert said in page.content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("page.pdf", HTML), ("drawing.svg", b"<svg/>"), ("empty.pdf", b""), ("x.docx", HTML)]
)
def test_a_hostile_file_is_refused_with_the_whole_letter(client, consultation, apart, name, content):
    page = client.post(
        address(consultation, "letters/add/"), sending(attached=[SimpleUploadedFile(name, content, "application/pdf")])
    )

    assert "help-critical" in page.content.decode()
    assert not Response.objects.exists()
    assert not list(apart.iterdir())


def test_more_files_than_ten_are_refused(client, consultation):
    files = [SimpleUploadedFile(f"{n}.txt", b"words") for n in range(11)]

    page = client.post(address(consultation, "letters/add/"), sending(attached=files))

    assert "Choose no more than 10 files." in page.content.decode()


def test_a_letter_that_is_only_a_file_is_recorded(client, consultation):
    scan = SimpleUploadedFile("scan.pdf", PDF)

    client.post(address(consultation, "letters/add/"), sending(text="", sender="", subject="", attached=[scan]))

    response = Response.objects.get()
    assert not response.words.exists()
    assert client.get(address(consultation, f"responses/{response.pk}/")).status_code == 200


def test_sending_the_form_twice_records_one_letter(client, consultation):
    given = sending()

    for _ in range(2):
        client.post(address(consultation, "letters/add/"), given)

    assert Response.objects.count() == 1


def test_an_attachment_is_handed_out_to_be_saved_and_that_is_noted(client, consultation, officer):
    page = SimpleUploadedFile("page.txt", HTML)
    client.post(address(consultation, "letters/add/"), sending(attached=[page]))
    file = Letter.objects.get().files.get()

    sent = client.get(address(consultation, f"letters/files/{file.pk}/"))

    assert b"".join(sent.streaming_content) == HTML
    assert sent["Content-Type"] == "text/plain"
    assert sent["Content-Disposition"] == 'attachment; filename="page.txt"'
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in sent["Cache-Control"]
    assert Handling.objects.filter(act=trail.Act.EXPORTED, name=officer.username).exists()


def test_an_attachment_of_another_consultation_is_not_there(client, consultation, make_consultation):
    client.post(address(consultation, "letters/add/"), sending(attached=[SimpleUploadedFile("a.txt", b"words")]))
    other = make_consultation()
    file = Letter.objects.get().files.get()

    assert client.get(address(other, f"letters/files/{file.pk}/")).status_code == 404


def test_who_may_not_bring_in_is_refused_and_sees_no_way_there(officer_client, officer, consultation):
    officer.groups.clear()
    officer.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_summary", "read_responses"])
    )

    assert officer_client.get(address(consultation, "letters/add/")).status_code == 302
    assert "letters/add" not in officer_client.get(address(consultation)).content.decode()
    assert "letters/add" not in officer_client.get(address(consultation, "responses/")).content.decode()


def test_who_may_bring_in_and_not_read_records_one_after_the_other(officer_client, officer, consultation):
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "bring_in_responses"]))

    page = officer_client.post(address(consultation, "letters/add/"), sending())

    assert page["Location"] == address(consultation, "letters/add/")


def test_a_held_letter_is_shown_with_its_words_where_officers_decide(officer_client, make_consultation):
    now = timezone.now()
    consultation = make_consultation(opens_at=now - 9 * DAY, closes_at=now - 3 * DAY)
    record(consultation, letter(), None)

    shown = officer_client.get(address(consultation, "held/")).content.decode()

    assert "Please plant more trees." in shown
    assert "outside the time in which answers were taken" in shown
    assert "Every question was left blank" not in shown


def test_a_letter_is_redacted_like_an_answer(client, consultation):
    response = record(consultation, letter(text="Write to somebody@example.org"), None)
    path = address(consultation, f"responses/{response.pk}/redact/{LETTER}/{TEXT}/")

    assert "Redact the letter" in client.get(path).content.decode()
    client.post(path, {"text": "Write to […]"})

    assert Redaction.objects.get().text == "Write to […]"
    shown = client.get(address(consultation, f"responses/{response.pk}/")).content.decode()
    assert "Redacted copy of the letter" in shown


def test_the_copy_for_the_person_has_the_letter_and_what_came_with_it(client, consultation):
    client.post(
        address(consultation, "letters/add/"),
        sending(channel="petition", signatures="7", attached=[SimpleUploadedFile("a.txt", b"words")]),
    )

    copy = one_response.own_copy(Response.objects.get())

    assert copy["letter"] == {
        "for_organisation": False,
        "signatures": 7,
        "attachments": [{"name": "a.txt", "media_type": "text/plain", "bytes": 5}],
    }
    questions = {row["question"]: row["answer"] for row in copy["sections"][0]["questions"]}
    assert questions == {"Who it is from": ["Somebody"], "Subject": ["Trees"], "What it says": ["More trees"]}


def test_a_package_brings_letters_back_with_words_and_signatures(consultation, tmp_path):
    answer(consultation)
    record(consultation, petition(text="=1+1"), None)
    record(consultation, letter(channel=Channel.EMAIL, sender="", subject=""), None)
    before = table(consultation)
    package = tmp_path / "package.zip"
    call_command("export_package", str(consultation.pk), str(package), stdout=StringIO())
    key = consultation.key
    remove(consultation)

    restored = open_package(package, [])

    assert table(restored) == before
    assert correspondence.petitions(restored) == correspondence.Petitions(1, 1240)
    assert restored.key != key
    assert recount.check(restored) == []


def remove(consultation):
    """Make room, as on another site."""
    Letter.objects.all().delete()
    Response.objects.all().delete()


@pytest.mark.parametrize("signatures", ["many", "-3", "1.5", "9" * 12])
def test_a_package_with_another_number_of_signatures_is_refused(consultation, tmp_path, signatures):
    record(consultation, petition(), None)
    folder = tmp_path / "package"
    call_command("export_package", str(consultation.pk), str(folder), stdout=StringIO())
    remove(consultation)
    responses = folder / "responses.csv"
    responses.write_text(responses.read_text().replace(",1240", f",{signatures}"))

    with pytest.raises(CommandError, match="1 problem|signatures"):
        call_command("import_package", str(folder), "--dry-run", stdout=StringIO(), stderr=StringIO())
