"""Who is held when they send: what fills in everything, and what is too quick again and again from one network."""

import datetime as dt
from contextlib import contextmanager
from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from consultation import changes, haste, instrument, suspicion, tokens
from consultation.models import Draft, Haste, Response
from consultation.questionnaire import Questionnaire
from consultation.views.answering.suspecting import address
from tests.consultation.test_answering import answer_all, hidden, send
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

SCHOOL, ELSEWHERE = "192.0.2.7", "198.51.100.7"


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def answer(path, seconds=0, at=SCHOOL, **check):
    """One person's sending, who took that long; check: what stands in the last form, too."""
    client = Client(REMOTE_ADDR=at)
    begun = timezone.now()
    with time_machine.travel(begun, tick=False):
        form = hidden(client.get(f"{path}1/"))
    with time_machine.travel(begun + dt.timedelta(seconds=seconds), tick=False):
        client.post(f"{path}1/", form | {"q1": "2"})
        return send(client, f"{path}check/", **check)


def states():
    return list(Response.objects.order_by("pk").values_list("state", flat=True))


def reasons(response):
    return list(response.suspicions.values_list("reason", flat=True))


# What is judged


def test_people_take_a_second_for_each_question_and_three_at_least(consultation):
    questions = instrument.current(consultation, "en")

    assert suspicion.least_seconds(questions, {1: 1}) == 3
    assert suspicion.least_seconds(questions, {1: 1, 2: [1], 3: 41, 4: True, 5: True}) == 5
    assert suspicion.least_seconds(questions, {1: 1, 2: [1], 3: None, 4: None, 5: None}) == 3


def test_a_matrix_that_is_ticked_down_is_one_question(consultation):
    questions = instrument.current(consultation, "en")
    section = questions.sections[0]
    rows = tuple(replace(section.questions[0], number=number, matrix="m") for number in range(1, 20))
    grid = Questionnaire(version=1, sections=(replace(section, items=rows),), language="en")

    assert suspicion.least_seconds(grid, dict.fromkeys(range(1, 20), 1)) == 3


@pytest.mark.parametrize(
    ("seconds", "quick"), [(0, True), (2.9, True), (3, False), (3600, False), (-1, False), (None, False)]
)
def test_an_unknown_time_or_a_clock_that_was_set_back_is_not_quick(seconds, quick):
    assert suspicion.is_quick(seconds, 3) == quick


# The field that people do not see


@pytest.mark.parametrize("where", ["section", "check"])
def test_what_fills_in_everything_is_held_and_acknowledged_like_any_other(visitor, path, where):
    send(visitor, f"{path}1/", q1="2", website="http://spam.example" if where == "section" else "")
    sent = send(visitor, f"{path}check/", website="http://spam.example" if where == "check" else "")

    stored = Response.objects.get()
    assert (stored.state, reasons(stored)) == ("held", ["trap"])
    said = visitor.get(sent["Location"]).content.decode()
    assert "Your answers were received" in said
    assert stored.reference in said
    assert stored.reference in visitor.get(f"{path}receipt/").content.decode()


def test_a_field_that_was_filled_in_once_is_not_forgotten_by_a_later_section(visitor, path):
    send(visitor, f"{path}1/", q1="2", website="x")
    send(visitor, f"{path}2/", q3="41", q4="More trees")
    send(visitor, f"{path}check/")

    assert states() == ["held"]


def test_what_is_said_to_those_who_are_held_is_what_is_said_to_everybody(path):
    def said(**fields):
        client = Client()
        with time_machine.travel(timezone.now() - dt.timedelta(minutes=1)):
            send(client, f"{path}1/", q1="2", **fields)
        pages = [send(client, f"{path}check/"), client.get(f"{path}done/"), client.get(f"{path}receipt/")]
        secret, stored = client.cookies["answering"].value, Response.objects.latest("pk")
        received = f"{stored.received_at:%H:%M}"
        hide = [(secret, ""), (stored.reference, ""), (received, "")]
        texts = [f"{page.status_code} {page.headers.get('Location', '')} {page.content.decode()}" for page in pages]
        for word, nothing in hide:
            texts = [text.replace(word, nothing) for text in texts]
        return texts

    assert said(website="x") == said()
    assert states() == ["held", "counted"]


def test_whoever_was_rejected_is_told_and_can_correct_what_is_then_held_again(visitor, path):
    send(visitor, f"{path}1/", q1="2", website="x")
    send(visitor, f"{path}check/")
    assert "left these answers out" not in visitor.get(f"{path}receipt/").content.decode()
    changes.reject(Response.objects.get())

    assert "left these answers out" in visitor.get(f"{path}receipt/").content.decode()
    visitor.post(f"{path}correct/")
    send(visitor, f"{path}1/", q1="1")
    send(visitor, f"{path}check/")

    assert states() == ["replaced", "held"]
    assert reasons(Response.objects.latest("pk")) == ["trap"]


# Pace and network


def test_the_fourth_that_is_too_quick_from_one_network_is_held(path):
    sent = [answer(path)["Location"] for _ in range(5)]

    assert states() == ["counted"] * 3 + ["held"] * 2
    assert sent == [f"{path}done/"] * 5
    assert reasons(Response.objects.latest("pk")) == ["pace"]


