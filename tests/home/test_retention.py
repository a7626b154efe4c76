"""Editors say until when personal data is kept, everybody can read it, and nobody is kept to a later day than told."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from consultation import ledger
from consultation.answers import Answers
from consultation.instants import months_after
from consultation.models import Channel, Consultation, LifeEvent
from home.models import ConsultationPage, PersonalData
from home.publication import compile_again
from tests.consultation.test_answering import send
from tests.factories import make_consultation_page, translate
from tests.home.test_life import edited, said

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TODAY = timezone.localdate()


def in_words(day):
    return date_format(day, "DATE_FORMAT")


def answer(page):
    record = page.consultation
    ledger.submit(record, uuid.uuid4(), record.published, "en", Channel.WEB, Answers({1: 1}))


def publish(page, **changes):
    page = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return ConsultationPage.objects.get(pk=page.pk)


def record():
    return Consultation.objects.get()


def test_without_a_day_it_is_kept_for_some_months_after_closing():
    PersonalData.objects.create(months_after_closing=18)

    page = make_consultation_page()

    assert record().kept_until == months_after(timezone.localdate(page.closes_at), 18)
    assert record().kept_months is None


def test_what_closed_long_ago_is_not_deleted_on_the_day_on_which_it_is_published():
    now = timezone.now()

    make_consultation_page(opens_at=now - 3000 * DAY, closes_at=now - 2000 * DAY)

    assert record().kept_until == months_after(TODAY, 12)


def test_where_nothing_closes_each_response_has_its_months():
    PersonalData.objects.create(months_open=6)

    make_consultation_page(closes_at=None)

    assert (record().kept_until, record().kept_months) == (None, 6)


def test_everybody_reads_on_the_start_page_and_before_sending_when_it_is_deleted(visitor):
    day = TODAY + 400 * DAY
    page = make_consultation_page(kept_until=day)

    assert f"by {in_words(day)}" in said(visitor.get(page.url))
    path = f"/answer/{record().pk}/en/"
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}2/", q3="41")
    check = visitor.get(f"{path}check/")
    assert check.status_code == 200
    assert f"by {in_words(day)}" in said(check)


def test_where_nothing_closes_the_start_page_says_for_how_long(visitor):
    page = make_consultation_page(closes_at=None)

    assert "within 12 months of your sending it" in said(visitor.get(page.url))


def test_a_day_is_the_same_in_every_language(visitor):
    page = make_consultation_page(kept_until=TODAY + 400 * DAY)
    index = page.get_parent().specific
    for each in (index.get_parent().specific, index, page):
        if not each.has_translation(_irish()):
            translate(each, "ga", {})

    irish = page.get_translation(_irish())

    assert irish.kept_until == page.kept_until


def _irish():
    from wagtail.models import Locale

    return Locale.objects.get(language_code="ga")


def test_an_earlier_day_goes_from_now_on_and_everybody_can_read_that_it_was_moved(visitor):
    page = make_consultation_page(kept_until=TODAY + 400 * DAY)
    answer(page)

    page = publish(page, kept_until=TODAY + 200 * DAY)

    assert record().kept_until == TODAY + 200 * DAY
    event = LifeEvent.objects.get()
    assert (event.kind, timezone.localdate(event.after)) == ("kept", TODAY + 200 * DAY)
    assert f"from {in_words(TODAY + 400 * DAY)} to {in_words(TODAY + 200 * DAY)}" in said(visitor.get(page.url))


@pytest.mark.parametrize("answered", [True, False])
def test_a_later_day_goes_only_while_nobody_has_answered(answered):
    page = make_consultation_page(kept_until=TODAY + 200 * DAY)
    if answered:
        answer(page)

    publish(page, kept_until=TODAY + 400 * DAY)

    assert record().kept_until == TODAY + (200 if answered else 400) * DAY
    assert not LifeEvent.objects.exists()


def test_a_later_closing_does_not_put_off_what_was_promised():
    page = make_consultation_page()
    answer(page)
    before = record().kept_until

    publish(page, closes_at=page.closes_at + 60 * DAY)

    assert record().kept_until == before


def test_a_closing_date_that_is_taken_away_or_given_keeps_both_promises():
    page = make_consultation_page(closes_at=None)
    answer(page)

    publish(page, closes_at=timezone.now() + 700 * DAY)

    assert record().kept_months == 12
    assert record().kept_until is not None


def test_what_records_publish_again_keeps_the_promise():
    make_consultation_page(kept_until=TODAY + 400 * DAY)
    PersonalData.objects.create(months_after_closing=1)

    compile_again(record())

    assert record().kept_until == TODAY + 400 * DAY


@pytest.mark.parametrize(
    ("days", "closes", "fault"),
    [
        (10, 5, "at least 30 days from now"),
        (40, 50, "before it closes"),
        (40, None, "without a closing date"),
        (300, 30, "and no later one"),
        (150, 210, "it has to close before"),
    ],
)
def test_the_editor_is_told_what_can_not_be(editor_client, days, closes, fault):
    from django.contrib.auth.models import Group

    page = make_consultation_page(kept_until=TODAY + 200 * DAY)
    answer(page)
    editor = _user(editor_client)
    editor.groups.add(Group.objects.get(name="Moderators"))
    changes = {"kept_until": (TODAY + days * DAY).isoformat()}
    if closes:
        changes["closes_at"] = (timezone.localtime() + closes * DAY).strftime("%Y-%m-%d %H:%M")

    shown = editor_client.post(f"/admin/pages/{page.pk}/edit/", edited(page, **changes))

    assert fault in said(shown)
    assert record().kept_until == TODAY + 200 * DAY


def _user(client):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=client.session["_auth_user_id"])
