"""A planted fault: the site's entry, but sending makes a new key for each request, as a form without one would."""

import time
import uuid
from typing import Any

from config.wsgi import application
from consultation import ledger, receipts
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Draft

PAUSE = 0.2  # seconds between storing and saying so, in which a fault can hit it

__all__ = ["application"]


def send(draft: Draft, consultation: Consultation, language: str, given: Answers, **beside: Any) -> None:
    """Store whatever comes, and let the receipt find the last."""
    key = uuid.uuid4()
    ledger.submit(consultation, key, consultation.published, language, Channel.WEB, given)
    Draft.objects.filter(pk=draft.pk).update(sends=key)
    time.sleep(PAUSE)


planted: Any = receipts
planted.send = send
