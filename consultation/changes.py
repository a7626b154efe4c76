"""The only module that changes a response: hold, release and reject, withdraw, correct, erase, many at once; retention.

Each runs under the lock of the watermark's row, so that no fold runs meanwhile, and adjusts the tally exactly by what
the response added to it. A response above the watermark is in no tally yet: the fold will find it as it is by then.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, Q, QuerySet
from django.utils import timezone

from consultation import apart, attachments, beside, instrument, ledger, outbox, quotes
from consultation.answers import Answers
from consultation.fold import add
from consultation.models import (
    Consultation,
    Correction,
    Draft,
    Entry,
    KeptCount,
    Letter,
    LetterFile,
    Response,
    Version,
    Watermark,
)
from consultation.recount import Cell, Counted, count, groups, single

State = Response.State


# What those who sent it can still correct or take back.
CHANGEABLE = (State.COUNTED, State.HELD, State.REJECTED)


class NotPossible(Exception):
    """The response is not in a state that allows the change."""


def hold(response: Response) -> None:
    """Leave a response out of every figure until an officer decides."""
    with _changing(response, State.COUNTED) as (row, folded):
        _take_out(row, folded)
        _save(row, State.HELD)


def release(response: Response) -> None:
    """Count a response after all that was held or rejected."""
    with _changing(response, State.HELD, State.REJECTED) as (row, folded):
        _save(row, State.COUNTED)
        if folded:
            _adjust(row, 1)


def reject(response: Response) -> None:
    """Leave a held response out for good, unless it is released after all."""
    with _changing(response, State.HELD) as (row, _folded):
        _save(row, State.REJECTED)


def withdraw(response: Response) -> None:
    """Take a response back, with all it says. Its key stays, so that it can't be sent again by accident."""
    with _changing(response, *CHANGEABLE) as (row, folded):
        _take_out(row, folded)
        outbox.take_back(_drafts(row))
        apart.forget(row)
        _empty(row, "taken_back")
        _save(row, State.WITHDRAWN)


def correct(
    response: Response, key: uuid.UUID, version: Version, language: str, answers: Answers, *, operator: str = ""
) -> Response:
    """Replace a response by a new row, which takes over its reference, state and channel; the old one is emptied.

    One that was rejected is held again, since nobody has looked at what it says now. The same key again returns the
    correction that is stored. operator: who puts right what staff had keyed in wrongly; it was received when it was.
    Where it came in with a batch, the new row is that of the sheet, which nobody has checked.
    """
    stored = Response.objects.filter(key=key).first()
    if stored is not None:
        return stored
    with _changing(response, *CHANGEABLE) as (row, folded):
        _take_out(row, folded)
        reference, state = row.reference, State.HELD if row.state == State.REJECTED else State(row.state)
        row.reference = None
        reasons = [suspicion.reason for suspicion in row.suspicions.all()]
        _empty(row, "corrected")
        _save(row, State.REPLACED)
        received_at = row.received_at if operator else None
        new = ledger.replace(row, key, reference, state, version, language, answers, reasons, received_at)
        Correction.objects.create(new=new, old=row, operator=operator, at=timezone.now() if operator else None)
        Entry.objects.filter(response=row).update(response=new, checked_by="", checked_at=None)
        apart.hand_on(row, new)
        return new


def erase(response: Response) -> None:
    """Leave nothing of a response but a tombstone: no answers, words, reference, receipt or exact time.

    Those that it had replaced are erased with it: an older backup still has what they said, and finds them by that.
    """
    with _changing(response, *State) as (row, folded):
        _take_out(row, folded)
        _bury({row.pk: row.key} | _replaced_by([row.pk]))


def erase_all(consultation: Consultation, keys: Collection[int]) -> list[int]:
    """Erase many responses, by their primary keys, each as `erase` does, and return which were not erased before.

    In one transaction, under the locks that a fold waits for: a thousand at once, not a hundred thousand.
    """
    with ledger.submitting(consultation.pk), transaction.atomic():
        watermark = _locked(consultation.pk)
        consultation.refresh_from_db(fields=["segments"])
        rows = Response.objects.select_for_update().filter(consultation=consultation, pk__in=keys)
        sent = dict(rows.exclude(state=State.ERASED).values_list("pk", "key"))
        if not sent:
            return []
        standing = Response.objects.filter(pk__in=list(sent))
        folded = groups(consultation, standing.filter(pk__lte=watermark.response))
        _add(consultation, count(instrument.rows(consultation), folded).cells(), -1)
        _bury(sent | _replaced_by(sent))
        return list(sent)


