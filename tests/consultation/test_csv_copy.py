"""PostgreSQL writes the same file as Python, and stops when nobody reads."""

import datetime as dt
import time
import uuid
from contextlib import closing
from dataclasses import replace
from itertools import product

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg2.sql import SQL

from consultation import correspondence, csv_copy, filters, instrument, ledger
from consultation.answers import Answers
from consultation.columns import Form, plan
from consultation.correspondence import Received
from consultation.downloads import Contents, Rows, logged
from consultation.filters import Choice, Filter
from consultation.kinds import KINDS
from consultation.models import Channel, DownloadEnd, Format, Level, Response
from consultation.source import SourceSection
from tests.consultation.test_every_kind import items

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: it writes the file by itself"),
]

LEVELS = [Level.ANALYSIS, Level.FULL]
HOSTILE = [
    "",
    " ",
    "=1+1",
    "'",
    "''x",
    "-1",
    "-1.5",
    "-",
    "(skipped)",
    "\u200b=1",
    "\uff1d1",
    "a,b",
    'say "x"',
    "1\n2",
    "x\r\ny",
]
HOSTILE += [
    "\\.",
    "\u3000@x",
    "\u00a0|",
    "café",
    "zażółć",
    "😀",
    "0123",
    "1e5",
    "+44 28",
    "\t=1",
    "null",
    "true",
    "%5",
    "−3",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


def flagged(items):
    """The same, every other of which may name somebody."""
    return [replace(item, personal=n % 2 == 0) for n, item in enumerate(items)]


@pytest.fixture
def every_kind(make_consultation):
    section = SourceSection(id="all", title="=All", introduction="", items=tuple(flagged(items())))
    return make_consultation(sections=(section,))


def fill(consultation, draw, n):
    """So many responses with any value that each kind can have, hostile words beside them."""
    questions = list(instrument.current(consultation, "en").questions)
    for _ in range(n):
        values, words = {}, {}
        for question in questions:
            value = draw(VALUES[question.kind])
            if value == "absent":
                continue
            values[question.number] = value
            if value is True:
                words[question.number, 0] = draw(TEXTS)
            words |= {(question.number, text.number): draw(TEXTS) for text in KINDS[question.kind].texts}
            if value == 4 or isinstance(value, list) and 4 in value:
                words[question.number, 4] = draw(TEXTS)
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers(values, words))


PHASES = [Phase.explicit, Phase.generate]  # each example asks a server, so the smallest fault is not looked for
OPTION = st.sampled_from([None, "absent", 1, 2, 3, 4, 5])
LIST = st.sampled_from([None, "absent", [1], [2, 4], [4], [1, 2, 3], [3, 1], [6]])
WRITTEN = st.sampled_from([None, "absent", True])
VALUES = {
    "single": OPTION,
    "scale": OPTION,
    "matrix": OPTION,
    "theme_choice": OPTION,
    "respondent": OPTION,
    "consent": OPTION,
    "area": OPTION,
    "multiple": LIST,
    "ranking": LIST,
    "number": st.sampled_from([None, "absent", True, 0, -7, 120, "1.5", "-0.25"]),
    "date": st.sampled_from([None, "absent", "2024-02-29", "2030-12-31"]),
    "short_text": WRITTEN,
    "long_text": WRITTEN,
}


@settings(max_examples=12, phases=PHASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), form=st.sampled_from(Form), level=st.sampled_from(LEVELS), bom=st.booleans())
def test_both_writers_give_the_same_bytes_at_each_level(every_kind, data, form, level, bom):
    fill(every_kind, data.draw, 12)

    copied = b"".join(csv_copy.copied(every_kind, "en", form, level, bom=bom))

    assert copied == b"".join(csv_copy.portable(every_kind, "en", form, level, bom=bom))
    assert copied.count(b"\r\n") > 12


def test_the_first_row_waits_for_no_consultation_before_this_one(every_kind):
    said = csv_copy.statement(every_kind, plan(every_kind, "en", Form.LABELS, Level.ANALYSIS), SQL(""), "mark")
    with transaction.atomic(), connection.cursor() as cursor:
        # So many that the primary key, too, would do.
        cursor.execute(
            "INSERT INTO consultation_response"
            " (consultation_id, key, version_id, language, channel, answers, received_at)"
            " SELECT %s, gen_random_uuid(), %s, 'en', 'web', '{}', now() FROM generate_series(1, 5000)",
            [every_kind.pk, every_kind.version_id],
        )
        cursor.execute("ANALYZE consultation_response")
        text = said.as_string(cursor.connection).strip()
        cursor.execute(f"{csv_copy.SETTINGS}; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {text[text.index('(') + 1 : text.rindex(') TO STDOUT')]}")
        found = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Scan using response_tail on consultation_response" in found


