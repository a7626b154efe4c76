"""What the plan's records have in common: indicators, actions, partners. They are no pages; pages show them."""

from typing import Any

from django.db import transaction
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)


class PlanRecord(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    ClusterableModel,
):
    """A record of the plan in one language: drafted, previewed, approved, scheduled and rolled back as a page is.

    The one in the site's own language is the record, with its dates and figures; the others, of the same translation
    key, are read for their words alone.
    """

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish with all that follows from it, or not at all."""
        with transaction.atomic():
            super().publish(revision, *args, **kwargs)
