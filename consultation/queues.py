"""Which texts somebody goes through, in which order, and how many are read."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consultation import coding
from consultation.coding import Place
from consultation.models import AnswerWords, CodeFrame, Coding


class Queue(StrEnum):
    """What somebody wants to read."""

    UNREAD = "unread"
    MINE = "mine"
    SECOND = "second"
    ALL = "all"


NAMES = {
    Queue.UNREAD: _("Not read by anybody"),
    Queue.MINE: _("Not read by you"),
    Queue.SECOND: _("To be read a second time, by you"),
    Queue.ALL: _("All"),
}


@dataclass(frozen=True)
class Progress:
    """How many texts there are, and how many are read: by anybody, and by one person."""

    total: int
    read: int
    mine: int
    second: int  # wait for that person's second reading


def pick(rows: QuerySet[AnswerWords], frame: CodeFrame, queue: Queue, name: str) -> QuerySet[AnswerWords]:
    """Those of some texts that are in somebody's queue."""
    if queue == Queue.UNREAD:
        return rows.filter(~coding.read_by())
    if queue == Queue.MINE:
        return rows.filter(~coding.read_by(name))
    if queue == Queue.SECOND:
        return rows.filter(awaits_second(frame, name))
    return rows


def awaits_second(frame: CodeFrame, name: str) -> Q:
    """Whether a text is to be read a second time, and this person could be who does: the first reader is another."""
    here = Coding.objects.filter(**coding.HERE, decides=False).order_by().values("response")
    several = here.annotate(n=Count("*")).filter(n__gt=1)
    return (
        coding.sampled(frame.second_share)
        & ~Q(coding.read_by(name))
        & Q(coding.read_by_another(name))
        & ~Q(Exists(several))
    )


def progress(rows: QuerySet[AnswerWords], frame: CodeFrame, name: str) -> Progress:
    """Count the queues of some texts. Four queries."""
    total = rows.count()
    unread, unread_by, second = (
        pick(rows, frame, queue, name).count() for queue in (Queue.UNREAD, Queue.MINE, Queue.SECOND)
    )
    return Progress(total, total - unread, total - unread_by, second)


def after(rows: QuerySet[AnswerWords], place: Place | None) -> AnswerWords | None:
    """The first of some texts, or the first after another."""
    return (rows if place is None else rows.filter(_beyond(place, "gt"))).first()


def before(rows: QuerySet[AnswerWords], place: Place) -> AnswerWords | None:
    """The last of some texts before another."""
    return rows.filter(_beyond(place, "lt")).last()


def _beyond(place: Place, way: str) -> Q:
    response, question, option = place
    here = Q(response=response)
    return (
        Q(**{f"response__{way}": response})
        | here & Q(**{f"question__{way}": question})
        | here & Q(question=question, **{f"option__{way}": option})
    )
