"""Drafts: begun with a signed key, found by a secret, saved section by section."""

import hashlib
import uuid

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
    return Draft.objects.select_related("version").filter(consultation=consultation, secret=hash_secret(secret)).first()


def begin(consultation: Consultation, key: uuid.UUID) -> tuple[Draft, str]:
    """Begin the answering of that key, and return the draft with its secret.

    The key was born with the form, so a form sent twice begins one answering. The secret is made from the key and the
    site's own, so that whichever of two replies a browser keeps, its cookie opens the draft.
    """
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


def save(draft: Draft, consultation: Consultation, questions: tuple[Question, ...], newer: Answers) -> Draft:
    """Put a section's answers into the draft. Answers to questions no longer asked stay where they are."""
    draft.answers = answering.encode(answers(draft).replacing(questions, newer))
    draft.version = consultation.published
    draft.revision += 1
    draft.save(update_fields=["answers", "version", "revision", "updated_at"])
    return draft
