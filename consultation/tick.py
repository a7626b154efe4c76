"""What has to be done again and again: fold what came in, move the public figures on, publish what is due, forget
expired drafts. Idempotent.

With no tick running nothing is wrong, only slower: officers' figures count the tail themselves.
"""

import logging
from collections.abc import Callable

from django.core.management import call_command
from django.dispatch import Signal

from consultation import drafts, equality_figures, haste, ideas, outbox, pin
from consultation.fold import fold
from consultation.models import Consultation

log = logging.getLogger(__name__)


# Sent when what depends on the day may have changed; whoever receives it looks for itself.
due = Signal()


def publish_due() -> None:
    """Publish and unpublish the pages whose time has come, as editors scheduled them, and what else has its day."""
    call_command("publish_scheduled")
    due.send_robust(sender=None)


def forget_drafts() -> None:
    """Delete what nobody can open or needs any more: drafts, addresses, marks of e-mails not sent, counts of haste."""
    drafts.purge()
    ideas.forget_addresses()
    outbox.forget()
    haste.forget()


def send_mail() -> int:
    """Send the e-mails that are due, and return how many were taken. It may last as long as a slow mail server does."""
    try:
        return outbox.send_due()
    except Exception:
        log.exception("e-mails were put off")
        return 0


def tick(progress: Callable[[int], object] = lambda n: None) -> int:
    """Do one round, and return how many responses were folded. A consultation that fails does not stop the others."""
    folded = 0
    for consultation in Consultation.objects.filter(version__isnull=False):
        try:
            folded += fold(consultation, progress)
            pin.pin(consultation)
            equality_figures.pin(consultation)
        except Exception:
            # Impatient at the barrier, no database, a row that nobody foresaw: the others are folded all the same.
            log.exception("fold of consultation %s was put off", consultation.pk)
    return folded
