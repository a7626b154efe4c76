"""Drafts: begun with a signed key, found by a secret, saved section by section."""

import hashlib
import secrets
import uuid

from consultation import answers as answering
from consultation.answers import Answers
from consultation.models import Consultation, Draft
from consultation.questionnaire import Question


def hash_secret(secret: str) -> str:
    """The form in which a secret is stored and looked up. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(consultation: Consultation, secret: str | None) -> Draft | None:
    """The draft that a secret opens, if it belongs to this consultation. One query."""
    if not secret or len(secret) > 100:
        return None
    return (
        Draft.objects.select_related("version").filter(consultation=consultation, secret=hash_secret(secret)).first()
    )


def begin(consultation: Consultation, key: uuid.UUID) -> tuple[Draft, str]:
    """Begin the answering of that key, and return the draft with its secret.

    The key was born with the form, so a form sent twice begins one answering: the later secret replaces the earlier.
    """
    secret = secrets.token_urlsafe(32)
    draft, _created = Draft.objects.update_or_create(
        key=key,
        defaults={"secret": hash_secret(secret)},
        create_defaults={
            "consultation": consultation,
            "secret": hash_secret(secret),
            "version_id": consultation.version_id,
        },
    )
    return draft, secret


def answers(draft: Draft) -> Answers:
    """What the draft holds so far."""
    return answering.decode(draft.answers)


def save(draft: Draft, consultation: Consultation, questions: tuple[Question, ...], newer: Answers) -> Draft:
    """Put a section's answers into the draft. Answers to questions no longer asked stay where they are."""
    draft.answers = answering.encode(answers(draft).replacing(questions, newer))
    draft.version_id = consultation.version_id  # type: ignore[assignment]  # a consultation that is answered has one
    draft.revision += 1
    draft.save(update_fields=["answers", "version", "revision", "updated_at"])
    return draft
