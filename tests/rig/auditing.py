"""Compare what citizens were told with what the ledger holds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

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
    return Found(
        fault,
        submissions=len(accounts),
        acknowledged=len(told),
        stored=sum(map(len, stored.values())),
        lost=sum(not _is_kept(account, stored[account.number]) for account in told),
        doubled=sum(len(found) > 1 for found in stored.values()),
        differing=sum(_expected(a) != answers for a in accounts for _reference, answers in stored[a.number]),
        unavailable=sum(account.unavailable for account in accounts),
        broken=sum(account.broken for account in accounts),
        cut=sum(account.cut for account in accounts),
        vanished=sum(account.vanished for account in accounts),
    )


def _is_kept(account: Account, found: Sequence[tuple[str, object]]) -> bool:
    references = [reference for reference, _answers in found]
    return account.reference in references if account.reference else bool(references)


def _expected(account: Account) -> dict[str, object]:
    return {"1": 2, "2": [1, 2], "3": account.number % 100, "4": True}


def table(lines: Iterable[Found]) -> str:
    """The lines as Markdown."""
    heads = list(Found.__dataclass_fields__)
    heads[heads.index("unavailable")], heads[heads.index("broken")] = "pages 503", "other 5xx"
    heads[heads.index("cut")], heads[heads.index("vanished")] = "replies cut", "answers vanished"
    rows = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in astuple(line)] for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows])