def test_those_who_take_their_time_are_counted_beside_a_program_in_their_own_network(path):
    for _ in range(5):
        answer(path)

    answer(path, seconds=3)
    answer(path, seconds=600)

    assert states()[5:] == ["counted", "counted"]


def test_a_network_is_not_held_for_another_nor_for_another_consultation(path):
    for _ in range(5):
        answer(path)
    another = make_consultation_page(title="Another", slug="another")

    answer(path, at=ELSEWHERE)
    answer(f"/answer/{another.consultation.pk}/en/")

    assert states()[5:] == ["counted", "counted"]


def test_the_next_day_begins_anew_and_forgets_the_last(page, path):
    for _ in range(5):
        answer(path)

    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        haste.forget()
        assert not Haste.objects.exists()
        assert haste.count(page.consultation.pk, SCHOOL) == 1


def test_a_form_that_is_used_again_and_again_is_born_anew_each_time(path):
    """One old form would make a program look as slow as its first sending."""
    with time_machine.travel(timezone.now() - dt.timedelta(hours=1)):
        form = hidden(Client().get(f"{path}1/"))

    for _ in range(6):
        client = Client(REMOTE_ADDR=SCHOOL)
        client.post(f"{path}1/", form | {"q1": "2"})
        send(client, f"{path}check/")

    assert states() == ["counted"] * 4 + ["held"] * 2  # the first was slow


def test_a_form_with_a_mistake_is_as_old_as_it_was_before_and_stays_one_answering(visitor, path):
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=1)):
        form = hidden(visitor.get(f"{path}2/"))

    again = hidden(visitor.post(f"{path}2/", form | {"q3": "nine"}))
    visitor.post(f"{path}2/", again | {"q3": "9"})

    draft = Draft.objects.get()
    assert (timezone.now() - draft.born_at).total_seconds() >= 60
    assert draft.key == tokens.read(form["token"], draft.consultation_id)


def test_a_correction_is_not_judged_by_its_pace(path):
    client = Client(REMOTE_ADDR=SCHOOL)
    answer_all(client, path)

    for _ in range(5):
        client.post(f"{path}correct/")
        send(client, f"{path}check/")

    assert Response.objects.filter(state="counted").count() == 1
    assert not Response.objects.filter(state="held").exists()
    assert Haste.objects.get().n == 1  # the first sending


# What is kept


def everything_stored():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from (str(value) for row in cursor.fetchall() for value in row)


def test_neither_address_nor_browser_is_stored_anywhere(path):
    for _ in range(5):
        client = Client(REMOTE_ADDR="203.0.113.77", headers={"user-agent": "a-browser-of-its-own"})
        send(client, f"{path}1/", q1="2")
        send(client, f"{path}check/")

    assert Haste.objects.exists()
    assert not [text for text in everything_stored() if "203.0.113" in text or "a-browser-of-its-own" in text]


def test_those_who_take_their_time_leave_no_trace_of_their_network(path):
    answer(path, seconds=60)

    assert not Haste.objects.exists()


def test_two_days_and_two_consultations_can_not_be_put_together():
    now = timezone.now()
    for day in (now, now + dt.timedelta(days=1)):
        with time_machine.travel(day, tick=False):
            make = [make_consultation_page(title=f"{day:%d} {n}").consultation for n in (1, 2)]
            for made in make:
                haste.count(made.pk, SCHOOL)

    assert len(set(Haste.objects.values_list("network", flat=True))) == 4


@pytest.mark.parametrize(
    ("found", "shared"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", ""),
        ("192.0.2.7:8000", ""),
        ("\x00", ""),
    ],
)
def test_a_network_is_what_a_school_or_a_household_shares(found, shared):
    assert haste.network(found) == shared


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.1", SCHOOL),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "forged, 203.0.113.1", "203.0.113.1"),
        (2, "forged, 203.0.113.1, 10.0.0.1", "203.0.113.1"),
        (2, "203.0.113.1", SCHOOL),
        (1, "", SCHOOL),
        (1, None, SCHOOL),
    ],
)
def test_an_address_is_what_our_own_proxies_say(settings, proxies, forwarded, found):
    settings.PROXIES = proxies
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}

    assert address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=SCHOOL)) == found


# What it costs, and what happens without it


@pytest.mark.parametrize(("seconds", "queries"), [(60, 0), (0, 1)])
def test_counting_costs_a_quick_sending_one_query_and_nobody_else_any(path, seconds, queries):
    counted = []

    def look(execute, statement, *rest):
        counted.append("consultation_haste" in statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(look):
        answer(path, seconds=seconds)

    assert sum(counted) == queries


@contextmanager
def without_the_counter():
    with connection.schema_editor() as editor:
        editor.alter_db_table(Haste, "consultation_haste", "elsewhere")
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(Haste, "elsewhere", "consultation_haste")


@pytest.mark.django_db(transaction=True)
def test_a_counter_that_fails_stops_nothing(path):
    with without_the_counter():
        sent = [answer(path)["Location"] for _ in range(5)]

    assert sent == [f"{path}done/"] * 5
    assert states() == ["counted"] * 5


@pytest.mark.django_db(transaction=True)
def test_the_counter_is_committed_before_the_response_is_stored(path):
    open_then = []

    def look(execute, statement, *rest):
        if "consultation_haste" in statement:
            open_then.append(connection.in_atomic_block)
        return execute(statement, *rest)

    with connection.execute_wrapper(look):
        answer(path)

    assert open_then == [False]
