"""Compare what citizens were told with what the ledger holds.

With RIG_FIGURES set to a file, each line of the table is added to it as JSON, also by later runs;
`python -m tests.rig.auditing FILE` prints their sums.
"""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from tests.rig.citizen import Account
from tests.rig.place import Place

STORED = """
    SELECT w.text, r.reference, r.answers
    FROM consultation_response r LEFT JOIN consultation_answerwords w ON w.response_id = r.id AND w.question = 4
    WHERE substring(w.text FROM '^citizen (\\d+):')::int BETWEEN %s AND %s
"""


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


def audit(fault: str, place: Place, accounts: Sequence[Account]) -> Found:
    """Look for each citizen's answers, by what they wrote."""
    numbers = [account.number for account in accounts]
    with place.database() as cursor:
        cursor.execute(STORED, [min(numbers), max(numbers)])
        rows = cursor.fetchall()
    by_text: defaultdict[str, list[tuple[str, object]]] = defaultdict(list)
    for text, reference, answers in rows:
        by_text[text].append((reference, answers))
    stored = {account.number: by_text[account.text.replace("\r\n", "\n")] for account in accounts}
    told = [account for account in accounts if account.acknowledged]
    found = Found(
        fault,
        submissions=len(accounts),
        acknowledged=len(told),
        stored=sum(map(len, stored.values())),
        lost=sum(not _is_kept(account, stored[account.number]) for account in told),
        doubled=sum(len(found) > 1 for found in stored.values()),
        differing=sum(_expected(a) != answers for a in accounts for _reference, answers in stored[a.number]),
        unavailable=sum(account.unavailable for account in accounts),
        away=sum(account.away for account in accounts),
        broken=sum(account.broken for account in accounts),
        cut=sum(account.cut for account in accounts),
        vanished=sum(account.vanished for account in accounts),
    )
    if file := os.environ.get("RIG_FIGURES"):
        with Path(file).open("a") as lines:
            lines.write(json.dumps(asdict(found)) + "\n")
    return found


def _is_kept(account: Account, found: Sequence[tuple[str, object]]) -> bool:
    references = [reference for reference, _answers in found]
    return account.reference in references if account.reference else bool(references)


def _expected(account: Account) -> dict[str, object]:
    return {"1": 2, "2": [1, 2], "3": account.number % 100, "4": True}


def counted_right(place: Place) -> None:
    """Whatever is not folded yet is folded, and tally and ledger agree."""
    place.manage("fold")
    place.manage("recount", "--check")


def wait_for_mail(place: Place, n: int) -> list[str]:
    """To whom e-mails have come, once all have; one that was put off comes a minute later.

    Where the server went between taking one and saying so, it comes again under the same Message-ID, and is the same.
    """
    until = time.monotonic() + 180
    while True:
        arrived = {str(message["Message-ID"]): str(message["To"]) for message in place.mail.accepted}
        if len(arrived) >= n or time.monotonic() > until:
            return list(arrived.values())
        time.sleep(1)


AT_THE_END = "all of them once more, in the end"
HEADS = {
    "unavailable": "pages 503",
    "away": "of the proxy",
    "broken": "other 5xx",
    "cut": "replies cut",
    "vanished": "answers vanished",
}


def table(lines: Iterable[Found]) -> str:
    """The lines as Markdown."""
    heads = [HEADS.get(name, name) for name in Found.__dataclass_fields__]
    rows = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in astuple(line)] for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows])


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
    faults = [line for line in sums if line.fault != AT_THE_END]
    print(table([*sums, total(faults)]))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
