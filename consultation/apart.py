"""Equality answers are kept apart: the only module that adds, moves and removes them, and that cuts their links.

The link leads from a response to its answers. Nothing follows it but what is here and the count of equality_figures.py;
no file, letter or page does.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet

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
def cut(consultation_id: int, responses: QuerySet[Response]) -> None:
    """Cut the links of responses for good: from then on nobody can tell whose answers these were.

    What does not count is deleted, since nobody could leave it out any more. The rest, and what was cut before, is
    stored anew in a random order: a database's files and copies keep rows in the order of their writing, which is that
    of the ledger.
    """
    links = EqualityLink.objects.filter(response__in=responses)
    if not len(links.select_for_update()):  # all of them, locked
        return
    EqualityAnswers.objects.filter(link__in=links.exclude(response__state=Response.State.COUNTED)).delete()
    links.delete()
    _store_anew(consultation_id, EqualityAnswers.objects.filter(consultation_id=consultation_id, link=None))


def _store_anew(consultation_id: int, loose: QuerySet[EqualityAnswers]) -> None:
    said: Iterable[dict[str, str]] = list(loose.values_list("answers", flat=True))
    loose.delete()
    rows = [EqualityAnswers(id=uuid.uuid4(), consultation_id=consultation_id, answers=answers) for answers in said]
    EqualityAnswers.objects.bulk_create(sorted(rows, key=lambda row: row.id), batch_size=500)
