"""Officers and administrators read when personal data will be deleted, a month before, and what was."""

import datetime as dt
import html
import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation import fold, ledger, retention
from consultation.answers import Answers
from consultation.models import Channel, Consultation, RetentionRun

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
PLACE = "/admin/consultations/kept/"


def said(client, place=PLACE):
    return " ".join(html.unescape(client.get(place).content.decode()).split())


def keep(consultation, days, closed=True):
    now = timezone.now()
    consultation.kept_until = timezone.localdate() + days * DAY
    consultation.opens_at, consultation.closes_at = now - 90 * DAY, now + (-30 if closed else 30) * DAY
    consultation.save()
    return consultation


@pytest.fixture
def sent(consultation):
    version = consultation.published
    return ledger.submit(consultation, uuid.uuid4(), version, "en", Channel.WEB, Answers({5: True}, {(5, 0): "Trees"}))


@pytest.mark.parametrize(("days", "warned"), [(29, True), (30, True), (31, False)])
def test_a_month_before_it_is_said_on_the_first_page_and_here(officer_client, consultation, sent, days, warned):
    keep(consultation, days)

    assert ("will be deleted: 1 response" in said(officer_client)) == warned
    assert ("what people wrote in “The town’s plan” will be deleted" in said(officer_client, "/admin/")) == warned


def test_administrators_read_it_too_and_editors_do_not(client, django_user_model, consultation, sent):
    keep(consultation, 20)
    for group, sees in (("Administrators", True), ("Editors", False)):
        user = django_user_model.objects.create_user(group.lower())
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        assert ("will be deleted" in said(client, "/admin/")) == sees
        assert (client.get(PLACE).status_code == 200) == sees


def test_what_was_deleted_is_listed_with_how_many(officer_client, consultation, sent):
    keep(consultation, 0)
    fold.fold(consultation)
    retention.strip_due()

    shown = said(officer_client)

    assert "Nothing is left to delete." in shown
    done = shown.partition("What was deleted")[2]
    assert "The town’s plan" in done
    assert "Nothing was deleted yet" not in done


def test_what_has_no_day_yet_is_named(officer_client, consultation):
    assert "No day yet: publish its page once more" in said(officer_client)


def test_the_list_costs_as_many_queries_for_many_as_for_one(
    officer_client, consultation, make_consultation, django_assert_num_queries
):
    keep(consultation, 20)
    RetentionRun.objects.create(consultation=consultation, ended_at=timezone.now())
    officer_client.get(PLACE)
    with CaptureQueriesContext(connection) as one:
        officer_client.get(PLACE)
    for _ in range(5):
        other = keep(make_consultation(), 20)
        RetentionRun.objects.create(consultation=other, before=timezone.now(), ended_at=timezone.now())
    assert Consultation.objects.count() == 6

    with django_assert_num_queries(len(one)):
        officer_client.get(PLACE)
