"""Drafts: begun with a signed key, found by a secret, saved section by section, kept as the receipt once sent."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from consultation import answers as answering
from consultation import derived
from consultation.answers import Answers
from consultation.derived import hash_secret
from consultation.models import Consultation, Draft, Response
from consultation.questionnaire import Question

LIFETIME = dt.timedelta(days=28)  # of a draft from its first section on, and of a receipt after the closing
GRACE = dt.timedelta(days=1)  # after the closing, in which what was not sent can be looked at and copied
LETTERS = 3  # e-mails about one draft
RECEIPT = dt.timedelta(days=365)  # of a receipt where nothing closes

SALT = "consultation.draft"

# Every step of answering begins with it, so it is not composed each time.
FIND = "SELECT * FROM consultation_draft WHERE secret = %s AND consultation_id = %s"


def find(consultation: Consultation, secret: str | None) -> Draft | None:
    """The draft that a secret opens, if it belongs to this consultation and has not expired. One query."""
    if not secret or len(secret) > 100:
        return None
    found = Draft.objects.raw(FIND, [hash_secret(secret), consultation.pk])
    for draft in found:
        draft.consultation = consultation
        return None if _is_over(draft) else draft
    return None


def _is_over(draft: Draft) -> bool:
    """Whether the time of a draft that was not sent is over; that of what was sent ends with `purge`."""
    unsent = draft.sent_at is None and draft.corrects is None
    closes = draft.consultation.closes_at
    now = timezone.now()
    return unsent and (now > draft.created_at + LIFETIME or (closes is not None and now > closes + GRACE))


def begin(consultation: Consultation, key: uuid.UUID, born: dt.datetime | None = None) -> tuple[Draft, str]:
    """Begin the answering of that key, and return the draft with its secret.

    born: when the form was first shown, by which it is told later how long the answering took.

    The key was born with the form, so a form sent twice begins one answering; one that is shown while something is
    corrected carries the key of the correction, and goes on with that. A key in the ledger belonged to somebody before,
    on the same device: then another answering begins, and it begins now, so that one old form is not a way to send
    many. So it does where the time of the draft is over and nobody could open what is saved in it.
    """
    if not Response.objects.filter(key=key).exists():
        draft = _begin(consultation, key, born)
        if not _is_over(draft):
            return draft, _secret(draft)
    draft = _begin(consultation, uuid.uuid4(), timezone.now())
    return draft, _secret(draft)


def _begin(consultation: Consultation, key: uuid.UUID, born: dt.datetime | None) -> Draft:
    draft, _created = Draft.objects.get_or_create(
        sends=key,
        defaults={
            "consultation": consultation,
            "key": key,
            "secret": hash_secret(derived.new(SALT, key)),
            "version": consultation.published,
            "born_at": born,
        },
    )
    draft.consultation = consultation
    return draft


def _secret(draft: Draft) -> str:
    """Made from the key of the draft, so that whichever of two replies a browser keeps, its cookie opens the draft."""
    return derived.again(SALT, draft.key, draft.secret) or derived.new(SALT, draft.key)


def answers(draft: Draft) -> Answers:
    """What the draft holds so far."""
    return answering.decode(draft.answers)


def expires_at(draft: Draft) -> dt.datetime:
    """When what was not sent yet can no longer be opened."""
    last = draft.created_at + LIFETIME
    closes = draft.consultation.closes_at
    return min(last, closes) if closes else last


class AlreadySent(Exception):
    """The draft's response is in the ledger, so nothing can be added to the draft."""


class SavedMeanwhile(Exception):
    """Somewhere else, other answers to the same questions were saved after the page had been shown."""

    def __init__(self, saved: Answers) -> None:
        super().__init__()
        self.saved = saved


