"""Citizens at once, and a fault that happens to them again and again."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Lock

from tests.rig.citizen import Account, Citizen, Line, Seen
from tests.rig.faults import Fault
from tests.rig.place import Place

AT_ONCE = 16
IMPATIENT = 10  # every tenth
THOROUGH = 10  # every tenth looks at each page, where the others know them
GRACE = 90  # seconds that whoever has begun goes on trying


class Numbers:
    """Numbers for citizens, each once."""

    def __init__(self, first: int, n: int) -> None:
        self._numbers: Iterator[int] = iter(range(first, first + n))
        self._lock = Lock()

    def next(self) -> int | None:
        """The next; None after the last."""
        with self._lock:
            return next(self._numbers, None)


def drive(
    place: Place,
    path: str,
    fault: Fault,
    numbers: range,
    *,
    every: int,
    seconds: float,
    copies: bool = False,
    brisk: bool = False,
) -> list[Account]:
    """Let citizens answer, and let the fault happen whenever so many of them are done; return their accounts.

    Nobody begins after so many seconds; who has begun has some more. brisk: most know the pages already.
    """
    until = time.monotonic() + seconds
    waiting = Numbers(numbers.start, len(numbers))
    seen = Seen()
    done: list[Account] = []

    def answer_on() -> None:
        line = Line(place.address, place.port)
        while time.monotonic() < until and (number := waiting.next()) is not None:
            impatient = number % IMPATIENT == 0
            citizen = Citizen(line, path, number, until + GRACE, impatient, seen)
            if brisk and seen.check and not impatient and number % THOROUGH != 1:
                done.append(citizen.answer_at_once())
            else:
                done.append(citizen.answer(wants_copy=copies and number % 4 == 0))

    with ThreadPoolExecutor(AT_ONCE, initializer=place.join) as pool:
        running = {pool.submit(answer_on) for _ in range(AT_ONCE)}
        due = every
        while wait(running, timeout=0.1).not_done:
            if len(done) >= due:
                fault(place)
                due = len(done) + every
    for work in running:
        work.result()
    return done
