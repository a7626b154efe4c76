"""The link and a copy of the answers by e-mail: asked for on the pages that show them, three times at most."""

import re

import pytest
from django.test import Client

from consultation import outbox
from consultation.models import Draft, Message, Response
from tests.consultation.test_answering import answer_all, send
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def path():
    return f"/answer/{make_consultation_page().consultation.pk}/en/"


def link(text):
    return re.search(r"http://testserver(/answer/\S+/return/[^\s<\"]+)", text)[1]


def test_the_link_arrives_by_e_mail_and_opens_the_answers_elsewhere(visitor, path, mailoutbox):
    send(visitor, f"{path}1/", q1="2")

    shown = visitor.post(f"{path}later/", {"email": " ada@example.org "}).content.decode()
    outbox.send_due()

    assert "will be sent within a few minutes" in shown
    assert "ada@example.org" in shown
    (letter,) = mailoutbox
    assert letter.to == ["ada@example.org"]
    opened = Client().post(link(letter.body), follow=True)
    assert opened.request["PATH_INFO"] == f"{path}2/"


@pytest.mark.parametrize("step", ["done", "receipt"])
def test_a_copy_says_what_was_sent_and_how_to_take_it_back(visitor, path, step, mailoutbox):
    answer_all(visitor, path)

    visitor.post(f"{path}{step}/", {"email": "ada@example.org"})
    outbox.send_due()

    text = mailoutbox[0].body
    assert f"Your reference is {Response.objects.get().reference}" in text
    assert "\n    More trees\n" in text
    assert "take it back" in text
    assert "What happens next" in text
    browser = Client()
    browser.post(link(text))
    assert "More trees" in browser.get(f"{path}receipt/").content.decode()


def test_an_answer_stays_an_answer_in_the_copy(visitor, path, mailoutbox):
    typed = "<b>Tom & Ada</b>\r\nWhat happens next\r\n-----------------\r\nSend money & <i>more</i>"
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}2/", q4=typed)
    send(visitor, f"{path}check/")

    visitor.post(f"{path}done/", {"email": "ada@example.org"})
    outbox.send_due()

    text = mailoutbox[0].body
    assert "    <b>Tom & Ada</b>\n    What happens next\n    ------" in text
    assert re.findall(r"^What happens next\n=", text, re.MULTILINE) == ["What happens next\n="]


@pytest.mark.parametrize(
    "typed", ["", "ada", "ada@example.org, eve@example.org", "ada@example.org\nBcc: eve@example.org"]
)
def test_what_is_no_address_is_said_and_kept(visitor, path, typed):
    send(visitor, f"{path}1/", q1="2")

    shown = visitor.post(f"{path}later/", {"email": typed}).content.decode()

    assert re.search(r"<title>\s*Error:", shown)
    assert '<a href="#email">Enter an e-mail address' in shown
    assert 'aria-invalid="true"' in shown
    assert f'value="{typed}"' in shown
    assert not Message.objects.exists()


def test_three_e_mails_are_enough_for_one_draft(visitor, path):
    send(visitor, f"{path}1/", q1="2")

    said = [visitor.post(f"{path}later/", {"email": f"{n}@example.org"}).content.decode() for n in range(4)]

    assert ["Copy the link from this page" in text and "Error:" in text for text in said] == [False] * 3 + [True]
    assert Message.objects.count() == 3
    answer_all(visitor, path)
    visitor.post(f"{path}done/", {"email": "4@example.org"})
    assert Message.objects.count() == 3


def test_the_address_is_in_the_outbox_and_nowhere_else(visitor, path, mailoutbox):
    answer_all(visitor, path)
    visitor.post(f"{path}done/", {"email": "ada@example.org"})

    outbox.send_due()

    assert mailoutbox
    assert not Message.objects.exists()
    assert "ada@" not in repr(Draft.objects.values().get()) + repr(Response.objects.values().get())


@pytest.mark.parametrize("step", ["later", "done", "receipt"])
def test_where_no_mail_is_set_up_none_is_offered(visitor, path, step, settings):
    settings.OFFER_MAIL = False
    send(visitor, f"{path}1/", q1="2") if step == "later" else answer_all(visitor, path)

    assert "mail" not in visitor.get(f"{path}{step}/").content.decode().split("<main")[1].split("</main")[0]
    assert visitor.post(f"{path}{step}/", {"email": "ada@example.org"}).status_code == 404
    assert not Message.objects.exists()


def test_whoever_has_no_draft_sends_nothing(visitor, path):
    answer_all(visitor, path)

    for step in ("later", "done", "receipt"):
        Client().post(f"{path}{step}/", {"email": "ada@example.org"})

    assert not Message.objects.exists()


def test_another_site_can_not_ask_for_an_e_mail(visitor, path):
    send(visitor, f"{path}1/", q1="2")

    refused = visitor.post(f"{path}later/", {"email": "a@example.org"}, headers={"sec-fetch-site": "cross-site"})

    assert refused.status_code == 403
    assert not Message.objects.exists()


def test_what_was_taken_back_is_not_sent_to_anybody(visitor, path):
    answer_all(visitor, path)
    visitor.post(f"{path}withdraw/")

    visitor.post(f"{path}receipt/", {"email": "ada@example.org"})

    assert not Message.objects.exists()


def test_a_copy_speaks_the_language_of_the_visit(mailoutbox, django_capture_on_commit_callbacks):
    page = make_consultation_page()
    with django_capture_on_commit_callbacks(execute=True):
        translate(page, "ga", {"How do you mostly travel?": "Conas a thaistealaíonn tú?"})
    path, visitor = f"/answer/{page.consultation.pk}/ga/", Client()
    answer_all(visitor, path)

    visitor.post(f"{path}done/", {"email": "ada@example.org"})
    outbox.send_due()

    (letter,) = mailoutbox
    assert letter.subject.startswith("Do fhreagraí: ")
    assert "Conas a thaistealaíonn tú?\n    By bus\n" in letter.body  # what is not translated falls back
    assert letter.extra_headers["Content-Language"] == "ga"