@contextmanager
def locked(draft: Draft) -> Iterator[Draft]:
    """The draft as it is now, kept from everybody else until the end. Raises AlreadySent."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        if row.sent_at is not None:
            raise AlreadySent
        yield row


def sight(held: Answers, questions: Sequence[Question]) -> str:
    """What a page shows of a draft, in short: the page hands it back, so that a later save elsewhere is noticed."""
    shown = json.dumps(answering.encode(answering.part(held, questions)), sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def save(
    draft: Draft,
    consultation: Consultation,
    questions: Sequence[Question],
    newer: Answers,
    seen: str,
    trapped: bool = False,
    place: int | None = None,
) -> None:
    """Put answers to some questions into the draft; everything else in it stays.

    seen: what the page showed of them. trapped: something stood in the field that people do not see. place: a question
    of the section where somebody stops for now. Raises AlreadySent, and SavedMeanwhile where what was shown is no
    longer so.
    """
    with locked(draft) as row:  # two tabs may save at once
        before = answers(row)
        after = before.replacing(questions, newer)
        # Into a draft that has just begun nothing was saved, whatever the form of an earlier one saw.
        if row.revision and seen != sight(before, questions) and after != before:
            raise SavedMeanwhile(answering.part(before, questions))
        row.answers = answering.encode(after)
        row.version = consultation.published
        row.revision += 1
        row.trapped = row.trapped or trapped
        row.place = place
        row.save(update_fields=["answers", "version", "revision", "trapped", "place", "updated_at"])


class Changed(Exception):
    """The draft is no longer what was shown."""


def finish(draft: Draft) -> None:
    """Forget the answers of a draft that is sent, as it was read; its keys stay, so that sending again is noticed.

    Its row is kept from everybody else until the end of the transaction. Raises AlreadySent, and Changed where another
    tab has saved meanwhile.
    """
    unsent = Draft.objects.filter(pk=draft.pk, sent_at=None)
    if not unsent.filter(revision=draft.revision).update(answers={}, corrects=None, sent_at=timezone.now()):
        raise Changed if unsent.exists() else AlreadySent


def renew(draft: Draft) -> None:
    """Have the draft sent under a new key, because nothing is stored under its own any more. All it holds stays."""
    Draft.objects.filter(pk=draft.pk, sent_at=None).update(sends=uuid.uuid4(), revision=F("revision") + 1)


def reopen(draft: Draft, held: Answers) -> None:
    """Begin the correction of what was sent. Doing so twice is doing so once."""
    stored = answering.encode(held)
    Draft.objects.filter(pk=draft.pk, sent_at__isnull=False).update(
        answers=stored, corrects=F("sends"), sends=uuid.uuid4(), sent_at=None, revision=F("revision") + 1
    )


def put_back(drafts: Iterable[int]) -> None:
    """Give up corrections: what was sent stays as it is."""
    Draft.objects.filter(pk__in=drafts, corrects__isnull=False, sent_at=None).update(
        answers={}, sends=F("corrects"), corrects=None, sent_at=timezone.now()
    )


def count_letter(draft: Draft) -> bool:
    """Count an e-mail about the draft; False where there were enough, so that nobody's mailbox is flooded."""
    return bool(Draft.objects.filter(pk=draft.pk, letters__lt=LETTERS).update(letters=F("letters") + 1))


def _expired() -> Q:
    unsent = Q(sent_at=None, corrects=None)
    return unsent & (Q(created_at__lt=timezone.now() - LIFETIME) | _closed_since(GRACE))


def _closed_since(time: dt.timedelta) -> Q:
    return Q(consultation__closes_at__lt=timezone.now() - time)


def purge() -> int:
    """Delete what nobody sent and what nobody can open any more, and return how many drafts that were."""
    now = timezone.now()
    abandoned = Q(updated_at__lt=now - LIFETIME) | _closed_since(GRACE)
    put_back(Draft.objects.filter(abandoned, corrects__isnull=False).values_list("pk", flat=True))
    over = Q(sent_at__isnull=False) & (
        _closed_since(LIFETIME) | Q(consultation__closes_at=None, sent_at__lt=now - RECEIPT)
    )
    return Draft.objects.filter(_expired() | over).delete()[0]
