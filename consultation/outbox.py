"""The outbox: an e-mail is written in the transaction of what it tells of, and sent after that has committed.

The network is asked outside of any transaction, so that a slow mail server holds no lock. A message is taken by putting
its next attempt off, deleted once the server has accepted it, and tried again where anything failed. A crash between
the server's yes and the deletion sends it twice, under the same Message-ID; none is lost (docs/decisions/0016).
"""

import datetime as dt
import logging
import smtplib
import time
from contextlib import suppress
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, QuerySet
from django.utils import timezone

from consultation.models import Draft, Idea, Message, Subscriber

log = logging.getLogger(__name__)

HOLD = dt.timedelta(seconds=5)  # for which a message waits, so that a form that is sent twice finds it
WAITS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60)]
LIFETIME = dt.timedelta(days=2)  # after which no other attempt begins
LEASE = dt.timedelta(minutes=15)  # longer than an attempt lasts; whoever crashes during one leaves it to the next
MARK = dt.timedelta(days=90)  # for which a message that was given up can be counted
ROUND = 20.0  # seconds after which a round begins no other message


def put(
    to: str,
    subject: str,
    body: str,
    language: str,
    draft: Draft | None = None,
    idea: Idea | None = None,
    subscriber: Subscriber | None = None,
    stop: str = "",
) -> None:
    """Promise an e-mail. It is sent only if the caller's transaction commits, and while what it tells of is there.

    stop: where programs of mail unsubscribe for whoever asks them to.

    The same text to the same address, while it waits, is one e-mail: a form that is sent twice asks for one.
    """
    if len(f"{to}{subject}".splitlines()) != 1:
        raise ValueError("an address or a subject is one line")
    if not Message.objects.filter(state=Message.State.WAITING, to=to, subject=subject, body=body).exists():
        about = {"draft": draft, "idea": idea, "subscriber": subscriber}
        due = timezone.now() + HOLD
        Message.objects.create(to=to, subject=subject, body=body, language=language, stop=stop, due_at=due, **about)


def send_due() -> int:
    """Send what is due, and return how many messages the server took. Ends early where the server is away."""
    sent, until = 0, time.monotonic() + ROUND
    server = get_connection()
    try:
        while time.monotonic() < until and (message := _next()):
            try:
                server.open()
                server.send_messages([_letter(message)])
            except Exception as fault:
                _put_off(message, fault)
                if _is_the_servers(fault):
                    break
            else:
                message.delete()
                sent += 1
    finally:
        with suppress(OSError):  # the errors of smtplib, too
            server.close()
    return sent


def _next() -> Message | None:
    """Take the message that has been due for longest."""
    due = Message.objects.filter(state=Message.State.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")
    while message := due.first():
        if _take(message):
            return message
    return None


def _take(message: Message) -> bool:
    """Put the next attempt off, unless another tick was quicker: one statement, so that only one of them can."""
    seen = Message.objects.filter(pk=message.pk, attempts=message.attempts)
    return bool(seen.update(attempts=F("attempts") + 1, due_at=timezone.now() + LEASE))


def _letter(message: Message) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {
        "Message-ID": f"<{message.key.hex}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    if message.stop:  # RFC 8058: one click, without a page
        headers |= {"List-Unsubscribe": f"<{message.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(message.subject, message.body, to=[message.to], headers=headers)


def _put_off(message: Message, fault: Exception) -> None:
    """Try again later, or give up and forget to whom and what. What a server says can name the address: only its
    code is kept.
    """
    kind, code = type(fault).__name__, _code(fault)
    said = f"{kind} {code}" if code else kind
    tries = message.attempts + 1
    due = timezone.now() + WAITS[min(tries, len(WAITS)) - 1]
    row = Message.objects.filter(pk=message.pk)
    refused = isinstance(fault, smtplib.SMTPRecipientsRefused) and code >= 500
    if refused or due > message.created_at + LIFETIME:
        row.update(state=Message.State.GIVEN_UP, to="", subject="", body="", stop="", subscriber=None, fault=said)
        if refused and message.subscriber_id:  # nobody is there: nothing else is sent to that address
            Subscriber.objects.filter(pk=message.subscriber_id).delete()
        log.error("e-mail %s was given up after %d attempts: %s", message.key, tries, said)
    else:
        row.update(due_at=due, fault=said)
        log.warning("e-mail %s was put off: %s", message.key, said)


def _code(fault: Any) -> int:
    """What the server replied; 0 where it said nothing."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return min((code for code, _text in fault.recipients.values()), default=0)
    return fault.smtp_code if isinstance(fault, smtplib.SMTPResponseException) else 0


def _is_the_servers(fault: Exception) -> bool:
    """Whether the next message would fare no better."""
    about_this_one = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
    return isinstance(fault, OSError) and not isinstance(fault, about_this_one)


def take_back(drafts: QuerySet[Draft]) -> None:
    """Send nothing more that tells of these drafts."""
    Message.objects.filter(draft__in=drafts).delete()


def forget() -> None:
    """Delete the marks of what was given up long ago."""
    Message.objects.filter(state=Message.State.GIVEN_UP, created_at__lt=timezone.now() - MARK).delete()
