"""What officers hang on a response – codes, quotes, copies, marks, files, its sheet – goes and stays with it."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from consultation import batches, changes, coding, correspondence, csv_files, quotes, retention, topics
from consultation.attachments import Accepted, storage
from consultation.coding import Place
from consultation.columns import Form
from consultation.correspondence import Received, record
from consultation.fold import fold
from consultation.models import (
    AnswerWords,
    Batch,
    Channel,
    CodedText,
    Coding,
    Consultation,
    Entry,
    Handling,
    Letter,
    LetterFile,
    Quote,
    ReadMark,
    Redaction,
    Response,
    Sighting,
)
from consultation.models.letter import LETTER, SENDER, TEXT
from consultation.quotes import NotQuotable
from tests.coding import codes_of, make_frame
from tests.consultation.test_attachments import PDF, apart
from tests.consultation.test_changes import agree
from tests.consultation.test_quotes import consultation, propose, publish, send
from tests.spreadsheets import as_csv, checked, hand_in, imported

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("apart")]

__all__ = ["apart", "consultation"]
SAID = [Coding, CodedText, Quote, Redaction, ReadMark, Sighting, AnswerWords]  # what goes with the words
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def imports(settings, tmp_path):
    options = settings.STORAGES["imports"]["OPTIONS"] | {"location": tmp_path / "imports"}
    settings.STORAGES = settings.STORAGES | {"imports": settings.STORAGES["imports"] | {"OPTIONS": options}}


@pytest.fixture
def second(django_user_model):
    return django_user_model.objects.create_user("second")


@pytest.fixture
def frame(consultation):
    return make_frame(consultation, LETTER, 1)


def work_on(response, frame, first, second):
    """Read, code twice, redact, mark, quote: everything that officers can do with a text."""
    place = Place(response.pk, 1, 0)
    buses, trees, _litter = codes_of(frame)
    coding.read(frame, place, [buses.pk, trees.pk], first)
    coding.read(frame, place, [trees.pk], second)
    coding.decide(frame, place, [trees.pk], second)
    Redaction.objects.create(response=response, question=1, text="More trees by the river […]", by=first)
    ReadMark.objects.create(response=response, by=first)
    Sighting.objects.create(response=response, question=1)
    return publish(response, first, second)


def left(*responses):
    return {model.__name__ for model in SAID if model.objects.filter(response__in=responses).exists()}


def letter(consultation, by, **more):
    given = {
        "channel": Channel.LETTER,
        "day": timezone.localdate(),
        "language": "en",
        "text": "More trees, and more buses.",
        "sender": "Somebody of Demo Street",
        "subject": "Trees",
        "files": [Accepted("plan.pdf", "application/pdf", PDF)],
    }
    return record(consultation, Received(**given | more), by)


def files():
    return storage().listdir("")[1]


def code_letter(frame, response, by):
    buses, trees, _litter = codes_of(frame)
    coding.read(frame, Place(response.pk, LETTER, TEXT), [buses.pk, trees.pk], by)


def counted(consultation):
    """By question and name, how many texts have a code."""
    found = topics.of_consultation(consultation)
    return {(one.question, topic.name): topic.n for one in found for topic in one.topics if topic.n}


# Imported, worked on and undone


def test_an_imported_batch_that_was_worked_on_is_undone_with_all_of_it(consultation, frame, officer, second):
    stays = send(consultation)
    work_on(stays, frame, officer, second)
    rows = [["long_text", "consent"], *([f"More trees by the river, please. Row {n}.", "agreed"] for n in range(3))]
    upload = imported(checked(hand_in(officer, consultation, as_csv(*rows)), historic=True))
    batch = Batch.objects.get(source=Batch.Source.FILE)
    came = list(Response.objects.filter(entry__batch=batch))
    fold(consultation)
    Consultation.objects.update(closes_at=None)
    for response in came:
        work_on(response, frame, officer, second)
    assert (upload.batch, agree(consultation)) == (batch, 4)
    assert left(*came) == {model.__name__ for model in SAID}
    assert counted(consultation) == {(1, "Trees"): 4}

    assert batches.undo(batch, officer)

    assert left(*came) == set()
    assert agree(consultation) == 1
    assert counted(consultation) == {(1, "Trees"): 1}
    assert left(stays) == {model.__name__ for model in SAID}
    assert batches.left(batch) == 0
    assert set(Response.objects.filter(pk__in=[row.pk for row in came]).values_list("state", flat=True)) == {"erased"}
    assert Handling.objects.filter(response__in=came, act="erased").count() == 3


# Letters


def test_a_letters_text_is_coded_counted_and_in_the_file_and_its_sender_and_subject_are_not(
    consultation, frame, officer
):
    response = letter(consultation, officer)
    petition = letter(consultation, officer, channel=Channel.PETITION, signatures=900, files=[])
    assert [(text.response_id, text.option) for text in coding.texts(frame)] == [
        (response.pk, TEXT),
        (petition.pk, TEXT),
    ]

    for one in (response, petition):
        code_letter(frame, one, officer)

    assert counted(consultation) == {(LETTER, "Buses"): 2, (LETTER, "Trees"): 2}  # not 901
    file = "".join(csv_files.lines(consultation, "en", Form.LABELS))
    assert file.count("Buses; Trees") == 2
    with pytest.raises(coding.Gone):
        coding.read(frame, Place(response.pk, LETTER, SENDER), [], officer)


def test_nothing_of_a_letter_is_quoted_for_nobody_asked_whether_it_may_be(consultation, officer):
    response = letter(consultation, officer)

    with pytest.raises(NotQuotable):
        propose(response, officer, "More trees", question=LETTER)


@pytest.mark.parametrize("change", [changes.erase, changes.withdraw])
def test_a_coded_letter_goes_with_its_words_codes_and_files(
    consultation, frame, officer, change, django_capture_on_commit_callbacks
):
    stays, goes = letter(consultation, officer), letter(consultation, officer, channel=Channel.PETITION, signatures=9)
    for one in (stays, goes):
        code_letter(frame, one, officer)
    fold(consultation)
    assert len(files()) == 2

    with django_capture_on_commit_callbacks(execute=True):
        change(goes)

    assert left(goes) == set()
    assert [kept.letter_id for kept in LetterFile.objects.all()] == [stays.pk]
    assert len(files()) == 1
    assert Letter.objects.get(response=goes).signatures == 0
    assert correspondence.petitions(consultation) is None
    assert counted(consultation) == {(LETTER, "Buses"): 1, (LETTER, "Trees"): 1}
    assert agree(consultation) == 1


@pytest.mark.parametrize("change", ["correct", "withdraw", "erase"])
def test_a_response_that_was_worked_on_goes_with_all_of_it(consultation, frame, officer, second, change):
    response = send(consultation)
    work_on(response, frame, officer, second)
    fold(consultation)

    if change == "correct":
        given = batches.receipts.answers(response)
        new = changes.correct(response, uuid.uuid4(), consultation.published, "en", given)
        assert left(new) == {"AnswerWords"}
    else:
        getattr(changes, change)(response)

    assert left(response) == set()
    assert not Quote.objects.exists()
    assert counted(consultation) == {}
    assert agree(consultation) == (1 if change == "correct" else 0)


# When their time has come


def test_codes_and_published_quotes_stay_when_their_time_has_come_and_who_it_was_goes(
    consultation, frame, officer, second, django_capture_on_commit_callbacks
):
    response = send(consultation)
    post = letter(consultation, officer)
    quote = work_on(response, frame, officer, second)
    waiting = propose(response, officer, "the river")
    code_letter(frame, post, officer)
    fold(consultation)
    before = counted(consultation)
    now = timezone.now()
    Consultation.objects.update(opens_at=now - 90 * DAY, closes_at=now - 30 * DAY, kept_until=timezone.localdate())

    with django_capture_on_commit_callbacks(execute=True):
        assert retention.strip_due() == 2

    assert counted(consultation) == before == {(1, "Trees"): 1, (LETTER, "Buses"): 1, (LETTER, "Trees"): 1}
    assert left(response, post) == {"CodedText", "ReadMark"}
    quote.refresh_from_db()
    assert (quote.response, quote.state, quote.text) == (None, Quote.State.APPROVED, "More trees by the river […]")
    assert quote in quotes.shown()
    assert not Quote.objects.filter(pk=waiting.pk).exists()
    assert files() == []
    assert not AnswerWords.objects.exists()
    assert not Entry.objects.exists()
    consultation.refresh_from_db()
    assert agree(consultation) == 2
