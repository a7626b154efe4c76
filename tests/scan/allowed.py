"""What the scanners say that was looked at and may be: the patterns of allowed.toml, each with its reason."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.scan.wapiti import Finding


@dataclass(frozen=True)
class Allowed:
    """One line of the list."""

    kind: str
    path: str
    says: str
    why: str

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this."""
        return (
            self.kind == finding.kind
            and re.fullmatch(self.path, finding.path) is not None
            and re.search(self.says, finding.says) is not None
        )


ALL = [Allowed(**row) for row in tomllib.loads(Path(__file__).with_name("allowed.toml").read_text())["allowed"]]


def unexplained(findings: Iterable[Finding]) -> list[Finding]:
    """Those that no line is about."""
    return [finding for finding in findings if not any(line.covers(finding) for line in ALL)]
