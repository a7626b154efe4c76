"""10,000 submissions at once, with keys that repeat: none doubled, none lost. First without the key: doubles."""

import random
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, models

from consultation import fold, instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Response
from consultation.recount import check, recount, tally

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 16
SUBMISSIONS = 10_000
KEYS = 3_000  # each sent three or four times


def in_parallel(work, items):
    """Do it with all writers at once, each with a connection of its own."""

    def run(part):
        try:
            return [work(item) for item in part]
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return [result for part in pool.map(run, [items[i::WRITERS] for i in range(WRITERS)]) for result in part]


def submissions(n, keys):
    """Keys in an order in which the same ones meet."""
    keys = [uuid.uuid4() for _ in range(keys)]
    sent = [keys[i % len(keys)] for i in range(n)]
    random.Random(7).shuffle(sent)
    return sent


def submit(consultation, answers, key):
    return ledger.submit(consultation, key, consultation.version, "en", Channel.WEB, answers).pk


@pytest.fixture
def answers(consultation):
    return Answers({1: 2, 2: [1, 3], 3: 41}).asked_by(instrument.current(consultation, "en"))


@pytest.fixture
def keys_may_repeat():
    """Take the unique key away, and put it back once the doubles are gone."""
    unique, free = Response._meta.get_field("key"), models.UUIDField()
    free.set_attributes_from_name("key")
    free.model = Response
    with connection.schema_editor() as editor:
        editor.alter_field(Response, unique, free)
    yield
    Response.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.alter_field(Response, free, unique)


def test_looking_before_inserting_doubles_responses_without_the_unique_key(consultation, keys_may_repeat):
    sent = [key for key in (uuid.uuid4() for _ in range(60)) for _ in range(WRITERS)]

    def look_then_insert(item):
        index, key = item
        if not Response.objects.filter(key=key).exists():
            Response.objects.create(
                consultation=consultation,
                key=key,
                reference=f"r{index}",
                version=consultation.version,
                language="en",
                channel=Channel.WEB,
                answers={},
            )

    in_parallel(look_then_insert, list(enumerate(sent)))

    assert max(Counter(Response.objects.values_list("key", flat=True)).values()) > 1


def test_ten_thousand_submissions_with_repeated_keys_store_each_once(consultation, answers):
    sent = submissions(SUBMISSIONS, KEYS)

    acknowledged = in_parallel(partial(submit, consultation, answers), sent)

    stored = dict(Response.objects.values_list("pk", "key"))
    assert len(acknowledged) == SUBMISSIONS
    assert set(acknowledged) == set(stored)
    assert Counter(stored.values()) == Counter(dict.fromkeys(sent, 1))
    fold.fold(consultation)
    assert check(consultation) == []
    assert tally(consultation) == recount(consultation)
