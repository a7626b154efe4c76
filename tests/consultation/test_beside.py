"""Whatever hangs on a response is in one list, which says what becomes of it and whether its person gets a copy."""

import uuid

import pytest
from django.apps import apps
from django.db import models

from consultation import beside, changes, ledger, one_response
from consultation.answers import Answers
from consultation.beside import BESIDE, Fate
from consultation.models import AnswerWords, Batch, Channel, Entry, EqualityLink, Quote, ReadMark, Redaction, Response

APART = {(EqualityLink, "response")}  # apart.py sees to it alone
HAPPENINGS = ("taken_back", "corrected", "erased", "stripped")


def test_every_table_with_a_key_to_a_response_is_in_the_list():
    listed = {(line.model, line.field) for line in BESIDE}

    assert len(listed) == len(BESIDE)
    assert beside.tables() - APART == listed, (
        "add a line to BESIDE in consultation/beside.py: what becomes of the new table?"
    )


def test_a_key_to_a_response_in_any_app_is_seen():
    keys = {
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Response
    }

    assert len(keys) >= 10
    assert beside.tables() == keys


def test_a_table_that_nobody_listed_is_found(monkeypatch):
    monkeypatch.setattr(beside, "BESIDE", BESIDE[1:])

    assert beside.tables() - APART - {(line.model, line.field) for line in beside.BESIDE} == {(AnswerWords, "response")}


def test_words_go_whatever_happens_to_their_response():
    for line in BESIDE:
        texts = [field for field in line.model._meta.get_fields() if isinstance(field, models.TextField)]
        if texts and line.model is not Quote:  # which consent was given to, and which quotes.py sees to
            assert {getattr(line, happening) for happening in HAPPENINGS} == {Fate.GOES}, line.model


def test_nothing_with_a_text_is_kept_from_its_person():
    for line in BESIDE:
        if any(isinstance(field, models.TextField) for field in line.model._meta.get_fields()):
            assert line.copy, line.model


@pytest.fixture
def laden(consultation, officer):
    """A response with something in every table that goes."""
    given = Answers({1: 3, 5: True}, {(1, 3): "by boat", (5, 0): "More trees"})
    stored = ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.PAPER, given)
    Redaction.objects.create(response=stored, question=5, text="More […]", by=officer, name="officer")
    ReadMark.objects.create(response=stored, by=officer, name="officer")
    batch = Batch.objects.create(
        consultation=consultation, source="keyed", name="Library", channel="paper", language="en", operator="officer"
    )
    Entry.objects.create(response=stored, batch=batch, number=1, operator="officer")
    return stored


@pytest.mark.django_db
def test_erasing_leaves_no_text_and_no_mark(laden):
    changes.erase(laden)

    for model in (AnswerWords, Redaction, ReadMark):
        assert not model.objects.exists(), model


@pytest.mark.django_db
def test_the_persons_own_copy_has_a_place_for_every_table_that_tells_of_them(laden):
    copy = one_response.own_copy(laden)

    for line in BESIDE:
        assert not line.copy or line.copy in copy, f"own_copy of one_response.py lacks {line.model}"
        if line.copy and line.model is not Redaction and line.model._default_manager.exists():
            assert copy[line.copy], line.model
    assert [row["text"] for row in copy["redacted_copies"]] == ["More […]"]
    assert [(row["batch"], row["number"]) for row in copy["brought_in"]] == [("Library", 1)]
    assert "officer" not in str(copy)
