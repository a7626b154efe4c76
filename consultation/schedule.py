"""What editors scheduled: which pages are to go live or to be taken back by now, each published by itself.

Wagtail's own command does all of them in one go, so that one that can't be published stops those after it.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision

GRACE = dt.timedelta(minutes=2)  # in which whoever is at work on it may still be busy


def due() -> Iterator[tuple[str, Callable[[], object]]]:
    """Every change whose time has come, by what it is called in the log; first what ends, then what begins."""
    now = timezone.now()
    for page in Page.objects.filter(_ended(now)).order_by("expire_at"):
        yield f"taking back of page {page.pk} “{page.title}”", partial(_take_back, page)
    for revision in _begun(now).order_by("approved_go_live_at"):
        name = f"publication of page {revision.object_id} “{revision.object_str}”"
        yield name, partial(revision.publish, log_action="wagtail.publish.scheduled")


def late() -> QuerySet[Page]:
    """The pages whose time came a while ago, and still nothing has happened: it can't, or no tick is running."""
    since = timezone.now() - GRACE
    waiting = [int(number) for number in _begun(since).page_revisions().values_list("object_id", flat=True)]
    pages: QuerySet[Page] = Page.objects.filter(_ended(since) | Q(pk__in=waiting)).order_by("title")
    return pages


def _ended(now: dt.datetime) -> Q:
    return Q(live=True, expire_at__lt=now)


def _begun(now: dt.datetime) -> Any:
    return Revision.objects.filter(approved_go_live_at__lt=now)


def _take_back(page: Page) -> None:
    with transaction.atomic():
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