def _replaced_by(keys: Iterable[int]) -> dict[int, uuid.UUID]:
    """What was corrected into some responses, and what into that: their keys by their primary keys."""
    found: dict[int, uuid.UUID] = {}
    while keys := list(keys):
        step = dict(Response.objects.filter(corrected_by__new__in=keys).values_list("pk", "key"))
        found |= step
        keys = step
    return found


def _bury(rows: Mapping[int, uuid.UUID]) -> None:
    """Make tombstones of responses that are in no figure any more; their keys by their primary keys."""
    standing = Response.objects.filter(pk__in=list(rows))
    # And with the drafts what the outbox still holds of them.
    Draft.objects.filter(Q(sends__in=rows.values()) | Q(corrects__in=rows.values())).delete()
    apart.forget_all(list(rows))
    _corrections(list(rows)).delete()
    _forget_said(list(rows), "erased")
    standing.update(state=State.ERASED, answers={})
    _forget_who(standing, ())


def anonymise(consultation: Consultation, before: dt.datetime) -> int:
    """Strip all responses received before an instant, in steps, and return how many were stripped only now.

    `tick` does it by retention.py, which can be stopped between two steps and goes on from there.
    """
    stripped, reached = 0, 0
    old = Response.objects.filter(consultation=consultation, received_at__lt=before).order_by("pk")
    while keys := list(old.filter(pk__gt=reached).values_list("pk", flat=True)[:STEP]):
        stripped += strip(consultation, keys)
        reached = keys[-1]
    mixed = apart.FIRST if stripped else apart.LAST
    while mixed != apart.LAST:
        mixed = apart.mix(consultation.pk, mixed)
    return stripped


STEP = 1_000  # responses stripped in one transaction


def strip(consultation: Consultation, keys: Sequence[int]) -> int:
    """Take from responses what could tell who sent them, and return of how many there was something left to take.

    Words, references, receipts and the time of day go, what beside.py says, and the answers to questions with personal
    data. The other coded answers stay, and no figure moves: what those questions counted is kept as counts. So do
    equality answers, but nobody can tell any more whose they are. Doing it again changes nothing.
    """
    personal = instrument.personal(consultation)
    with transaction.atomic():
        rows = Response.objects.filter(consultation=consultation, pk__in=keys)
        # Drafts first, as whoever corrects or takes back a response takes them.
        sent = list(rows.values_list("key", flat=True))
        Draft.objects.filter(Q(sends__in=sent) | Q(corrects__in=sent), consultation=consultation).delete()
        watermark = _locked(consultation.pk)
        left = [pk for pk, *what in rows.select_for_update().values_list(*LEFT) if _is_left(what, personal)]
        with _kept(consultation, rows, watermark.response) if personal else nullcontext():
            _forget_who(rows, personal)
        apart.cut(keys)
        _corrections(keys).delete()
        quotes.cut(rows)
        _forget_files(keys)
        beside.delete(keys, "stripped")
    return len(left)


LEFT = ("pk", "reference", "received_at", "answers")


def _is_left(what: Sequence[Any], personal: Iterable[int]) -> bool:
    reference, received_at, answers = what
    return reference is not None or received_at != _day(received_at) or any(str(n) in answers for n in personal)


def _forget_who(rows: QuerySet[Response], personal: Collection[int]) -> None:
    """Leave the day alone, and none of the answers that could tell. As many statements as there are days."""
    days: dict[dt.datetime, list[int]] = {}
    for pk, received_at in rows.values_list("pk", "received_at"):
        days.setdefault(_day(received_at), []).append(pk)
    without = {"answers": Without(F("answers"), *personal)} if personal else {}
    for day, keys in days.items():
        rows.filter(pk__in=keys).update(reference=None, received_at=day, **without)


def _day(instant: dt.datetime) -> dt.datetime:
    """The beginning of the day, where the site is: officers count and filter by its days."""
    local = timezone.localtime(instant, timezone.get_default_timezone())
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(dt.UTC)


