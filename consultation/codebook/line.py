"""A line of the codebook, and the columns that its cells stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Line:
    """One line, its cells as text: what a question or an option is, where it stands in the files, how many chose it."""

    question: str
    option: str = ""
    level: str = "question"  # or "option"; "words": beside an option; "response": no question; "codes", "code"
    column: str = ""  # of the CSV of responses, under keys; empty where its options have one each
    header: str = ""  # the same, in words
    cells: str = ""  # what stands in the column
    identifying: str = ""  # 1: it says who answered, or may, and belongs in files with personal data alone
    n: str = ""  # responses that have it
    asked: str = ""
    answered: str = ""
    declined: str = ""
    kind: str = ""
    role: str = ""
    required: str = ""
    limit: str = ""
    minimum: str = ""
    maximum: str = ""
    decimals: str = ""
    counts_as: str = ""  # of a point of a scale
    theme: str = ""
    theme_key: str = ""
    asked_of: str = ""
    asked_if: str = ""
    asked_from: str = ""
    asked_to: str = ""
    versions: str = ""
    wordings: Mapping[str, str] = field(default_factory=dict)  # the latest by language


def header(languages: Sequence[str]) -> list[str]:
    """The names of the columns; the last ones are the wordings, a language each."""
    return [*(name.name for name in fields(Line) if name.name != "wordings"), *map("wording_{}".format, languages)]
