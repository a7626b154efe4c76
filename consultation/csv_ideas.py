"""A CSV of ideas for officers: streamed, safe in a spreadsheet, without anybody's address.

RFC 4180, UTF-8, one header row, one row per idea, the oldest first. It has every idea, also those that nobody has read
yet or that are not to be shown, and says so of each; what was written stands beside what is shown.
"""

from collections.abc import Iterator, Sequence

from django.db.models import OuterRef, Subquery

from consultation.columns import guard
from consultation.csv_files import write
from consultation.models import Idea, IdeaStep, Level

HEADER = (
    "reference",
    "received_at",
    "language",
    "theme",
    "shown",
    "status",
    "status_since",
    "note",
    "text",
    "shown_text",
)
BATCH = 1_000  # ideas in memory at a time


def lines(level: Level = Level.ANALYSIS, *, bom: bool = False) -> Iterator[str]:
    """The lines of the file. Only the level with personal data has what was written."""
    left_out = None if level == Level.FULL else HEADER.index("text")
    return write(([cell for n, cell in enumerate(row) if n != left_out] for row in _table()), bom=bom)


def _table() -> Iterator[Sequence[str]]:
    yield HEADER
    last = IdeaStep.objects.filter(idea=OuterRef("pk")).order_by("-pk")
    ideas = Idea.objects.select_related("theme").annotate(
        since=Subquery(last.values("at")[:1]), note=Subquery(last.values("note")[:1])
    )
    for idea in ideas.order_by("pk").iterator(BATCH):
        yield [
            idea.reference,
            idea.received_at.isoformat(timespec="seconds"),
            idea.language,
            guard(idea.theme.name) if idea.theme else "",
            str(idea.get_moderation_display()),
            str(idea.get_status_display()),
            idea.since.isoformat(timespec="seconds") if idea.since else "",
            guard(idea.note or ""),
            guard(idea.text),
            guard(idea.public_text) if idea.moderation == Idea.Moderation.SHOWN else "",
        ]
