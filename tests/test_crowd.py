"""A school, a library, a whole housing estate behind one address, while a program sends from another.

Nobody who takes their time is refused or held, whoever shares their address; the program is held from its fourth on.
"""

import datetime as dt
import random
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from consultation import suspicion, tokens
from consultation.models import Response
from consultation.views.answering import checking
from consultation.views.answering.refusals import not_open
from tests.consultation.test_answering import hidden
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

CROWD, PROGRAM = "192.0.2.1", "198.51.100.1"
SENDINGS = 30  # of the program


@pytest.fixture
def consultation():
    return make_consultation_page().consultation


def send(consultation, blank, address, seconds):
    """Answer and send as one person, whose first form is as old as that; give what the page says in the end."""
    client, key = Client(REMOTE_ADDR=address), uuid.uuid4()
    path = f"/answer/{consultation.pk}/en/"
    with time_machine.travel(timezone.now() - dt.timedelta(seconds=seconds), tick=False):
        token = tokens.issue(consultation.pk, key)
    saved = client.post(f"{path}1/", blank | {"token": token, "q1": "2"})
    sent = client.post(f"{path}check/", {"token": token, "version": "1", "revision": "1"})
    stored = Response.objects.filter(key=key).first()
    return saved.status_code, sent.status_code, sent.headers.get("Location"), stored and stored.state


def meet(consultation, people):
    """People and the program's sendings in a random order; give how each fared."""
    ages = random.Random(7)
    turns = [(CROWD, ages.uniform(8, 900)) for _ in range(people)] + [(PROGRAM, 0)] * SENDINGS
    # One of them has a program of their own.
    turns += [(CROWD, 0)] * SENDINGS
    ages.shuffle(turns)
    blank = hidden(Client().get(f"/answer/{consultation.pk}/en/1/"))
    fared = {"people": [], "program": [], "inside": []}
    for address, seconds in turns:
        group = "people" if seconds else "program" if address == PROGRAM else "inside"
        fared[group].append(send(consultation, blank, address, seconds))
    return fared


def judge(consultation, people):
    fared = meet(consultation, people)
    done = (303, 303, f"/answer/{consultation.pk}/en/done/")
    refused = [row for rows in fared.values() for row in rows if row[:3] != done]
    assert refused == [], f"{len(refused)} were refused"
    counted = [row[3] for row in fared["people"]].count("counted")
    assert counted == len(fared["people"]) == people, f"{people - counted} people of {people} are held"
    wanted = ["counted"] * suspicion.SPARED + ["held"] * (SENDINGS - suspicion.SPARED)
    assert [row[3] for row in fared["program"]] == wanted, "the program is not held"
    assert [row[3] for row in fared["inside"]] == wanted, "the program among the people is not held"


@pytest.mark.parametrize("people", [50, pytest.param(500, marks=pytest.mark.battery)])
def test_a_crowd_behind_one_address_is_counted_while_a_program_is_held(consultation, people):
    judge(consultation, people)


# Planted faults


def test_a_limit_by_address_alone_is_found(consultation, monkeypatch):
    monkeypatch.setattr(suspicion, "is_quick", lambda seconds, least: True)

    with pytest.raises(AssertionError, match="people of 20 are held"):
        judge(consultation, 20)


def test_a_limit_that_refuses_is_found(consultation, monkeypatch):
    send, suspect = checking._send, checking.suspect
    monkeypatch.setattr(
        checking,
        "_send",
        lambda visit, draft: not_open(visit) if suspect(visit, draft, visit.answers) else send(visit, draft),
    )

    with pytest.raises(AssertionError, match="were refused"):
        judge(consultation, 5)


def test_a_limit_that_holds_nobody_is_found(consultation, monkeypatch):
    monkeypatch.setattr(suspicion, "reasons", lambda **known: [])

    with pytest.raises(AssertionError, match="the program is not held"):
        judge(consultation, 5)
