"""record.json as plain values: what a site knows of a questionnaire beside what it asks now.

Numbers that were given, what is no longer asked, versions, and every wording with its date. Only an export writes it;
a package made by other means has none, and is numbered anew.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RecordedOption:
    """An option that is or was offered."""

    number: int
    key: str
    item: str  # its list item in the editor
    role: str
    position: int
    retired_at: dt.datetime | None


@dataclass(frozen=True)
class RecordedQuestion:
    """A question that is or was asked; theme is a theme's name or key."""

    number: int
    key: str
    block: str  # its block in the editor; of a row, "matrix/row"
    kind: str
    theme: str
    bins: tuple[int, ...]
    position: int
    retired_at: dt.datetime | None
    options: tuple[RecordedOption, ...]


@dataclass(frozen=True)
class RecordedVersion:
    """A structure that was published. Its images are named as in the package."""

    number: int
    created_at: dt.datetime
    structure: dict[str, Any]


@dataclass(frozen=True)
class RecordedWording:
    """What an item said in a language, from an instant on."""

    item: str
    language: str
    since: dt.datetime
    text: str


@dataclass(frozen=True)
class Record:
    """All of it."""

    current: int  # the number of the version that is asked now
    segments: tuple[int, ...]
    questions: tuple[RecordedQuestion, ...]
    versions: tuple[RecordedVersion, ...]
    wordings: tuple[RecordedWording, ...]

    def question(self, key: str) -> RecordedQuestion | None:
        """The question of that key."""
        return next((question for question in self.questions if question.key == key), None)

    @property
    def images(self) -> Iterator[str]:
        """The names of all images of all versions."""
        for version in self.versions:
            for section in version.structure["sections"]:
                yield from (item["image"] for item in section["items"] if "image" in item)
