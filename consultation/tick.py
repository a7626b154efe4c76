"""What has to be done again and again: fold what came in, move the public figures on, look for personal data in new
texts, publish what is due, forget expired drafts. Idempotent.

With no tick running nothing is wrong, only slower: officers' figures count the tail themselves.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.dispatch import Signal

from consultation import attachments, batches, drafts, equality_figures, haste, ideas, outbox, pin, schedule, sightings
from consultation.fold import count_days, fold
from consultation.models import Consultation

log = logging.getLogger(__name__)


# Sent when what depends on the day may have changed; whoever receives it looks for itself.
due = Signal()


class Faults:
    """Keeps the parts of a round apart: one that fails is logged, counted and put off, and the next one begins.

    Whatever the fault is: impatient at the barrier, no database, a page or a row that nobody foresaw.
    """

    def __init__(self) -> None:
        self.number = 0
        self.names: list[str] = []

    @contextmanager
    def part(self, name: str, *, is_known: bool = False) -> Iterator[None]:
        """Do one part. Where it is known to fail, the log says so already."""
        try:
            yield
        except Exception:
            if not is_known:
                log.exception("%s was put off", name)
            self.add(name)

    def add(self, name: str) -> None:
        """Count one that was logged."""
        self.number += 1
        self.names.append(name)


def publish_due(faults: Faults | None = None) -> None:
    """Publish and unpublish the pages whose time has come, as editors scheduled them, and what else has its day."""
    faults = faults or Faults()
    with faults.part("a look at the schedule"):
        for name, change in schedule.due():
            with faults.part(name):
                change()
    for receiver, answer in due.send_robust(sender=None):
        if isinstance(answer, Exception):  # Django has logged it
            faults.add(f"what {receiver.__name__} does each day")


def forget_drafts(faults: Faults | None = None) -> None:
    """Delete what nobody can open or needs any more: drafts, addresses, marks of e-mails, counts of haste, files."""
    faults = faults or Faults()
    for name, forget in (
        ("drafts", drafts.purge),
        ("addresses", ideas.forget_addresses),
        ("marks of e-mails", outbox.forget),
        ("counts of haste", haste.forget),
        ("attachments", attachments.forget),
    ):
        with faults.part(f"forgetting of {name}"):
            forget()


def send_mail(faults: Faults | None = None) -> int:
    """Send the e-mails that are due, and return how many were taken. It may last as long as a slow mail server does."""
    with (faults or Faults()).part("sending of e-mails"):
        return outbox.send_due()
    return 0


def tick(progress: Callable[[int], object] = lambda n: None, faults: Faults | None = None) -> int:
    """Fold what came in, move the figures on, undo what is to be undone; return how many responses were folded."""
    faults, folded = faults or Faults(), 0
    with faults.part("a look at the consultations"):
        for consultation in Consultation.objects.filter(version__isnull=False):
            with faults.part(f"fold of consultation {consultation.pk}"):
                folded += fold(consultation, progress)
                pin.pin(consultation)
            with faults.part(f"search for personal data in consultation {consultation.pk}"):
                sightings.look(consultation)
            with faults.part(f"days of consultation {consultation.pk}"):
                count_days(consultation)
            with faults.part(f"equality figures of consultation {consultation.pk}"):
                equality_figures.pin(consultation)
    with faults.part("undoing of batches"):
        batches.resume()
    return folded
