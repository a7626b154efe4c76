"""What somebody can do with what they sent: look at it, correct it, take it back. The draft that sent it is their key.

Both changes are theirs until the consultation closes, by the database's clock.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from consultation import changes, drafts, ledger
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Draft, Reason, Response


def response(draft: Draft, among: QuerySet[Response] | None = None) -> Response | None:
    """What the draft has sent; while it is corrected, what is being replaced."""
    return (Response.objects.all() if among is None else among).filter(key=draft.corrects or draft.sends).first()


def answers(stored: Response) -> Answers:
    """What a response says."""
    return Answers(
        {int(number): value for number, value in stored.answers.items()},
        {(row.question, row.option): row.text for row in stored.words.all()},
    )


def can_change(stored: Response) -> bool:
    """Whether there is still something to correct or withdraw."""
    return stored.state in changes.CHANGEABLE


@contextmanager
def standing(draft: Draft) -> Iterator[Response]:
    """What the draft has sent, kept as it is until the end. Raises NotPossible where nothing of it is left."""
    with transaction.atomic():
        # The draft first, as whoever sends a correction takes them.
        row = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        stored = response(row, Response.objects.select_for_update()) if row else None
        if stored is None or not can_change(stored):
            raise changes.NotPossible("nothing is left of it")
        yield stored


def reopen(draft: Draft) -> None:
    """Put what was sent into the draft again, to be corrected. Raises NotPossible."""
    with standing(draft) as stored:
        drafts.reopen(draft, answers(stored))


def send(
    draft: Draft,
    consultation: Consultation,
    language: str,
    given: Answers,
    *,
    reasons: Sequence[Reason] = (),
    equality: Mapping[str, str] | None = None,
) -> None:
    """Store what a draft holds: a new response, or in the place of what it corrects. Both or neither is done.

    reasons: why a new response is held; a correction stays what the response was.
    equality: what is kept apart from it. A correction leaves that as it was, since it does not ask again.
    Raises AlreadySent, Changed, NotOpen, Erased, and NotPossible where what is corrected was withdrawn meanwhile.
    """
    beside: Any = {"reasons": reasons, "equality": equality}
    if draft.corrects is None and ledger.submit_draft(draft, consultation, language, given, **beside):
        return
    with transaction.atomic():
        drafts.finish(draft)  # another tab's section is either in it or refused
        if draft.corrects is None:
            key, version = draft.sends, consultation.published
            ledger.submit(consultation, key, version, language, Channel.WEB, given, **beside)
        else:
            _correct(draft.corrects, draft.sends, consultation, language, given)


def _correct(old: uuid.UUID, key: uuid.UUID, consultation: Consultation, language: str, given: Answers) -> None:
    with ledger.submitting(consultation.pk):
        ledger.check_open(consultation.pk)
        changes.correct(Response.objects.get(key=old), key, consultation.published, language, given)


def withdraw(draft: Draft) -> None:
    """Take back what was sent. Raises NotOpen and NotPossible."""
    with ledger.submitting(draft.consultation_id):
        ledger.check_open(draft.consultation_id)
        drafts.put_back([draft.pk])
        stored = response(Draft.objects.get(pk=draft.pk))
        if stored is None:
            raise changes.NotPossible("nothing was sent")
        changes.withdraw(stored)
