"""The ledger: the only module that adds responses; changes.py changes them.

A response is acknowledged after its transaction has committed, and counted later by the fold. Opening and closing are
decided by the database's clock in the statement that inserts (docs/decisions/0005).
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import JSONField, Q
from django.db.models.functions import Now

from consultation import apart
from consultation.answers import Answers
from consultation.kinds import Value
from consultation.models import (
    AnswerWords,
    Batch,
    Channel,
    Consultation,
    Draft,
    Entry,
    Letter,
    Reason,
    Response,
    Suspicion,
    Version,
)

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no signs that are mistaken for others, no vowels but A and E


# SQLite's clock counts milliseconds, and times are stored with microseconds: what falls into the present one has come.
SQLITE_INSTANT = "strftime('%%Y-%%m-%%d %%H:%%M:%%f999', 'now')"


class Instant(Now):
    """The database's clock, to compare the hours of a consultation with."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """As it is stored, to the last microsecond of the present millisecond."""
        return self.as_sql(compiler, connection, template=SQLITE_INSTANT.replace("%", "%%"), **context)


class NotOpen(Exception):
    """The consultation does not take answers at this instant."""


class Erased(Exception):
    """What was sent under the key was erased since, so that nothing is stored under it any more."""


def check_open(consultation_id: int) -> None:
    """Ask the database whether the consultation takes answers at this instant. Raises NotOpen."""
    still = Q(closes_at=None) | Q(closes_at__gt=Instant())
    if not Consultation.objects.filter(still, pk=consultation_id, opens_at__lte=Instant(), halt="").exists():
        raise NotOpen


def new_reference() -> str:
    """A short public name for a response: 30^9 of them. It opens nothing."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(9))
    return f"{letters[:3]}-{letters[3:6]}-{letters[6:]}"


@contextmanager
def submitting(consultation_id: int) -> Iterator[None]:
    """A transaction that the fold's barrier waits for. On SQLite, the only writer there is."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK, consultation_id])
        yield


LOCK = 7411  # the first key of this project's advisory locks; the second is the consultation


def submit(
    consultation: Consultation,
    key: uuid.UUID,
    version: Version,
    language: str,
    channel: Channel,
    answers: Answers,
    *,
    reasons: Sequence[Reason] = (),
    equality: Mapping[str, str] | None = None,
) -> Response:
    """Store a response once, and return what is stored under its key. With reasons, it is held from the first.

    The same key again returns the first response, whatever the second says. equality: what is kept apart, by question;
    its caller holds a transaction, so that both or neither is stored. Raises NotOpen outside the opening hours, and
    Erased where nothing is left of the first response.
    """
    state = Response.State.HELD if reasons else Response.State.COUNTED
    for _attempt in range(3):
        reference = new_reference()
        row = [reference, state.value, version.pk, language, channel.value]
        inserted = _insert(consultation.pk, key, row, answers, reasons)
        if inserted is not None:
            if equality:
                apart.put(consultation.pk, {inserted: equality})
            return _as_stored(inserted, consultation, key, reference, state, version, language, channel, answers)
        stored = Response.objects.filter(key=key).first()
        if stored is not None and stored.state == Response.State.ERASED:
            raise Erased
        if stored is not None:
            return stored
        if not Response.objects.filter(reference=reference).exists():
            raise NotOpen
    raise RuntimeError("three references in a row were taken")


def submit_draft(
    draft: Draft,
    consultation: Consultation,
    language: str,
    answers: Answers,
    *,
    reasons: Sequence[Reason],
    equality: Mapping[str, str] | None,
) -> bool:
    """Store what a draft holds and finish it, in one statement; False where that was not possible, and nothing changed.

    Only PostgreSQL has such a statement, and it does not tell why it did nothing: whoever wants to know does one after
    the other.
    """
    if connection.vendor != "postgresql":
        return False
    state = Response.State.HELD if reasons else Response.State.COUNTED
    version = consultation.published.pk
    row = [draft.sends, new_reference(), state.value, version, language, Channel.WEB.value, *_stored(answers, reasons)]
    with transaction.atomic() if equality else nullcontext():
        inserted = _one(SEND, [draft.pk, draft.revision, consultation.pk, *row])
        if inserted is not None and equality:
            apart.put(consultation.pk, {inserted: equality})
    return inserted is not None


