"""The CSV of responses as PostgreSQL itself writes it: one COPY, handed on as it comes.

Texts are finished by the database. What was chosen comes as it is stored, between two marks, and is turned into its
columns here, once for each value: a list of eight options is eight cells, which cost the database most of its time.

COPY pushes rows and a web server pulls them, so it runs in a thread with a connection of its own, and a short queue
stands between: whoever reads slowly slows the database down, and whoever goes away ends its query.
"""

import json
import secrets
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from queue import Full, Queue
from threading import Event, Thread
from typing import Any

import psycopg2
from django.db import connections
from django.utils import translation
from psycopg2.sql import SQL, Composable, Identifier, Literal

from consultation import csv_files, replica
from consultation.columns import CODES, NO_CODE, Codes, Column, Form, answer, guard_sql, header, plan, words
from consultation.csv_files import REMEMBERED, Among, Part, remembered, runs
from consultation.models import Consultation, Level, Response
from consultation.models.letter import LETTER, SIGNATURES
from consultation.snapshot import snapshot

CHUNK = 64_000  # bytes that are handed on together
CHUNKS = 8  # that wait in the queue
POLL = 0.2  # seconds after which the writer looks whether anybody still reads

# A long statement is compiled for a second, and sorting keeps the first row waiting for the last. Neither pays here.
SETTINGS = "SET LOCAL jit = off; SET LOCAL enable_sort = off; SET LOCAL TimeZone = 'UTC'"

# The inner SELECT takes each answer out of its JSON once, however many columns it has; OFFSET 0 keeps it apart. A
# response's words are found by one look into an index. With "consultation_id =" the order would be that of the primary
# key, too, and the first row would wait until all older consultations had been passed over.
STATEMENT = """
    COPY (
        SELECT reference, to_char(received_at, 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'), language, channel,
            {versions}::jsonb ->> version_id::text{cells}
        FROM (
            SELECT id, reference, received_at, language, channel, version_id{values}
            FROM consultation_response
            WHERE consultation_id BETWEEN {consultation} AND {consultation} AND state = {counted}{among}
            ORDER BY consultation_id, id OFFSET 0
        ) r LEFT JOIN LATERAL (
            SELECT {words} FROM (
                SELECT question, option, {text} AS text FROM consultation_answerwords WHERE response_id = r.id
                {signed}{codes}
            ) t
        ) w ON true
    ) TO STDOUT (FORMAT csv)
"""
# The codes of a question, those of all that was written to it together; joined to the words only where some are coded.
CODED = """
                UNION ALL SELECT question, {codes}, {text} FROM (
                    SELECT question,
                        coalesce(string_agg({names}::jsonb ->> code, '; ' ORDER BY code::bigint), {none}) AS text
                    FROM (
                        SELECT DISTINCT t.question, c.code_id::text AS code FROM consultation_codedtext t
                        LEFT JOIN consultation_codedas c ON c.text_id = t.id WHERE t.response_id = r.id
                    ) d GROUP BY question
                ) g
"""
VALUE = "coalesce(answers ->> {key}, CASE WHEN answers ? {key} THEN 'null' END) AS {name}"
# A comma in a list would have the cell quoted.
CHOSEN = "{begin} || coalesce(replace({answer}, ',', ''), '') || {end}"
SIGNED = (
    "UNION ALL SELECT {letter}, {signatures}, signatures::text"
    " FROM consultation_letter WHERE response_id = r.id AND signatures > 0"
)
WORDS = "max(text) FILTER (WHERE question = {question} AND option = {option}) AS {name}"


def responses(
    consultation: Consultation,
    language: str,
    form: Form,
    level: Level = Level.ANALYSIS,
    *,
    among: Among = None,
    bom: bool = False,
) -> Generator[bytes, None, None]:
    """The file in chunks, the header first: written by PostgreSQL, or by Python on another database.

    Another connection would not see what an open transaction has written, so inside one it is Python, too.
    """
    connection = replica.connection()
    by_postgresql = connection.vendor == "postgresql" and not connection.in_atomic_block
    write = copied if by_postgresql else portable
    return write(consultation, language, form, level, among=among, bom=bom)


def portable(
    consultation: Consultation,
    language: str,
    form: Form,
    level: Level = Level.ANALYSIS,
    *,
    among: Among = None,
    bom: bool = False,
) -> Generator[bytes, None, None]:
    """The file as Python writes it, in one snapshot."""
    with snapshot():
        with translation.override(language):
            lines = csv_files.lines(consultation, language, form, level, among=among, bom=bom)
        yield from csv_files.chunks(lines)


