"""What stands above the fields of a consultation in the editor: it is read there, and edited nowhere."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.panels import HelpPanel

from consultation import impact
from home.models import checklist


class ReadingPanel(HelpPanel):
    """A panel of a page's editor without fields."""

    template = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template": self.template, **kwargs})

    class BoundPanel(HelpPanel.BoundPanel):
        """Bound to a page."""

        @cached_property
        def draft(self) -> Any:
            """The page as it was last saved, whatever is being typed."""
            return self.instance.get_latest_revision_as_object()


class ImpactPanel(ReadingPanel):
    """What publishing the saved draft would change about what people have answered: for editors and approvers."""

    template = "home/panels/impact.html"

    class BoundPanel(ReadingPanel.BoundPanel):
        """Bound to a page."""

        @cached_property
        def sentences(self) -> list[str]:
            """Each change in words."""
            return [impact.in_words(change) for change in self.draft.would_change()]

        def is_shown(self) -> bool:
            """While there is a draft that would change something."""
            return bool(self.instance.pk and self.instance.has_unpublished_changes and self.sentences)


class KeptPanel(ReadingPanel):
    """What people were told about how long their data is kept, and what publishing this would tell them."""

    template = "home/panels/kept.html"

    class BoundPanel(ReadingPanel.BoundPanel):
        """Bound to a page."""

        @property
        def record(self) -> Any:
            """What is published: nothing before it is."""
            return self.instance.consultation

        def is_shown(self) -> bool:
            """Once people were told something."""
            return bool(self.record and (self.record.kept_until or self.record.kept_months))


class ChecklistPanel(ReadingPanel):
    """What the consultation should have before it opens, each point done or missing."""

    template = "home/panels/checklist.html"

    class BoundPanel(ReadingPanel.BoundPanel):
        """Bound to a page."""

        @cached_property
        def points(self) -> list[checklist.Point]:
            """The list for the saved draft."""
            return checklist.points(self.draft)

        @property
        def missing(self) -> int:
            """How many points are missing."""
            return sum(not point.done for point in self.points)

        def is_shown(self) -> bool:
            """On the page that leads, until nobody can answer any more."""
            return bool(self.instance.pk and self.instance.leads and not self.instance.has_ended)