# PostgreSQL's function takes the lock of `submitting`, and does what follows in one round trip with plans that it keeps
# (migrations/0011_held.py, 0014_life.py and 0015_send.py, docs/decisions/0011). On SQLite, the same by hand.
SUBMIT = "SELECT consultation_submit_or_hold(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
SEND = "SELECT consultation_send(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
INSERT = f"""
    INSERT INTO consultation_response
        (consultation_id, "key", reference, state, version_id, language, channel, answers, received_at)
    SELECT id, %s, %s, %s, %s, %s, %s, %s, substr(instant, 1, 23)
    FROM consultation_consultation, (SELECT {SQLITE_INSTANT} instant)
    WHERE id = %s AND halt = '' AND opens_at <= instant AND (closes_at IS NULL OR closes_at > instant)
    ON CONFLICT DO NOTHING
    RETURNING id
"""  # noqa: S608  nothing but our own constants  # nosec B608


def _insert(
    consultation: int, key: uuid.UUID, columns: list[Any], answers: Answers, reasons: Sequence[Reason]
) -> int | None:
    """Store a response with what stands beside it, and give its id; None where it is not open or there is one like it.

    columns: reference, state, version, language and channel.
    """
    as_stored = Response._meta.get_field("key").get_db_prep_value(key, connection)
    if connection.vendor == "postgresql":
        return _one(SUBMIT, [consultation, as_stored, *columns, *_stored(answers, reasons)])
    with transaction.atomic(savepoint=False):
        inserted = _one(INSERT, [as_stored, *columns, _json(_values(answers)), consultation])
        if inserted is not None:
            AnswerWords.objects.bulk_create(_words(inserted, answers))
            Suspicion.objects.bulk_create(Suspicion(response_id=inserted, reason=reason) for reason in reasons)
        return inserted


def _stored(answers: Answers, reasons: Sequence[Reason]) -> list[Any]:
    """Values, words and reasons as PostgreSQL's functions take them."""
    words = [[question, option, text] for (question, option), text in answers.words.items()]
    return [_json(_values(answers)), _json(words), _json([reason.value for reason in reasons])]


