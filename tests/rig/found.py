"""What was found, as lines of a table.

With RIG_FIGURES set to a file, each line is added to it as JSON, also by later runs; `python -m tests.rig.found FILE`
prints their sums.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

PLANTED = "planted: "
AT_THE_END = "all of them once more, in the end"
HEADS = {
    "unavailable": "pages 503",
    "away": "of the proxy",
    "broken": "other 5xx",
    "cut": "replies cut",
    "vanished": "answers vanished",
}


@dataclass(frozen=True)
class Found:
    """A line of the table."""

    fault: str
    submissions: int
    acknowledged: int
    stored: int
    lost: int
    doubled: int
    differing: int
    unavailable: int  # pages 503
    away: int  # the proxy's own
    broken: int  # other 5xx
    cut: int
    vanished: int

    @property
    def is_faultless(self) -> bool:
        """Nothing that a citizen was told is untrue, and nothing that was typed is gone."""
        return not (self.lost or self.doubled or self.differing or self.broken or self.vanished)


def table(lines: Iterable[Found]) -> str:
    """The lines as Markdown."""
    heads = [HEADS.get(name, name) for name in Found.__dataclass_fields__]
    rows = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in astuple(line)] for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows])


def note(found: Found) -> None:
    """Add it to the file that RIG_FIGURES names, if one is."""
    if file := os.environ.get("RIG_FIGURES"):
        with Path(file).open("a") as lines:
            lines.write(json.dumps(asdict(found)) + "\n")


def total(lines: Iterable[Found], fault: str = "all") -> Found:
    """The sum of some lines."""
    names = [name for name in Found.__dataclass_fields__ if name != "fault"]
    kept = list(lines)
    return Found(fault, **{name: sum(getattr(line, name) for line in kept) for name in names})


def main(file: Path) -> None:
    """Print the sums of each fault, and of all."""
    by_fault: defaultdict[str, list[Found]] = defaultdict(list)
    for line in file.read_text().splitlines():
        found = Found(**json.loads(line))
        by_fault[found.fault].append(found)
    sums = [total(lines, fault) for fault, lines in by_fault.items()]
    faults = [line for line in sums if line.fault != AT_THE_END and not line.fault.startswith(PLANTED)]
    print(table([*sums, total(faults)]))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
