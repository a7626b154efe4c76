"""The trail of who handled which person's response: the only module that adds to it, and nothing changes it."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from consultation.models import Handling, Response

Act = Handling.Act


def note(act: Handling.Act, responses: Iterable[Response], by: Any) -> None:
    """Record that somebody handled responses; once for each of them in an hour. One statement."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    Handling.objects.bulk_create(
        (Handling(response=response, act=act, by=by, name=by.get_username(), hour=hour) for response in responses),
        ignore_conflicts=True,
    )