def _one(statement: str, parameters: list[Any]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


def _json(value: Any) -> Any:
    return JSONField().get_db_prep_value(value, connection)


def _values(answers: Answers) -> dict[str, Value]:
    return {str(number): value for number, value in answers.values.items()}


def _words(response: int, answers: Answers) -> Iterator[AnswerWords]:
    for (question, option), text in answers.words.items():
        yield AnswerWords(response_id=response, question=question, option=option, text=text)


def _as_stored(
    pk: int,
    consultation: Consultation,
    key: uuid.UUID,
    reference: str,
    state: Response.State,
    version: Version,
    language: str,
    channel: Channel,
    answers: Answers,
) -> Response:
    """The new response without asking the database for it; what isn't known here is read when it is asked for."""
    known = {
        "id": pk,
        "consultation_id": consultation.pk,
        "key": key,
        "reference": reference,
        "state": state,
        "version_id": version.pk,
        "language": language,
        "channel": channel.value,
        "answers": _values(answers),
    }
    return Response.from_db(connection.alias, list(known), list(known.values()))


@dataclass(frozen=True)
class Brought:
    """What there is beside the words of a letter, an e-mail or a petition. by: who records it, where that is known."""

    is_organisation: bool = False
    signatures: int = 0
    by: Any = None


@dataclass(frozen=True)
class Imported:
    """A response that was received elsewhere. An empty reference is made up for; None stays without one.

    version: the number of the version that it answered, where that is not the one it is imported under.
    letter: where it is one, and answers nothing. row: its place in the file, where it comes in with a batch.
    """

    key: uuid.UUID
    reference: str | None
    language: str
    channel: Channel
    received_at: dt.datetime
    answers: Answers
    version: int | None = None
    equality: Mapping[str, str] = field(default_factory=dict)
    letter: Brought | None = None
    row: int = 0


BATCH = 1_000  # responses imported per statement


def import_responses(
    consultation: Consultation,
    version: Version,
    rows: Iterable[Imported],
    progress: Callable[[int], object] = lambda n: None,
    bring: Batch | None = None,
) -> int:
    """Store responses as they were received, whether the consultation is open or not, and return how many.

    bring: the batch with which they come in, if they do. All or nothing: raises IntegrityError where a key or a
    reference is in the ledger already.
    """
    iterator = iter(rows)
    stored = 0
    versions: dict[int | None, Version] = {row.number: row for row in consultation.versions.all()} | {None: version}
    with submitting(consultation.pk):
        while batch := list(islice(iterator, BATCH)):
            _insert_batch(consultation, versions, batch, bring)
            stored += len(batch)
            progress(len(batch))
    return stored


def bring_in(consultation: Consultation, version: Version, row: Imported) -> Response:
    """Store one response that staff received, whether the consultation is open or not. Its caller holds a transaction.

    Raises NotOpen where it did not take answers when it was received, and IntegrityError where its key is in the ledger
    already.
    """
    check_received(consultation.pk, row.received_at)
    return _insert_batch(consultation, {row.version: version}, [row])[0]


def check_received(consultation_id: int, at: dt.datetime) -> None:
    """Ask the database whether something can have been received at an instant that has come. Raises NotOpen.

    A pause is no matter: paper arrives all the same.
    """
    still = Q(closes_at=None) | Q(closes_at__gt=at)
    hours = Consultation.objects.alias(now=Instant()).filter(still, pk=consultation_id, opens_at__lte=at)
    if not hours.filter(now__gte=at).exists():
        raise NotOpen


def now(consultation_id: int) -> dt.datetime:
    """The database's clock, by which opening and closing are decided."""
    found: dt.datetime = Consultation.objects.values_list(Instant(), flat=True).get(pk=consultation_id)
    return found


def _insert_batch(
    consultation: Consultation,
    versions: Mapping[int | None, Version],
    batch: list[Imported],
    bring: Batch | None = None,
) -> list[Response]:
    responses = Response.objects.bulk_create(
        Response(
            consultation=consultation,
            key=row.key,
            reference=None if row.reference is None else row.reference or new_reference(),
            version=versions[row.version],
            language=row.language,
            channel=row.channel,
            answers={str(number): value for number, value in row.answers.values.items()},
            received_at=row.received_at,
        )
        for row in batch
    )
    AnswerWords.objects.bulk_create(
        AnswerWords(response=response, question=question, option=option, text=text)
        for response, row in zip(responses, batch, strict=True)
        for (question, option), text in row.answers.words.items()
    )
    Letter.objects.bulk_create(
        Letter(
            response=response,
            is_organisation=letter.is_organisation,
            signatures=letter.signatures,
            by=letter.by,
            operator=letter.by.get_username() if letter.by else "",
        )
        for response, row in zip(responses, batch, strict=True)
        if (letter := row.letter)
    )
    told = {response.pk: row.equality for response, row in zip(responses, batch, strict=True) if row.equality}
    if told:
        apart.put(consultation.pk, told)
    if bring is not None:
        Entry.objects.bulk_create(
            Entry(response=response, batch=bring, number=row.row, operator=bring.operator)
            for response, row in zip(responses, batch, strict=True)
        )
    return responses


def replace(
    old: Response,
    key: uuid.UUID,
    reference: str | None,
    state: str,
    version: Version,
    language: str,
    answers: Answers,
    reasons: Iterable[str],
    received_at: dt.datetime | None,
) -> Response:
    """Store the correction of a response under the reference that it gave up. Its caller holds the locks.

    It is received now, where no other instant is given.
    """
    new = Response.objects.create(
        consultation_id=old.consultation_id,
        key=key,
        reference=reference,
        state=state,
        version=version,
        language=language,
        channel=old.channel,
        answers={str(number): value for number, value in answers.values.items()},
        **({} if received_at is None else {"received_at": received_at}),
    )
    AnswerWords.objects.bulk_create(
        AnswerWords(response=new, question=question, option=option, text=text)
        for (question, option), text in answers.words.items()
    )
    Suspicion.objects.bulk_create(Suspicion(response=new, reason=reason) for reason in reasons)
    return new
