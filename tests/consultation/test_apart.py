"""Equality answers are stored apart, follow what becomes of their response, and lose it in the end."""

import datetime as dt
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consultation import changes, drafts, ledger, receipts
from consultation.answers import Answers
from consultation.models import Channel, Consultation, EqualityAnswers, EqualityLink, Response
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db

SAID = {"age": "from35", "religion": "declined"}


def submit(consultation, equality, key=None):
    with transaction.atomic():
        return ledger.submit(
            consultation,
            key or uuid.uuid4(),
            consultation.published,
            "en",
            Channel.WEB,
            Answers({1: 1}),
            equality=equality,
        )


def kept():
    """What is stored, by the response that it belongs to."""
    return dict(EqualityLink.objects.values_list("response", "answers__answers"))


def cut(consultation):
    changes.anonymise(consultation, timezone.now() + dt.timedelta(seconds=1))


def test_they_are_found_from_their_response_and_stand_nowhere_in_it(consultation):
    stored = submit(consultation, SAID)

    assert kept() == {stored.pk: SAID}
    assert Response.objects.get().answers == {"1": 1}
    assert not stored.words.exists()


def test_their_row_says_neither_who_nor_when():
    assert {field.name for field in EqualityAnswers._meta.get_fields()} == {"id", "consultation", "answers", "link"}
    assert EqualityAnswers(consultation_id=1).id.version == 4


def test_no_other_module_knows_where_they_are():
    names = re.compile(r"EqualityAnswers|EqualityLink|equality_answers|equalityanswers|equalitylink")
    files = [path for app in ("consultation", "home", "site/config") for path in (ROOT / app).rglob("*.py")]
    places = {str(path.relative_to(ROOT)) for path in files if names.search(path.read_text())}

    assert {place for place in places if "/migrations/" not in place} == {
        "consultation/models/__init__.py",
        "consultation/models/equality.py",
        "consultation/apart.py",
        "consultation/equality_figures.py",
    }


def test_who_said_nothing_leaves_no_row(consultation):
    submit(consultation, {})

    assert not EqualityAnswers.objects.exists()


def test_the_same_key_again_stores_nothing_twice(consultation):
    key = uuid.uuid4()

    for said in (SAID, {"age": "from18"}):
        stored = submit(consultation, said, key)

    assert kept() == {stored.pk: SAID}
    assert EqualityAnswers.objects.count() == 1


def test_the_same_key_again_adds_none_to_a_response_that_came_without(consultation):
    key = uuid.uuid4()

    for said in ({}, SAID):
        submit(consultation, said, key)

    assert not EqualityAnswers.objects.exists()


def test_what_can_not_be_stored_leaves_no_response_either(consultation, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("consultation.apart.put", fail)
    draft, _secret = drafts.begin(consultation, uuid.uuid4())
    with pytest.raises(RuntimeError):
        receipts.send(draft, consultation, "en", Answers({1: 1}), equality=SAID)

    assert not Response.objects.exists()


def test_a_correction_keeps_them_with_the_new_row(consultation):
    stored = submit(consultation, SAID)

    new = changes.correct(stored, uuid.uuid4(), consultation.published, "en", Answers({1: 2}))

    assert kept() == {new.pk: SAID}


@pytest.mark.parametrize("change", [changes.withdraw, changes.erase])
def test_who_takes_back_or_is_erased_leaves_none(consultation, change):
    other = submit(consultation, {"age": "from18"})
    change(submit(consultation, SAID))

    assert kept() == {other.pk: {"age": "from18"}}
    assert EqualityAnswers.objects.count() == 1


def test_what_is_held_keeps_them(consultation):
    stored = submit(consultation, SAID)

    changes.hold(stored)
    changes.release(stored)

    assert kept() == {stored.pk: SAID}


def test_retention_cuts_the_link_and_leaves_what_was_said(consultation):
    for said in (SAID, {"age": "from18"}):
        submit(consultation, said)

    cut(consultation)

    assert not EqualityLink.objects.exists()
    assert sorted(row.answers["age"] for row in EqualityAnswers.objects.all()) == ["from18", "from35"]


def test_after_that_nobody_can_tell_them_apart_by_key_or_by_the_order_in_which_they_were_written(consultation):
    ages = [f"from{n}" for n in range(1, 31)]
    for age in ages:
        submit(consultation, {"age": age})
    before = set(EqualityAnswers.objects.values_list("pk", flat=True))

    cut(consultation)

    assert not before & set(EqualityAnswers.objects.values_list("pk", flat=True))
    assert written() != ages
    assert sorted(written()) == sorted(ages)


def written():
    """The ages in the order in which the database's file holds them."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    rows = EqualityAnswers.objects.extra(order_by=[f"consultation_equalityanswers.{place}"])
    return [row.answers["age"] for row in rows]


def test_what_was_cut_before_is_stored_anew_with_what_is_cut_now(consultation):
    """One response by itself would be easy to find again."""
    submit(consultation, SAID)
    cut(consultation)
    before = EqualityAnswers.objects.get().pk
    submit(consultation, SAID)

    cut(consultation)

    assert before not in EqualityAnswers.objects.values_list("pk", flat=True)


def test_cutting_again_changes_nothing(consultation):
    submit(consultation, SAID)
    cut(consultation)
    before = list(EqualityAnswers.objects.values())

    cut(consultation)

    assert list(EqualityAnswers.objects.values()) == before


def test_what_does_not_count_when_the_link_is_cut_is_deleted(consultation):
    """Nobody could leave it out of a figure any more."""
    changes.hold(submit(consultation, SAID))
    submit(consultation, {"age": "from18"})

    cut(consultation)

    assert EqualityAnswers.objects.get().answers == {"age": "from18"}


def test_a_response_that_came_after_the_date_keeps_its_link(consultation):
    stored = submit(consultation, SAID)

    changes.anonymise(consultation, timezone.now() - dt.timedelta(days=1))

    assert kept() == {stored.pk: SAID}


def test_another_consultations_are_left_alone(consultation, make_consultation):
    other = submit(make_consultation(), SAID)
    submit(consultation, SAID)

    cut(consultation)

    assert kept() == {other.pk: SAID}


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_sent_at_once_under_one_key_one_is_stored(consultation):
    key = uuid.uuid4()

    def send(age):
        try:
            return submit(Consultation.objects.get(pk=consultation.pk), {"age": age}, key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        (pk,) = set(pool.map(send, ["from18", "from25", "from35", "from45"]))

    assert [*kept()] == [pk]
    assert EqualityAnswers.objects.count() == 1
