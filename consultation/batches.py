"""Batches: what staff bring in together is keyed in, numbered, checked by a second person, and undone as a whole.

Each sheet is one response of the ledger from the moment it is saved: it is counted, read and erased as any other is.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from consultation import answers as answering
from consultation import changes, instrument, ledger, receipts, trail
from consultation.answers import Answers
from consultation.ledger import Imported
from consultation.models import Batch, Channel, Consultation, Correction, Entry, Response, SecondKeying
from consultation.questionnaire import Question, Questionnaire

STEP = 1_000  # responses undone per transaction: those who send answers wait no longer than for a fold
PATIENCE = 10.0  # seconds that somebody waits for an undoing, the rest of which `tick` does

Differing = list[Question]


class Undone(Exception):
    """The batch is undone, or is being undone, so nothing is added to it."""


class Taken(Exception):
    """Another sheet of the batch has that number."""


class NotTheirs(Exception):
    """Whoever keyed a sheet in can't be the one who checks it."""


class Unasked(Exception):
    """What was decided would leave out an answer, since nobody with the other answers is asked that question."""

    def __init__(self, questions: Differing) -> None:
        super().__init__(", ".join(str(question.number) for question in questions))
        self.questions = questions


def questionnaire(response: Response) -> Questionnaire:
    """What the sheet of a response asks."""
    return instrument.of_version(response.consultation, response.version_id, response.language)


def received(consultation: Consultation, day: dt.date | None, now: dt.datetime) -> dt.datetime:
    """The instant that stands for the day on which something arrived: noon, or what was open of that day.

    Paper comes on a day and says no hour, so what came on the day of closing came in time. Without a day, it came just
    now. Raises NotOpen where no instant of the day will do.
    """
    if day is None:
        return now
    begins, noon, ends = (
        timezone.make_aware(dt.datetime.combine(date, hour), timezone.get_default_timezone())
        for date, hour in ((day, dt.time.min), (day, dt.time(12)), (day + dt.timedelta(days=1), dt.time.min))
    )
    first = max(begins, consultation.opens_at)
    last = min(ends, consultation.closes_at or ends, now) - dt.timedelta(microseconds=1)
    if first > last:
        raise ledger.NotOpen
    return min(max(noon, first), last)


def next_number(batch: Batch) -> int:
    """The number that the next sheet gets, if nobody else is quicker."""
    return (batch.entries.aggregate(last=Max("number"))["last"] or 0) + 1


def add(
    batch: Batch,
    key: uuid.UUID,
    given: Answers,
    user: Any,
    *,
    received_on: dt.date | None = None,
    number: int | None = None,
    equality: Mapping[str, str] | None = None,
) -> Entry:
    """Store a sheet under the key that its form was made with, and number it; the same key again gives the first.

    received_on: where it is not that of the batch; number: that on the sheet, where it has one.
    Raises NotOpen, Taken, Undone, and Erased where what was stored under the key has gone since.
    """
    consultation = batch.consultation
    with transaction.atomic(), ledger.submitting(consultation.pk):
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        stored = _stored(key)
        if stored is not None:
            return stored
        if locked.undone_by:
            raise Undone
        if number is not None and locked.entries.filter(number=number).exists():
            raise Taken
        at = received(consultation, received_on or locked.received_on, ledger.now(consultation.pk))
        channel, version = Channel(locked.channel), locked.version or consultation.published
        row = Imported(key, "", locked.language, channel, at, given, equality=equality or {})
        response = ledger.bring_in(consultation, version, row)
        return Entry.objects.create(
            response=response, batch=locked, number=number or next_number(locked), operator=user.get_username()
        )


def _stored(key: uuid.UUID) -> Entry | None:
    """The sheet that a form made before, whatever took its place since."""
    row = Response.objects.filter(key=key).first()
    while row is not None and (link := Correction.objects.filter(old=row).select_related("new").first()):
        row = link.new
    if row is None:
        return None
    entry = Entry.objects.select_related("response").filter(response=row).first()
    if entry is None or row.state == Response.State.ERASED:
        raise ledger.Erased
    return entry


def correct(entry: Entry, key: uuid.UUID, given: Answers, user: Any) -> Entry:
    """Put right what was keyed in wrongly; nobody has checked it any more. The same key again gives the first.

    Raises NotPossible where somebody else corrected it meanwhile or nothing is left of it.
    """
    with transaction.atomic():
        locked = _locked(entry)
        stored = _stored(key)
        if stored is not None:
            return stored
        row = locked.response
        if row.pk != entry.response_id:
            raise changes.NotPossible("it was corrected meanwhile")
        new = changes.correct(row, key, row.version, row.language, given, operator=user.get_username())
        return Entry.objects.select_related("batch", "response").get(response=new)


# The second check


def standing(batch: Batch) -> QuerySet[Entry]:
    """The sheets that still say something."""
    return batch.entries.filter(response__state__in=changes.CHANGEABLE)


def unchecked(batch: Batch, user: Any) -> QuerySet[Entry]:
    """What the user can key in a second time, in order: nobody did yet, and somebody else keyed it in first."""
    open_to_all = standing(batch).filter(checked_at=None, response__second_keying=None)
    return open_to_all.exclude(operator=user.get_username()).order_by("number")


