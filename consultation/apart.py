"""Equality answers are kept apart: the only module that adds, moves and removes them, and that cuts their links.

The link leads from a response to its answers. Nothing follows it but what is here and the count of equality_figures.py;
no file, letter or page does.
"""

import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from consultation.models import EqualityAnswers, EqualityLink, Response


def put(consultation_id: int, given: Mapping[int, Mapping[str, str]]) -> None:
    """Store what was said with new responses, by their primary keys. Two statements."""
    rows = {pk: EqualityAnswers(consultation_id=consultation_id, answers=dict(said)) for pk, said in given.items()}
    EqualityAnswers.objects.bulk_create(sorted(rows.values(), key=lambda row: row.id), batch_size=500)
    EqualityLink.objects.bulk_create((EqualityLink(response_id=pk, answers=row) for pk, row in rows.items()), 500)


def hand_on(old: Response, new: Response) -> None:
    """A correction keeps what was said with the response that it replaces."""
    EqualityLink.objects.filter(response=old).update(response=new)


def forget(response: Response) -> None:
    """Delete what was said with a response, where the link still leads there."""
    forget_all([response.pk])


def forget_all(responses: Collection[int]) -> None:
    """The same of many responses, by their primary keys."""
    EqualityAnswers.objects.filter(link__response__in=responses).delete()


@transaction.atomic
def cut(responses: Iterable[int]) -> bool:
    """Cut the links of some responses for good, and say whether there were any: from then on nobody can tell whose
    answers these were, once they were mixed.

    What does not count is deleted, since nobody could leave it out any more.
    """
    links = EqualityLink.objects.filter(response__in=list(responses))
    if not len(links.select_for_update()):  # all of them, locked
        return False
    EqualityAnswers.objects.filter(link__in=links.exclude(response__state=Response.State.COUNTED)).delete()
    links.delete()
    return True


FIRST, LAST = uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)
STEP = 1_000


@transaction.atomic
def mix(consultation_id: int, after: uuid.UUID = FIRST) -> uuid.UUID:
    """Store what was cut, now or before, anew under other keys in a random order, a step at a time: a database's files
    and copies keep rows in the order of their writing, which is that of the ledger.

    Return where the next step begins: LAST when all is done. Steps go by the keys, which are random; the new ones lie
    between the old, so that nothing is met twice. Two at once are not safe: the caller holds a lock.
    """
    loose = EqualityAnswers.objects.filter(consultation_id=consultation_id, link=None, id__gt=after).order_by("id")
    rows = list(loose[:STEP])
    if not rows:
        return LAST
    end = rows[-1].id if len(rows) == STEP else LAST
    EqualityAnswers.objects.filter(id__in=[row.id for row in rows]).delete()
    anew = [
        EqualityAnswers(id=_between(after, end), consultation_id=consultation_id, answers=row.answers) for row in rows
    ]
    EqualityAnswers.objects.bulk_create(sorted(anew, key=lambda row: row.id), batch_size=500)
    return end


def _between(after: uuid.UUID, end: uuid.UUID) -> uuid.UUID:
    """A random key above one and below another."""
    while True:
        key = uuid.UUID(int=after.int + 1 + secrets.randbelow(end.int - after.int), version=4)
        if after < key <= end:
            return key