def copied(
    consultation: Consultation,
    language: str,
    form: Form,
    level: Level = Level.ANALYSIS,
    *,
    among: Among = None,
    bom: bool = False,
) -> Generator[bytes, None, None]:
    """The file as PostgreSQL writes it. Closing the iterator ends the query and closes its connection."""
    pipe = _Pipe()
    told = replica.here(), consultation, language, form, level, among, bom, pipe
    thread = Thread(target=_copy, args=told, daemon=True)
    thread.start()
    try:
        while (part := pipe.queue.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            yield part
    finally:
        pipe.close()
        thread.join()


class _Gone(Exception):
    """Nobody reads any more."""


class _Chosen(dict[bytes, bytes]):
    """What stands for a value in the columns of its run, by the run's place and the value as PostgreSQL gives it."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.mark = secrets.token_hex(8)  # nobody can have written it
        found = (run for run in runs(columns) if run[0] is not None)
        self.parts: list[tuple[str, Part]] = [
            (str(question), remembered(str(question), run)) for question, run in found
        ]

    def __missing__(self, key: bytes) -> bytes:
        place, _, text = key.decode().partition(":")
        name, part = self.parts[int(place)]
        value = {name: json.loads(text.replace(" ", ",") if text[0] == "[" else text)} if text else {}
        if len(self) >= REMEMBERED:
            self.clear()
        self[key] = cells = part(value, {})[1:].encode()  # the comma before them is there
        return cells

    def put_in(self, rows: bytes) -> bytes:
        """Rows with their cells in place of what stands between marks."""
        parts = rows.split(self.mark.encode())
        parts[1::2] = map(self.__getitem__, parts[1::2])
        return b"".join(parts)


class _Pipe:
    """A file for COPY, which writes a row at a time, and a queue of chunks for whoever reads."""

    def __init__(self) -> None:
        self.chosen = _Chosen([])
        self.queue: Queue[bytes | BaseException | None] = Queue(CHUNKS)
        self.closed = Event()
        self.connection: Any = None  # psycopg2's, while the query runs
        self.rows: list[bytes] = []
        self.size = 0

    def write(self, row: bytes) -> None:
        """Take a row as PostgreSQL ends it, and end it as RFC 4180 does."""
        self.rows += (row[:-1], b"\r\n")
        self.size += len(row)
        if self.size >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Hand on what there is."""
        self.put(self.chosen.put_in(b"".join(self.rows)))
        self.rows, self.size = [], 0

    def put(self, part: bytes | BaseException | None) -> None:
        """Wait for a place in the queue. Raises _Gone once the reader is."""
        while not self.closed.is_set():
            with suppress(Full):
                return self.queue.put(part, timeout=POLL)
        raise _Gone

    def close(self) -> None:
        """End the query, from the reader's thread."""
        self.closed.set()
        if self.connection is not None:
            with suppress(psycopg2.Error):  # it has ended by itself
                self.connection.cancel()


def _copy(
    place: replica.Place,
    consultation: Consultation,
    language: str,
    form: Form,
    level: Level,
    among: Among,
    bom: bool,
    pipe: _Pipe,
) -> None:
    """Plan and write in one snapshot, on this thread's own connection. What goes wrong is raised where it is read."""
    try:
        with replica.on(place), snapshot(), replica.connection().cursor() as cursor:
            with translation.override(language):
                columns = plan(consultation, language, form, level)
            # Not sent before there is a row: until then, what fails on a replica can be begun anew.
            pipe.rows.append("".join(csv_files.write([header(columns, form)], bom=bom)).encode())
            pipe.chosen, pipe.connection = _Chosen(columns), cursor.connection
            cursor.execute(SETTINGS)
            among_sql = _among(cursor, among)
            cursor.copy_expert(statement(consultation, columns, among_sql, pipe.chosen.mark), pipe)
            pipe.flush()
        pipe.put(None)
    except BaseException as error:
        with suppress(_Gone):
            pipe.put(error)
    finally:
        connections.close_all()


def _among(cursor: Any, among: Among) -> Composable:
    """A further condition, as Django says it: COPY takes no parameters, so they are put in."""
    if among is None:
        return SQL("")
    statement, values = among.order_by().values("pk").query.sql_with_params()
    return SQL(f" AND id IN ({cursor.mogrify(statement, values).decode()})")


def statement(consultation: Consultation, columns: Sequence[Column], among: Composable, mark: str) -> Composable:
    """All rows as one COPY; what was chosen stands between marks, behind the place of its run."""
    versions = {str(pk): str(number) for pk, number in consultation.versions.values_list("pk", "number")}
    asked = dict.fromkeys(column.question for column in columns)
    worded = [(column.question, o) for column in columns if (o := column.option_in_words) is not None]
    texts = [SQL(WORDS).format(question=Literal(q), option=Literal(o), name=words(q, o)) for q, o in worded]
    coded = [column for column in columns if isinstance(column, Codes)]
    return SQL(STATEMENT).format(
        cells=_further(_cells(columns, mark)),
        versions=Literal(json.dumps(versions)),
        values=_further(SQL(VALUE).format(key=Literal(str(q)), name=answer(q)) for q in asked),
        words=SQL(", ").join(texts or [SQL("1")]),
        text=guard_sql(Identifier("text")),
        signed=SQL(SIGNED).format(letter=Literal(LETTER), signatures=Literal(SIGNATURES))
        if LETTER in asked
        else SQL(""),
        codes=_coded(coded[0]) if coded else SQL(""),
        consultation=Literal(consultation.pk),
        counted=Literal(Response.State.COUNTED.value),
        among=among,
    )


def _cells(columns: Sequence[Column], mark: str) -> Iterator[Composable]:
    place = count()
    for question, run in runs(columns):
        if question is None:
            yield from (column.sql() for column in run)
        else:
            begin = Literal(f"{mark}{next(place)}:")
            yield SQL(CHOSEN).format(begin=begin, answer=answer(question), end=Literal(mark))


def _coded(column: Codes) -> Composable:
    """Any of the columns: all have the same names."""
    names = {str(pk): name for pk, name in column.names.items()}
    return SQL(CODED).format(
        codes=Literal(CODES),
        text=guard_sql(Identifier("text")),
        names=Literal(json.dumps(names)),
        none=Literal(NO_CODE),
    )


def _further(parts: Iterable[Composable]) -> Composable:
    """More of a list: a questionnaire that asks nothing has none."""
    return SQL("").join(SQL(", ") + part for part in parts)
