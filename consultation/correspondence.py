"""Letters, e-mails and petitions: each is one response that was asked nothing, with its words, signatures and files.

It counts among the responses and in no question's base. Signatures are told beside, and never added to responses.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.timezone import make_aware

from consultation import attachments, changes, ledger
from consultation.answers import Answers
from consultation.attachments import Accepted
from consultation.ledger import Brought, Imported
from consultation.models import Channel, Consultation, Letter, Reason, Response, Suspicion
from consultation.models.letter import LETTER, SENDER, SUBJECT, TEXT

LONGEST = 100_000  # characters of a letter


@dataclass(frozen=True)
class Received:
    """What came, as somebody records it."""

    channel: Channel
    day: dt.date
    language: str
    text: str = ""
    sender: str = ""
    subject: str = ""
    is_organisation: bool = False
    signatures: int = 0
    files: Sequence[Accepted] = ()


def record(consultation: Consultation, received: Received, by: Any, key: uuid.UUID | None = None) -> Response:
    """Store it with everything beside it, or nothing; the same key again returns the first.

    What came outside the hours is held: whether it counts is an officer's decision, and it stays on record who took it.
    """
    key = key or uuid.uuid4()
    stored = Response.objects.filter(key=key).first()
    if stored is not None:
        return stored
    at, is_in_time = _instant(consultation, received.day)
    written = {TEXT: received.text, SENDER: received.sender, SUBJECT: received.subject}
    words = {(LETTER, part): text for part, text in written.items() if text.strip()}
    letter = Brought(received.is_organisation, received.signatures, by)
    row = Imported(key, "", received.language, received.channel, at, Answers({}, words), letter=letter)
    with transaction.atomic():
        ledger.import_responses(consultation, consultation.published, [row])
        response = Response.objects.get(key=key)
        attachments.keep(response.pk, received.files)
        if not is_in_time:
            Suspicion.objects.create(response=response, reason=Reason.OUTSIDE)
            changes.hold(response)
    return response


def _instant(consultation: Consultation, day: dt.date) -> tuple[dt.datetime, bool]:
    """When on that day it counts as received, and whether that is within the hours: noon, or as near as they allow.

    Nobody notes the minute of a letter, so one that came on the day of closing came in time.
    """
    begin = make_aware(dt.datetime.combine(day, dt.time.min))
    end = make_aware(dt.datetime.combine(day + dt.timedelta(1), dt.time.min))
    last = min(end, timezone.now())
    noon = min(begin + dt.timedelta(hours=12), last - dt.timedelta(seconds=1))
    opens, closes = consultation.opens_at, consultation.closes_at
    if end <= opens or last < opens or (closes is not None and begin >= closes):
        return max(noon, begin), False
    latest = last if closes is None else min(last, closes)
    return max(min(noon, latest - dt.timedelta(seconds=1)), begin, opens), True


@dataclass(frozen=True)
class Petitions:
    """How many petitions there are among some responses, and how many people signed them."""

    number: int
    signatures: int


def petitions(consultation: Consultation, where: Q | None = None) -> Petitions | None:
    """Those that count, and fit a condition; None where there are none. One query."""
    fitting = Letter.objects.filter(
        response__consultation=consultation,
        response__state=Response.State.COUNTED,
        response__channel=Channel.PETITION,
    )
    if where:
        fitting = fitting.filter(response__in=Response.objects.filter(where))
    found = fitting.aggregate(n=Count("*"), signatures=Sum("signatures"))
    return Petitions(found["n"], found["signatures"]) if found["n"] else None


def of(responses: Iterable[Response]) -> dict[int, Letter]:
    """The letters among some responses, by their primary key, each with its files. Two queries."""
    return Letter.objects.prefetch_related("files").in_bulk([response.pk for response in responses])
