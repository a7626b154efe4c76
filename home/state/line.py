"""One thing that can be well or not."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How it is."""

    FINE = "fine", _("Fine")
    ATTENTION = "attention", _("Needs attention")
    FAULT = "fault", _("Fault")


@dataclass(frozen=True)
class Found:
    """How something was found: a figure in words, since when it is so, and what to do about it."""

    state: State
    figure: str
    since: dt.datetime | None = None
    advice: str = ""


@dataclass(frozen=True)
class Line:
    """Something with its name, in addresses and in words, as it was found."""

    name: str
    title: str
    found: Found

    @property
    def state(self) -> State:
        """How it is."""
        return self.found.state

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        found = self.found
        since = found.since.isoformat() if found.since else None
        said = {"state": str(found.state), "figure": found.figure, "since": since, "advice": found.advice}
        return {"name": self.name, "title": self.title} | said


def fine(figure: str, since: dt.datetime | None = None) -> Found:
    """All is well."""
    return Found(State.FINE, figure, since)


def attention(figure: str, advice: str, since: dt.datetime | None = None) -> Found:
    """Somebody should look within the day."""
    return Found(State.ATTENTION, figure, since, advice)


def fault(figure: str, advice: str, since: dt.datetime | None = None) -> Found:
    """Somebody should look now."""
    return Found(State.FAULT, figure, since, advice)
