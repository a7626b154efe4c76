"""Two ticks at once share the steps of a deletion, and people send, correct and are erased meanwhile."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from consultation import changes, fold, ledger, retention
from consultation.answers import Answers
from consultation.models import AnswerWords, Channel, Consultation, EqualityAnswers, Response, RetentionRun
from consultation.recount import check, recount
from consultation.tick import Faults
from tests.consultation.test_fold_races import apart
from tests.consultation.test_retention import close, flag

pytestmark = pytest.mark.django_db(transaction=True)

RESPONSES = 60
GIVEN = Answers({1: 3, 2: [1], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): "More trees"})


def imported(number):
    said = {"age": f"from{number % 7}"}
    now = timezone.now()
    return ledger.Imported(uuid.uuid4(), "", "en", Channel.PAPER, now, GIVEN, equality=said)


@pytest.fixture
def many(consultation, make_consultation):
    consultation = flag(consultation, make_consultation, "age")
    ledger.import_responses(consultation, consultation.published, map(imported, range(RESPONSES)))
    fold.fold(consultation)
    return consultation


def test_two_ticks_at_once_strip_each_response_once_and_the_figures_stay(many, monkeypatch):
    monkeypatch.setattr(retention, "STEP", 4)
    close(many)
    before = recount(many)
    start = threading.Barrier(3)

    def tick():
        start.wait()
        faults = Faults()
        return retention.strip_due(faults), faults.number

    with ThreadPoolExecutor(3) as pool:
        done = [each.result() for each in [pool.submit(apart, tick) for _ in range(3)]]

    if connection.vendor == "postgresql":  # on SQLite one may wait too long for its turn
        assert [faults for _n, faults in done] == [0, 0, 0]
    retention.strip_due()
    assert sum(run.responses for run in RetentionRun.objects.all()) == RESPONSES
    assert not AnswerWords.objects.exists()
    assert EqualityAnswers.objects.count() == RESPONSES
    assert recount(many) == before
    assert check(many) == []


def test_people_send_and_are_erased_while_it_goes_on(many, monkeypatch):
    monkeypatch.setattr(retention, "STEP", 4)
    Consultation.objects.filter(pk=many.pk).update(kept_until=timezone.localdate() + retention.dt.timedelta(1))
    many.refresh_from_db()
    tomorrow = timezone.now() + retention.dt.timedelta(1)
    old = list(Response.objects.all()[:10])
    stop = threading.Event()

    def send():
        n = 0
        while not stop.is_set():
            try:
                ledger.submit(many, uuid.uuid4(), many.published, "en", Channel.WEB, GIVEN)
                n += 1
            except OperationalError:
                if connection.vendor == "postgresql":
                    raise
        return n

    def erase():
        for response in old:
            for _attempt in range(3):
                try:
                    changes.erase(response)
                    break
                except OperationalError:
                    if connection.vendor == "postgresql":
                        raise

    with ThreadPoolExecutor(3) as pool:
        sending, erasing = pool.submit(apart, send), pool.submit(apart, erase)
        for _round in range(5):
            fold.fold(many)
            retention.strip_due(now=tomorrow)
        erasing.result()
        stop.set()
        sent = sending.result()

    fold.fold(many)
    assert Response.objects.filter(state="erased").count() == 10
    assert Response.objects.filter(state="counted").count() == RESPONSES - 10 + sent
    assert check(many) == []