CONDITIONS = [
    Filter(answers=(Choice(3, 2),)),
    Filter(words="100 %"),
    Filter(words="it's"),
    Filter(channel="web", read="unread", until=dt.date(2100, 1, 1)),
    Filter(words="nobody wrote this"),
]


@pytest.mark.parametrize("chosen", CONDITIONS)
def test_both_writers_leave_out_the_same(every_kind, chosen):
    for n, text in product(range(1, 5), ["100 %", "it's {0}", "\\.", ""]):
        values = Answers({1: True, 3: n, 4: [1, n]}, {(1, 0): text})
        ledger.submit(every_kind, uuid.uuid4(), every_kind.published, "en", Channel.WEB, values)
    where = chosen.condition(filters.known(every_kind))
    among = Response.objects.filter(where)

    for form in Form:
        copied = b"".join(csv_copy.copied(every_kind, "en", form, among=among))

        assert copied == b"".join(csv_copy.portable(every_kind, "en", form, among=among))
        assert copied.count(b"\r\n") == 1 + every_kind.responses.filter(where).count()


def test_both_writers_give_the_same_bytes_of_some_responses(consultation):
    for language in ("en", "ga", "en", "pl"):
        ledger.submit(consultation, uuid.uuid4(), consultation.published, language, Channel.WEB, Answers({1: 1}))
    among = Response.objects.filter(language__in=["en", "%s{}"]).order_by("-received_at")

    copied = b"".join(csv_copy.copied(consultation, "en", Form.KEYS, among=among))

    assert copied == b"".join(csv_copy.portable(consultation, "en", Form.KEYS, among=among))
    assert copied.count(b"\r\n") == 3


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("form", list(Form))
def test_both_writers_give_the_same_bytes_of_letters(consultation, form, level):
    today = timezone.localdate()
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: 1}))
    for text, signatures in (("=1+1", 1240), ("More, “trees”\nand benches", 0), ("", 7)):
        received = Received(Channel.PETITION, today, "en", text, "Somebody", "'Trees", signatures=signatures)
        correspondence.record(consultation, received, None)

    copied = b"".join(csv_copy.copied(consultation, "en", form, level))

    assert copied == b"".join(csv_copy.portable(consultation, "en", form, level))
    assert b"1240" in copied
    assert (b"Somebody" in copied) == (level == Level.FULL)


def test_a_questionnaire_that_asks_nothing_gives_a_file_of_its_responses(make_consultation):
    nothing = make_consultation(sections=())
    ledger.submit(nothing, uuid.uuid4(), nothing.published, "en", Channel.WEB, Answers())

    copied = b"".join(csv_copy.copied(nothing, "en", Form.LABELS))

    assert copied == b"".join(csv_copy.portable(nothing, "en", Form.LABELS))
    assert copied.count(b"\r\n") == 2


def test_a_download_within_a_transaction_sees_what_that_has_written(consultation):
    with transaction.atomic():
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: 1}))
        lines = b"".join(csv_copy.responses(consultation, "en", Form.KEYS)).splitlines()

    assert len(lines) == 2


def copying():
    """How many connections to this database are at a COPY: another worker's tests have a database of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%COPY (%' AND pid <> pg_backend_pid() "
            "AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_whoever_goes_away_ends_the_query_and_its_connection(consultation, monkeypatch):
    monkeypatch.setattr(csv_copy, "CHUNK", 100)
    for _ in range(60):
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: 1}))
    with closing(csv_copy.responses(consultation, "en", Form.KEYS)) as file:
        next(file)
        next(file)
        assert copying() == 1

    deadline = time.monotonic() + 10
    while copying() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert copying() == 0


@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX])
def test_whoever_goes_away_from_a_logged_file_ends_its_query(consultation, officer, monkeypatch, format):
    monkeypatch.setattr(csv_copy, "CHUNK", 100)
    monkeypatch.setattr(csv_copy, "CHUNKS", 1)
    for _ in range(60):
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: 1}))
    monkeypatch.setattr("consultation.sheets.xlsx.ROWS", 2)
    rows, contents = Rows(), Contents(consultation, "responses", Level.ANALYSIS, format, "en")
    with closing(logged(officer, contents, contents.parts(rows), rows)) as file:
        while not rows.number:
            next(file)
        assert copying() == 1

    deadline = time.monotonic() + 10
    while copying() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert copying() == 0
    assert not DownloadEnd.objects.get().complete and DownloadEnd.objects.get().rows < 60


def test_what_goes_wrong_in_the_thread_is_raised_where_the_file_is_read(consultation, monkeypatch):
    monkeypatch.setattr(
        csv_copy, "STATEMENT", "COPY (SELECT 1/0, {cells}{versions}{values}{consultation}{counted}{words}"
    )

    with pytest.raises(Exception, match="syntax error"):
        list(csv_copy.responses(consultation, "en", Form.KEYS))
