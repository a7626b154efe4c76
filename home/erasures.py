"""Erasing again what an older backup has brought back: by the keys of answerings, which are random and name nobody."""

import uuid
from collections.abc import Iterable, Iterator

from consultation import changes, trail
from consultation.models import Handling, Response

State = Response.State
GONE = {State.ERASED: changes.erase, State.WITHDRAWN: changes.withdraw}
BY = "erase_again"  # as whom the trail knows it


def erasures() -> Iterator[str]:
    """What was erased or taken back, a line for each; of what was corrected before, one for each of its keys."""
    erased = Response.objects.filter(state=State.ERASED).order_by("pk").values_list("key", flat=True)
    yield from (f"{State.ERASED} {key}" for key in erased.iterator())
    # What is erased has taken with it those that it replaced. What was taken back has not, and leads to them.
    path = "state"
    while taken_back := list(Response.objects.filter(**{path: State.WITHDRAWN}).values_list("key", flat=True)):
        yield from (f"{State.WITHDRAWN} {key}" for key in taken_back)
        path = f"corrected_by__new__{path}"


def repeat(lines: Iterable[str]) -> int:
    """Do to each response what its line says, where that is not so already, and return to how many it was done.

    A key that is not here is of a response that came after the backup. Raises ValueError where a line is no such line.
    """
    n = 0
    for state, key in [_read(line) for line in lines if line.strip()]:
        response = Response.objects.filter(key=key).first()
        if response is None or response.state in (state, State.ERASED):
            continue
        if state == State.WITHDRAWN and response.state not in changes.CHANGEABLE:  # the correction has a line, too
            continue
        GONE[state](response)
        if state == State.ERASED:
            trail.note_all(Handling.Act.ERASED, [response.pk], None, BY)
        n += 1
    return n


def _read(line: str) -> tuple[State, uuid.UUID]:
    word, _space, key = line.strip().partition(" ")
    if word not in GONE:
        raise ValueError(line)
    return State(word), uuid.UUID(key)
