"""Ideas: sent once, listed for the public, counted for officers. What changes one is in moderation.py.

An idea is public once somebody has read it and let it be shown; until then no list of the public holds it.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from consultation.ledger import new_reference
from consultation.models import Idea, IdeaAddress, IdeaStep, Theme

LONGEST = 2_000  # characters of an idea
LIFETIME = dt.timedelta(days=365)  # of an e-mail address, where nothing final was decided


@dataclass(frozen=True)
class Sent:
    """What somebody sends: an idea, and whom to tell what becomes of it, if they wish."""

    text: str
    theme: Theme | None
    language: str
    email: str = ""
    page: str = ""  # the whole address of the list, for the e-mails


def submit(key: uuid.UUID, sent: Sent) -> Idea:
    """Store an idea once, and return what is stored under its key: the same key again returns the first idea."""
    for _attempt in range(3):
        try:
            return _once(key, sent)
        except IntegrityError:  # the reference is taken
            continue
    raise RuntimeError("three references in a row were taken")


def _once(key: uuid.UUID, sent: Sent) -> Idea:
    fields = {"reference": new_reference(), "theme": sent.theme, "language": sent.language, "text": sent.text}
    with transaction.atomic():
        idea, created = Idea.objects.get_or_create(key=key, defaults=fields)
        if created:
            IdeaStep.objects.create(idea=idea, status=idea.status)
            if sent.email:
                IdeaAddress.objects.create(idea=idea, to=sent.email, page=sent.page)
    return idea


def themes() -> QuerySet[Theme]:
    """The themes that an idea can be for today."""
    return Theme.objects.filter(retired_at=None)


UNSURE = Q(theme=None)  # the ideas of those who were not sure which theme it is


def shown(which: Q | None = None) -> QuerySet[Idea]:
    """The ideas that the public sees, the newest first, with their themes and steps. Two queries, however many."""
    found = Idea.objects.filter(which or Q(), moderation=Idea.Moderation.SHOWN)
    steps = Prefetch("steps", IdeaStep.objects.order_by("pk"))
    return found.select_related("theme").prefetch_related(steps).order_by("-received_at", "-pk")


def numbers() -> dict[int | None, int]:
    """How many ideas the public sees, by theme; None for those of no theme. One query."""
    rows = Idea.objects.filter(moderation=Idea.Moderation.SHOWN).order_by().values_list("theme").annotate(Count("pk"))
    return dict(rows)


@dataclass(frozen=True)
class Standing:
    """How many ideas of a theme there are, for officers: by status, without those that are not to be shown."""

    by_status: tuple[tuple[str, int], ...]  # the status in words
    unread: int
    not_shown: int

    @property
    def total(self) -> int:
        """All that are counted by status."""
        return sum(n for _status, n in self.by_status)


def standing(theme: Theme) -> Standing:
    """Count the ideas of a theme. One query."""
    rows = Idea.objects.filter(theme=theme).order_by().values_list("status", "moderation").annotate(Count("pk"))
    counts = {(status, moderation): n for status, moderation, n in rows}
    new, hidden = Idea.Moderation.NEW, Idea.Moderation.NOT_SHOWN
    return Standing(
        tuple(
            (str(label), sum(n for (at, moderation), n in counts.items() if at == status and moderation != hidden))
            for status, label in Idea.Status.choices
        ),
        sum(n for (_status, moderation), n in counts.items() if moderation == new),
        sum(n for (_status, moderation), n in counts.items() if moderation == hidden),
    )


def forget_addresses() -> int:
    """Delete the addresses that were given long ago, and return how many those were."""
    return IdeaAddress.objects.filter(created_at__lt=timezone.now() - LIFETIME).delete()[0]
