"""What the database groups is what each response says by itself."""

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultation import instrument, ledger, recount
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Response

pytestmark = pytest.mark.django_db

# By the numbers of the consultation that everybody uses: a single choice, a multiple one, a number, a text.
VALUES = {
    1: st.sampled_from([None, 1, 2, 3]),
    2: st.none() | st.lists(st.integers(1, 5), min_size=1, unique=True).map(sorted),
    3: st.none() | st.just(True) | st.integers(-(10**9), 10**9) | st.sampled_from(["1.5", "-0.001", "12.25"]),
    4: st.sampled_from([None, True]),
}
ANSWERED = st.fixed_dictionaries({}, optional=VALUES)
RECEIVED = st.sampled_from(["2026-03-28T23:59", "2026-03-29T00:30", "2026-03-29T23:15", "2026-10-24T23:30"])
RESPONSES = st.lists(
    st.tuples(ANSWERED, st.sampled_from(["en", "ga"]), st.sampled_from(list(Channel)), RECEIVED), max_size=8
)


def each_by_itself(consultation):
    counts, questions = recount.Counts(), instrument.rows(consultation)
    for response in consultation.responses.filter(state=Response.State.COUNTED):
        recount.count(questions, recount.single(consultation, response), into=counts)
    return counts.cells()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(responses=RESPONSES, segments=st.sampled_from([[], [1]]))
def test_groups_of_the_database_count_as_each_response_does(consultation, responses, segments):
    Response.objects.all().delete()
    Consultation.objects.filter(pk=consultation.pk).update(segments=segments)
    for values, language, channel, received in responses:
        row = ledger.submit(consultation, uuid.uuid4(), consultation.version, language, channel, Answers(values))
        Response.objects.filter(pk=row.pk).update(received_at=dt.datetime.fromisoformat(f"{received}+00:00"))

    counted = recount.recount(consultation)

    assert counted == each_by_itself(consultation)
    assert counted.get(recount.Cell(0, 0), recount.Counted(0)).n == len(responses)


def test_a_response_that_does_not_count_is_in_no_group(consultation):
    for _ in range(2):
        ledger.submit(consultation, uuid.uuid4(), consultation.version, "en", Channel.WEB, Answers({1: 1}))
    Response.objects.filter(pk=consultation.responses.first().pk).update(state=Response.State.HELD)

    assert recount.recount(consultation)[recount.Cell(0, 0)].n == 1


def test_days_are_those_of_the_united_kingdom(consultation):
    for received in ("2026-06-01T22:59Z", "2026-06-01T23:00Z", "2026-12-01T23:59Z"):
        row = ledger.submit(consultation, uuid.uuid4(), consultation.version, "en", Channel.WEB, Answers({1: 1}))
        Response.objects.filter(pk=row.pk).update(received_at=dt.datetime.fromisoformat(received))

    by_day = {cell.value: n.n for cell, n in recount.recount(consultation).items() if cell.segment == "day"}

    assert by_day == {"2026-06-01": 1, "2026-06-02": 1, "2026-12-01": 1}
