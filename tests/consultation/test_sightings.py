"""Texts that look as if they held personal data are found by tick, and listed until they have a redacted copy."""

import uuid

import pytest

from consultation import changes, filters, fold, ledger, personal, sightings
from consultation.answers import Answers
from consultation.models import Channel, Redaction, Response, Sighting
from consultation.tick import tick

pytestmark = pytest.mark.django_db


def submit(consultation, text):
    given = Answers({1: 1, 5: True}, {(5, 0): text})
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)


@pytest.fixture
def sent(consultation):
    return [submit(consultation, text) for text in ("More trees", "Ring 028 9018 0000", "demo@example.org")]


def listed(consultation):
    known = filters.known(consultation)
    parsed = filters.parse({"seen": [filters.SEEN]}, known)
    assert not parsed.errors
    found = Response.objects.filter(parsed.filter.condition(known), consultation=consultation)
    return list(found.order_by("pk").values_list("pk", flat=True))


def test_tick_finds_them_once_and_what_is_new_with_the_next_round(consultation, sent):
    tick()
    tick()
    assert listed(consultation) == [sent[1].pk, sent[2].pk]

    new = submit(consultation, "I live at BT43 7AA")
    tick()

    assert listed(consultation) == [sent[1].pk, sent[2].pk, new.pk]
    assert Sighting.objects.count() == 3


def test_what_is_not_folded_yet_is_left_for_the_next_round(consultation, sent):
    assert sightings.look(consultation) == 0
    fold.fold(consultation)
    assert sightings.look(consultation) == 2


def test_a_round_takes_some_steps_and_the_next_one_goes_on(consultation, sent, monkeypatch):
    fold.fold(consultation)
    monkeypatch.setattr(sightings, "STEP", 1)
    monkeypatch.setattr(sightings, "MOST", 1)

    assert [sightings.look(consultation) for _ in range(5)] == [0, 1, 1, 0, 0]


def test_a_redacted_copy_takes_it_off_the_list(consultation, sent):
    tick()
    Redaction.objects.create(response=sent[1], question=5, text="Ring […]", name="officer")

    assert listed(consultation) == [sent[2].pk]


@pytest.mark.parametrize("change", ["withdraw", "erase"])
def test_it_goes_where_the_text_goes(consultation, sent, change):
    tick()
    getattr(changes, change)(sent[1])
    changes.strip(consultation, [sent[2].pk])

    assert not Sighting.objects.exists()


def test_other_rules_look_through_everything_again(consultation, sent, monkeypatch):
    tick()
    monkeypatch.setattr(personal, "RULES", personal.RULES + 1)
    monkeypatch.setattr(personal, "find", lambda text: ["trees"] if "trees" in text else [])

    tick()

    assert listed(consultation) == [sent[0].pk]


def test_nothing_of_what_was_seen_is_stored():
    assert {field.name for field in Sighting._meta.get_fields()} == {"id", "response", "question", "option"}


def test_officers_choose_it_above_the_list(consultation, sent, django_user_model, client):
    from django.contrib.auth.models import Group

    tick()
    officer = django_user_model.objects.create_user("reader")
    officer.groups.add(Group.objects.get(name="Officers (personal data)"))
    client.force_login(officer)

    shown = client.get(f"/admin/consultations/{consultation.pk}/responses/?seen={filters.SEEN}").content.decode()

    assert "2 responses, of 3 that are counted." in " ".join(shown.split())
    assert "Seems to hold personal data, with no redacted copy yet" in shown
