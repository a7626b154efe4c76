"""Drafts: begun with a signed key, found by a secret, saved section by section."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from consultation import answers as answering
from consultation.answers import Answers
from consultation.models import Consultation, Draft
from consultation.questionnaire import Question


def hash_secret(secret: str) -> str:
    """The form in which a secret is stored and looked up. It is long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(consultation: Consultation, secret: str | None) -> Draft | None:
    """The draft that a secret opens, if it belongs to this consultation. One query."""
    if not secret or len(secret) > 100:
        return None
    return Draft.objects.filter(consultation=consultation, secret=hash_secret(secret)).first()


def begin(consultation: Consultation, key: uuid.UUID) -> tuple[Draft, str]:
    """Begin the answering of that key, and return the draft with its secret.

    The key was born with the form, so a form sent twice begins one answering. The secret is made from the key and the
    site's own, so that whichever of two replies a browser keeps, its cookie opens the draft. A key whose answers were
    sent already belonged to somebody before, on the same device: then another answering begins.
    """
    if Draft.objects.filter(key=key, sent_at__isnull=False).exists():
        key = uuid.uuid4()
    secret = salted_hmac("consultation.draft", key.hex, algorithm="sha256").hexdigest()
    draft, _created = Draft.objects.get_or_create(
        key=key,
        defaults={
            "consultation": consultation,
            "secret": hash_secret(secret),
            "version": consultation.published,
        },
    )
    return draft, secret


def answers(draft: Draft) -> Answers:
    """What the draft holds so far."""
    return answering.decode(draft.answers)


class AlreadySent(Exception):
    """The draft's response is in the ledger, so nothing can be added to the draft."""


@contextmanager
def locked(draft: Draft) -> Iterator[Draft]:
    """The draft as it is now, kept from everybody else until the end. Raises AlreadySent."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft.pk)
        if row.sent_at is not None:
            raise AlreadySent
        yield row


def save(draft: Draft, consultation: Consultation, questions: Iterable[Question], newer: Answers) -> None:
    """Put answers to some questions into the draft; everything else in it stays. Raises AlreadySent."""
    with locked(draft) as row:  # two tabs may save at once
        row.answers = answering.encode(answers(row).replacing(questions, newer))
        row.version = consultation.published
        row.revision += 1
        row.save(update_fields=["answers", "version", "revision", "updated_at"])


def finish(draft: Draft) -> None:
    """Forget the answers of a draft that was sent; its key stays, so that sending again finds the response."""
    Draft.objects.filter(pk=draft.pk).update(answers={}, sent_at=timezone.now())