class Without(Func):
    """A JSON object without the answers to some questions, in the words of each database."""

    output_field = JSONField()

    def __init__(self, column: Any, *numbers: int) -> None:
        super().__init__(column)
        self.numbers = [int(number) for number in numbers]

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, Any]:
        """Nothing but numbers of ours goes into the statement."""
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "postgresql":
            names = ", ".join(f"'{number}'" for number in self.numbers)
            return f"({column} - ARRAY[{names}])", parameters
        places = ", ".join(f"'$.\"{number}\"'" for number in self.numbers)
        return f"json_remove({column}, {places})", parameters


@contextmanager
def _kept(consultation: Consultation, rows: QuerySet[Response], folded: int) -> Iterator[None]:
    """Keep as counts what is done to the rows inside takes from every count of the ledger.

    Of rows that are not folded yet it goes into the tally, too: the fold will not find it any more.
    """
    consultation.refresh_from_db(fields=["segments"])
    tail = rows.filter(pk__gt=folded)
    before, before_tail = _counted(consultation, rows), _counted(consultation, tail)
    yield
    add(consultation, _lost(before, _counted(consultation, rows)), KeptCount)
    add(consultation, _lost(before_tail, _counted(consultation, tail)))


def _counted(consultation: Consultation, rows: QuerySet[Response]) -> dict[Cell, Counted]:
    return count(instrument.rows(consultation), groups(consultation, rows)).cells()


def _lost(before: Mapping[Cell, Counted], after: Mapping[Cell, Counted]) -> dict[Cell, Counted]:
    none = Counted(0)
    lost = {
        cell: Counted(found.n - after.get(cell, none).n, found.total - after.get(cell, none).total)
        for cell, found in before.items()
    }
    return {cell: found for cell, found in lost.items() if found != none}


def _locked(consultation: int) -> Watermark:
    """The row whose lock guards watermark and tally."""
    watermark, _created = Watermark.objects.select_for_update().get_or_create(consultation_id=consultation)
    return watermark


@contextmanager
def _changing(response: Response, *allowed: State) -> Iterator[tuple[Response, bool]]:
    """Give the row as it is now, and whether the tally includes it."""
    with ledger.submitting(response.consultation_id), transaction.atomic():
        watermark = _locked(response.consultation_id)
        row = Response.objects.select_for_update().get(pk=response.pk)
        if row.state not in allowed:
            raise NotPossible(f"a response that is {row.get_state_display()} can't be changed so")
        yield row, row.pk <= watermark.response
    response.refresh_from_db()


def _take_out(row: Response, folded: bool) -> None:
    if folded and row.state == State.COUNTED:
        _adjust(row, -1)


def _adjust(row: Response, sign: int) -> None:
    """Add to the tally, or take from it, what this response says."""
    consultation = Consultation.objects.get(pk=row.consultation_id)
    _add(consultation, count(instrument.rows(consultation), single(consultation, row)).cells(), sign)


def _add(consultation: Consultation, cells: Mapping[Cell, Counted], sign: int) -> None:
    add(consultation, {cell: Counted(sign * n, sign * total) for cell, (n, total) in cells.items()})


def _drafts(row: Response) -> QuerySet[Draft]:
    """The draft that sent a response, or corrects it."""
    return Draft.objects.filter(Q(sends=row.key) | Q(corrects=row.key))


def _corrections(rows: Iterable[Response | int]) -> QuerySet[Correction]:
    """What tells which responses were sent by the same person."""
    return Correction.objects.filter(Q(new__in=rows) | Q(old__in=rows))


def _empty(row: Response, happening: str) -> None:
    """Take away what was said, and what goes with it: beside.py lists that."""
    row.answers = {}
    _forget_said([row.pk], happening)


def _forget_said(keys: Collection[int], happening: str) -> None:
    quotes.forget(keys)
    _forget_files(keys)
    Letter.objects.filter(pk__in=keys).update(is_organisation=False, signatures=0)
    beside.delete(keys, happening)


def _forget_files(keys: Collection[int]) -> None:
    attachments.discard(LetterFile.objects.filter(letter__in=keys))


def _save(row: Response, state: State) -> None:
    row.state = state
    row.save(update_fields=["state", "answers", "reference", "received_at"])
