"""Compare what citizens were told with what the ledger holds."""

import time
from collections import defaultdict
from collections.abc import Sequence

from tests.rig.citizen import Account
from tests.rig.found import Found, note
from tests.rig.place import Place

STORED = """
    SELECT w.text, r.reference, r.answers
    FROM consultation_response r LEFT JOIN consultation_answerwords w ON w.response_id = r.id AND w.question = 4
    WHERE substring(w.text FROM '^citizen (\\d+):')::int BETWEEN %s AND %s
"""


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
    note(found)
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
