"""What can't be read or is not there is the sender's fault, and never a 500."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

UNREADABLE = "multipart/form-data; boundary="


def test_an_unreadable_form_is_refused_even_with_a_csrf_cookie():
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies[settings.CSRF_COOKIE_NAME] = "x" * 64

    assert browser.post("/answer/nowhere/", b"--", content_type=UNREADABLE).status_code == 404
    assert browser.post("/admin/login/", b"--", content_type=UNREADABLE).status_code == 400


@pytest.mark.parametrize("digits", [19, 30, 4_000])
def test_a_consultation_whose_number_no_database_knows_is_not_there(visitor, digits):
    number = "9" * digits

    assert visitor.get(f"/answer/{number}/en/").status_code == 404
    assert visitor.get(f"/answer/{number}/en/1/").status_code == 404


def test_a_form_that_says_it_asked_a_question_of_5000_digits_asked_none(visitor):
    path = f"/answer/{make_consultation_page().consultation.pk}/en/1/"

    assert visitor.post(path, {"asked": "9" * 5_000, "token": "forged"}).status_code == 403
