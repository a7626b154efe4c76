"""What checking a package finds: problems, which stop an import, and breaches, which an import of old data keeps."""

from collections import Counter
from dataclasses import dataclass

LISTED = 1_000  # findings of each sort kept to be shown; all are counted


@dataclass(frozen=True)
class Finding:
    """One thing found, where it stands, and what to do.

    line is the first physical line of the record, from 1; column is the column's key, or a path such as
    "sections[0].items[2].label" in a file that has no columns.
    """

    file: str
    message: str
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        column = f", {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.message}"


class Findings:
    """All that was found so far. Everything is counted, and the first thousand of each sort are kept."""

    def __init__(self) -> None:
        self.problems: list[Finding] = []
        self.problem_count = 0
        self.breaches: list[Finding] = []
        self.breach_counts: Counter[str] = Counter()

    def problem(self, file: str, message: str, line: int | None = None, column: str = "") -> None:
        """Add something that stops the import."""
        self.problem_count += 1
        if len(self.problems) < LISTED:
            self.problems.append(Finding(file, message, line, column))

    def breach(self, rule: str, file: str, message: str, line: int, column: str) -> None:
        """Add an answer that breaks a rule and is kept all the same."""
        self.breach_counts[rule] += 1
        if len(self.breaches) < LISTED:
            self.breaches.append(Finding(file, message, line, column))


class Unusable(Exception):
    """The package can't be imported, and nothing was stored; the findings say why."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(f"{findings.problem_count} problems")
        self.findings = findings
