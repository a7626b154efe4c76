"""The proxies forget what they keep as soon as something that the public sees has changed: see decision 33.

Wagtail's own signals of its module for proxies come before the commit, when a page that is asked for is still the old
one, so of that module only the backends are used.
"""

import logging
from typing import Any
from urllib.request import urlopen

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.frontend_cache.backends.http import HTTPBackend, PurgeRequest
from wagtail.contrib.frontend_cache.utils import get_backends
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from consultation.models import Area, Idea, PublishedResult, Quote, Theme
from home.models import Action, Indicator, Partner, SiteLook

PATIENCE = 1  # seconds for a proxy to answer; one that does not has nothing older than a minute
logger = logging.getLogger(__name__)

# What pages show beside themselves.
SHOWN: tuple[type[Model], ...] = (
    PageViewRestriction,
    CollectionViewRestriction,
    Site,
    SiteLook,
    Theme,
    Area,
    Action,
    Indicator,
    Partner,
    PublishedResult,
    Quote,
    Idea,
    get_image_model(),
    get_document_model(),
)


class Proxy(HTTPBackend):
    """A proxy that forgets everything at a PURGE of any address: titles and dates of a page stand on others, too."""

    def purge_batch(self, urls: list[str]) -> None:
        """Once for all of them."""
        self.purge("/")

    def purge(self, url: str) -> None:
        """Say so; that it could not be said is logged and hinders nothing."""
        try:
            request = PurgeRequest(f"{self.cache_scheme}://{self.cache_netloc}/")
            with urlopen(request, timeout=PATIENCE):  # noqa: S310  an address of ours, checked at start  # nosec B310
                pass
        except OSError as reason:
            logger.warning("the proxy at %s was not told to forget: %s", self.cache_netloc, reason)


def forget(**kwargs: Any) -> None:
    """Let every proxy forget once this transaction is committed, and once for all that it changes."""
    waiting = transaction.get_connection().run_on_commit
    if get_backends() and not any(function is forget_now for _savepoints, function, _robust in waiting):
        transaction.on_commit(forget_now, robust=True)


def forget_now() -> None:
    """Let every proxy forget."""
    for proxy in get_backends().values():
        proxy.purge_batch([])


def forget_idea(created: bool = False, **kwargs: Any) -> None:
    """An idea is shown, changed and hidden by moderators; that somebody sent one changes nothing yet."""
    if not created:
        forget()


def forget_page(instance: Model, **kwargs: Any) -> None:
    """Whatever a deleted page was."""
    if isinstance(instance, Page):
        forget()


def connect() -> None:
    """Connect all of it."""
    for signal in (page_published, page_unpublished, post_page_move, page_slug_changed):
        signal.connect(forget, dispatch_uid="forget")
    post_delete.connect(forget_page, dispatch_uid="forget_page")
    for model in SHOWN:
        post_save.connect(forget_idea if model is Idea else forget, sender=model, dispatch_uid="forget")
        post_delete.connect(forget, sender=model, dispatch_uid="forget")
