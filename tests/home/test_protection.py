"""An answered consultation's last page can't be deleted, on any path; its answers never can."""

import uuid

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import Page

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Response
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    page = make_consultation_page()
    consultation = page.consultation
    asked = Answers({1: 1}).asked_by(instrument.current(consultation, "en"))
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, asked)
    return page


def still_there(page):
    return Page.objects.filter(pk=page.pk).exists() and Response.objects.count() == 1


def test_code_can_not_delete_it(page):
    with pytest.raises(ProtectedError):
        page.delete()
    assert still_there(page)


def test_nor_can_deleting_its_parent(page):
    with pytest.raises(ProtectedError):
        page.get_parent().specific.delete()
    assert still_there(page)


@pytest.mark.parametrize("which", ["page", "parent"])
def test_the_admin_refuses_kindly(page, which, administrator_client):
    target = page if which == "page" else page.get_parent()

    shown = administrator_client.post(reverse("wagtailadmin_pages:delete", args=[target.pk]), follow=True)

    assert still_there(page)
    assert shown.status_code == 200
    assert "People have answered “The town’s plan”" in shown.content.decode()


def test_bulk_deletion_refuses_kindly(page, administrator_client):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])

    shown = administrator_client.post(f"{address}?id={page.pk}&next=/admin/", follow=True)

    assert still_there(page)
    assert shown.status_code == 200


def test_without_answers_it_can_be_deleted():
    page = make_consultation_page(title="Never answered")

    page.delete()

    assert not Page.objects.filter(pk=page.pk).exists()
