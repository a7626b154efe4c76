"""The only module that changes a response: hold, release and reject, withdraw, correct, erase; and retention.

Each runs under the lock of the watermark's row, so that no fold runs meanwhile, and adjusts the tally exactly by what
the response added to it. A response above the watermark is in no tally yet: the fold will find it as it is by then.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDay

from consultation import apart, instrument, ledger, outbox, quotes
from consultation.answers import Answers
from consultation.fold import add
from consultation.models import AnswerWords, Consultation, Correction, Draft, Redaction, Response, Version, Watermark
from consultation.recount import Counted, count, single

State = Response.State


# What those who sent it can still correct or take back.
CHANGEABLE = (State.COUNTED, State.HELD, State.REJECTED)


class NotPossible(Exception):
    """The response is not in a state that allows the change."""


def hold(response: Response) -> None:
    """Leave a response out of every figure until an officer decides."""
    with _changing(response, State.COUNTED) as (row, folded):
        _take_out(row, folded)
        _save(row, State.HELD)


def release(response: Response) -> None:
    """Count a response after all that was held or rejected."""
    with _changing(response, State.HELD, State.REJECTED) as (row, folded):
        _save(row, State.COUNTED)
        if folded:
            _adjust(row, 1)


def reject(response: Response) -> None:
    """Leave a held response out for good, unless it is released after all."""
    with _changing(response, State.HELD) as (row, _folded):
        _save(row, State.REJECTED)


def withdraw(response: Response) -> None:
    """Take a response back, with all it says. Its key stays, so that it can't be sent again by accident."""
    with _changing(response, *CHANGEABLE) as (row, folded):
        _take_out(row, folded)
        outbox.take_back(_drafts(row))
        apart.forget(row)
        _empty(row)
        _save(row, State.WITHDRAWN)


def correct(response: Response, key: uuid.UUID, version: Version, language: str, answers: Answers) -> Response:
    """Replace a response by a new row, which takes over its reference, state and channel; the old one is emptied.

    One that was rejected is held again, since nobody has looked at what it says now. The same key again returns the
    correction that is stored.
    """
    stored = Response.objects.filter(key=key).first()
    if stored is not None:
        return stored
    with _changing(response, *CHANGEABLE) as (row, folded):
        _take_out(row, folded)
        reference, state = row.reference, State.HELD if row.state == State.REJECTED else State(row.state)
        row.reference = None
        reasons = [suspicion.reason for suspicion in row.suspicions.all()]
        _empty(row)
        _save(row, State.REPLACED)
        new = ledger.replace(row, key, reference, state, version, language, answers, reasons)
        Correction.objects.create(new=new, old=row)
        apart.hand_on(row, new)
        return new


def erase(response: Response) -> None:
    """Leave nothing of a response but a tombstone: no answers, words, reference, receipt or exact time."""
    with _changing(response, *State) as (row, folded):
        _take_out(row, folded)
        row.reference = None
        row.received_at = row.received_at.replace(hour=0, minute=0, second=0, microsecond=0)
        _drafts(row).delete()  # and with them what the outbox still holds of it
        apart.forget(row)
        _corrections([row]).delete()
        _empty(row)
        _save(row, State.ERASED)


def anonymise(consultation: Consultation, before: dt.datetime) -> int:
    """Strip words, references and exact times of responses received before an instant, and return how many.

    What was coded stays, so no tally moves; so do equality answers, but nobody can tell any more whose they are. Doing
    it again changes nothing.
    """
    with ledger.submitting(consultation.pk):
        old = Response.objects.filter(consultation=consultation, received_at__lt=before)
        AnswerWords.objects.filter(response__in=old).delete()
        Redaction.objects.filter(response__in=old).delete()
        quotes.cut(old)
        _corrections(old).delete()
        apart.cut(consultation.pk, old)
        day = TruncDay("received_at", tzinfo=dt.UTC)
        exact = old.filter(Q(reference__isnull=False) | ~Q(received_at=day))
        return exact.update(reference=None, received_at=day)


@contextmanager
def _changing(response: Response, *allowed: State) -> Iterator[tuple[Response, bool]]:
    """Give the row as it is now, and whether the tally includes it."""
    with ledger.submitting(response.consultation_id), transaction.atomic():
        watermark, _created = Watermark.objects.select_for_update().get_or_create(
            consultation_id=response.consultation_id
        )
        row = Response.objects.select_for_update().get(pk=response.pk)
        if row.state not in allowed:
            raise NotPossible(f"a response that is {row.get_state_display()} can't be changed so")
        yield row, row.pk <= watermark.response
    response.refresh_from_db()


def _take_out(row: Response, folded: bool) -> None:
    if folded and row.state == State.COUNTED:
        _adjust(row, -1)


def _adjust(row: Response, sign: int) -> None:
    """Add to the tally, or take from it, what this response says."""
    consultation = Consultation.objects.get(pk=row.consultation_id)
    cells = count(instrument.rows(consultation), single(consultation, row)).cells()
    add(consultation, {cell: Counted(sign * n, sign * total) for cell, (n, total) in cells.items()})


def _drafts(row: Response) -> QuerySet[Draft]:
    """The draft that sent a response, or corrects it."""
    return Draft.objects.filter(Q(sends=row.key) | Q(corrects=row.key))


def _corrections(rows: Iterable[Response]) -> QuerySet[Correction]:
    """What tells which responses were sent by the same person."""
    return Correction.objects.filter(Q(new__in=rows) | Q(old__in=rows))


def _empty(row: Response) -> None:
    row.answers = {}
    row.words.all().delete()
    row.redactions.all().delete()
    quotes.forget(row)
    row.suspicions.all().delete()


def _save(row: Response, state: State) -> None:
    row.state = state
    row.save(update_fields=["state", "answers", "reference", "received_at"])
