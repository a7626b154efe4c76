"""The trail of who handled which person's response: the only module that adds to it, and nothing changes it.

What is so old that nobody has to answer for it any more is forgotten: see retention.py.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from consultation.models import Decision, Handling, ReadMark, Response

Act = Handling.Act


def note(act: Handling.Act, responses: Iterable[Response], by: Any) -> None:
    """Record that somebody handled responses; once for each of them in an hour. One statement."""
    note_all(act, (response.pk for response in responses), by, by.get_username())


def note_all(act: Handling.Act, responses: Iterable[int], by: Any, name: str) -> None:
    """The same of many responses, by their primary keys; by: None where the user of that name is gone."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    Handling.objects.bulk_create(
        (Handling(response_id=pk, act=act, by=by, name=name, hour=hour) for pk in responses), ignore_conflicts=True
    )


def forget(before: dt.datetime) -> None:
    """Delete what was noted before an instant. That a response was read stays, by whom does not."""
    Handling.objects.filter(at__lt=before).delete()
    Decision.objects.filter(at__lt=before).delete()
    ReadMark.objects.filter(at__lt=before).exclude(name="").update(by=None, name="")
