"""A pause and a withdrawal: decided by the database where the opening hours are, and nothing that was begun is lost."""

import uuid

import pytest

from consultation import drafts, ledger, overview, pin, receipts
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Draft, Halt, Response, State
from tests.consultation.test_answering import answer_all, hidden, send
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db

REASON = "The map on page two is wrong."


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def halt(page, why=Halt.PAUSED, reason=REASON):
    """As an editor does it."""
    page.halt, page.halt_reason = why, reason if why else ""
    page.save_revision().publish()


@pytest.mark.parametrize("why", [Halt.PAUSED, Halt.WITHDRAWN])
def test_what_is_paused_or_withdrawn_takes_no_answer_whatever_the_server_still_believes(consultation, why):
    believed = Consultation.objects.get(pk=consultation.pk)
    Consultation.objects.update(halt=why)

    assert believed.state() == State.OPEN
    with pytest.raises(ledger.NotOpen):
        ledger.submit(believed, uuid.uuid4(), believed.published, "en", Channel.WEB, Answers({1: 1}))
    assert not Response.objects.exists()


def test_a_response_that_was_stored_before_the_pause_is_still_confirmed(consultation):
    key = uuid.uuid4()
    stored = ledger.submit(consultation, key, consultation.published, "en", Channel.WEB, Answers({1: 1}))
    Consultation.objects.update(halt=Halt.PAUSED)

    again = ledger.submit(consultation, key, consultation.published, "en", Channel.WEB, Answers({1: 1}))

    assert again.reference == stored.reference


def test_while_it_is_paused_nothing_that_was_sent_is_corrected_or_taken_back(visitor, page, path):
    answer_all(visitor, path)
    draft = Draft.objects.get()
    Consultation.objects.update(halt=Halt.PAUSED)

    with pytest.raises(ledger.NotOpen):
        receipts.withdraw(draft)
    assert visitor.post(f"{path}correct/").status_code == 409
    shown = visitor.get(f"{path}receipt/").content.decode()
    assert "is paused, so what you sent" in shown
    assert "More trees" in shown


def test_a_form_that_is_kept_in_memory_is_not_shown_during_a_pause(visitor, page, path):
    assert "Continue" in visitor.get(f"{path}1/").content.decode()
    Consultation.objects.update(halt=Halt.PAUSED)

    assert "This consultation is paused" in visitor.get(f"{path}1/").content.decode()


def test_who_is_answering_when_the_pause_begins_loses_nothing_and_can_go_on_after_it(visitor, page, path):
    send(visitor, f"{path}1/", q1="2")
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "41", "q4": "More trees"}
    halt(page)

    refused = visitor.post(f"{path}2/", form)
    halt(page, Halt.NONE)
    went_on = visitor.post(f"{path}2/", form)

    assert refused.status_code == 409
    assert "More trees" in refused.content.decode()
    assert went_on.status_code == 303
    assert drafts.answers(Draft.objects.get()).values == {1: 2, 2: None, 3: 41, 4: True}


def test_no_draft_is_cleared_because_of_a_pause(visitor, page, path):
    send(visitor, f"{path}1/", q1="2")
    halt(page)

    assert drafts.purge() == 0


def test_the_reason_is_said_in_the_leading_language_where_it_is_not_translated(
    visitor, page, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        irish = translate(page, "ga", {})
    halt(page)

    start = visitor.get(irish.url).content.decode()
    form = visitor.get(f"/answer/{page.consultation.pk}/ga/1/").content.decode()

    for shown in (start, form):
        assert f'lang="en"><p>{REASON}' in shown


def test_a_page_that_is_not_published_stays_paused_as_before(page, visitor, path):
    page.unpublish()

    found = overview.consultations().filter(overview.is_in(State.PAUSED))

    assert [row.pk for row in found] == [page.consultation.pk]
    assert visitor.get(f"{path}1/").status_code == 404


def test_what_is_withdrawn_shows_no_public_figures(consultation):
    consultation.results = Consultation.Results.WHILE_OPEN
    assert pin.may_show(consultation)

    consultation.halt = Halt.WITHDRAWN

    assert not pin.may_show(consultation)