def undecided(batch: Batch) -> QuerySet[Entry]:
    """The sheets of which two persons keyed in two things."""
    return standing(batch).filter(checked_at=None, response__second_keying__isnull=False).order_by("number")


def key_again(entry: Entry, given: Answers, user: Any) -> bool:
    """Take what a second person keyed in of a sheet: where it is the same, it is checked. True if so.

    Raises NotTheirs, and NotPossible where somebody else checked it meanwhile or nothing is left of it.
    """
    if entry.operator == user.get_username():
        raise NotTheirs
    with transaction.atomic():
        locked = _locked(entry)
        if locked.checked_at is not None or SecondKeying.objects.filter(response=locked.response).exists():
            raise changes.NotPossible("it was keyed in a second time already")
        if not differing(questionnaire(locked.response), receipts.answers(locked.response), given):
            _check(locked, user)
            return True
        SecondKeying.objects.create(
            response=locked.response, answers=answering.encode(given), operator=user.get_username()
        )
        return False


def differing(asked: Questionnaire, first: Answers, second: Answers) -> Differing:
    """The questions to which two keyings of a sheet have two answers; blanks between words are no matter."""
    return [q for q in asked.questions if _plain(q, first) != _plain(q, second)]


def _plain(question: Question, given: Answers) -> tuple[object, list[tuple[int, str]]]:
    words = answering.part(given, [question]).words
    said = ((option, " ".join(text.split())) for (_number, option), text in words.items())
    return given.values.get(question.number), sorted(said)


def settle(entry: Entry, seconds: set[int], key: uuid.UUID, user: Any) -> Entry:
    """Decide between two keyings of a sheet: seconds are the numbers of the questions in which the second is right.

    Raises NotTheirs, Unasked, and NotPossible where somebody decided meanwhile or nothing is left of it.
    """
    if entry.operator == user.get_username():
        raise NotTheirs
    with transaction.atomic():
        locked = _locked(entry)
        second = SecondKeying.objects.filter(response=locked.response).first()
        if second is None:
            raise changes.NotPossible("there is nothing to decide")
        asked, first = questionnaire(locked.response), receipts.answers(locked.response)
        decided = _decided(asked, first, answering.decode(second.answers), seconds)
        second.delete()
        if differing(asked, first, decided):
            locked = correct(locked, key, decided, user)
        _check(locked, user)
        return locked


def _decided(asked: Questionnaire, first: Answers, second: Answers, seconds: set[int]) -> Answers:
    chosen = [question for question in asked.questions if question.number in seconds]
    mixed = first.replacing(chosen, answering.part(second, chosen))
    decided = mixed.asked_by(asked)
    lost = [
        question
        for question in asked.questions
        if mixed.values.get(question.number) is not None and question.number not in decided.values
    ]
    if lost:
        raise Unasked(lost)
    return decided


def _locked(entry: Entry) -> Entry:
    """The sheet as it is now. Raises NotPossible where nothing is left of it."""
    rows = standing(entry.batch).select_for_update(of=("self",)).select_related("response__version")
    found = rows.select_related("response__consultation").filter(number=entry.number).first()
    if found is None:
        raise changes.NotPossible("nothing is left of it")
    return found


def _check(entry: Entry, user: Any) -> None:
    entry.checked_by, entry.checked_at = user.get_username(), timezone.now()
    entry.save(update_fields=["checked_by", "checked_at"])


# Undoing


def undo(batch: Batch, user: Any, patience: float = PATIENCE) -> bool:
    """Erase every response of a batch, keyed in or from a file, and say whether that is done.

    It is done in steps, and the batch is closed to more from the first: what is not done when patience ends, or breaks
    off, is done by the next call, be it `tick`'s. What was corrected, taken back or erased meanwhile is no obstacle.
    Doing it again changes nothing.
    """
    Batch.objects.filter(pk=batch.pk, undone_by="").update(undone_by=user.get_username())
    return _go_on(batch, monotonic() + patience)


def resume() -> None:
    """Go on with what was to be undone and was broken off."""
    for batch in Batch.objects.exclude(undone_by="").filter(undone_at=None):
        _go_on(batch, monotonic() + PATIENCE)


def left(batch: Batch) -> int:
    """How many responses of a batch are not erased."""
    return batch.entries.exclude(response__state=Response.State.ERASED).count()


def _go_on(batch: Batch, until: float) -> bool:
    batch.refresh_from_db()
    if batch.undone_at is not None:
        return True
    by = get_user_model()._default_manager.filter(username=batch.undone_by).first()
    for keys in _steps(batch):
        with transaction.atomic():
            erased = changes.erase_all(batch.consultation, keys)
            trail.note_all(trail.Act.ERASED, erased, by, batch.undone_by)
        if monotonic() > until:
            break
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if left(locked):
            return False
        Batch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=timezone.now())
    batch.refresh_from_db()
    return True


def _steps(batch: Batch) -> Iterator[list[int]]:
    """The responses of a batch that are not erased, in the order of their numbers."""
    last = -1
    while True:
        rows = batch.entries.filter(number__gt=last).exclude(response__state=Response.State.ERASED)
        found = list(rows.order_by("number").values_list("number", "response")[:STEP])
        if not found:
            return
        last = found[-1][0]
        yield [pk for _number, pk in found]
