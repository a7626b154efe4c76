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

    assert refused.status_code == 409
    assert "More trees" in refused.content.decode()
    assert "was saved, too" in refused.content.decode()
    assert drafts.answers(Draft.objects.get()).values == {1: 2, 2: None, 3: 41, 4: True}
    assert visitor.get(path)["Location"] == f"{path}2/"
    assert "More trees" in visitor.get(f"{path}2/").content.decode()
    assert visitor.post(f"{path}2/", hidden(visitor.get(f"{path}2/")) | {"q3": "42"}).status_code == 303


def test_a_first_section_typed_when_the_pause_begins_is_saved_and_found_again(visitor, page, path):
    form = hidden(visitor.get(f"{path}1/")) | {"q2": ["1"]}
    halt(page)

    assert "was saved, too" in visitor.post(f"{path}1/", form).content.decode()
    halt(page, Halt.NONE)

    assert drafts.answers(Draft.objects.get()).values == {2: [1]}
    assert "checked" in visitor.get(f"{path}1/").content.decode()


@pytest.mark.parametrize("seen", [None, "of another tab"])
def test_what_a_pause_could_not_save_is_said_and_shown_and_replaces_nothing(visitor, page, path, seen):
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}2/", q3="40", q4="Benches")
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "forty-one", "q4": "More trees"} | ({"seen": seen} if seen else {})
    halt(page)

    shown = visitor.post(f"{path}2/", form).content.decode()

    assert "could be saved" in shown
    assert "was saved, too" not in shown
    assert "forty-one" in shown
    assert "More trees" in shown
    kept = drafts.answers(Draft.objects.get())
    assert kept.values[3] == 40
    assert kept.words == {(4, 0): "Benches" if seen else "More trees"}


def test_nothing_is_saved_once_it_has_closed(visitor, page, path):
    send(visitor, f"{path}1/", q1="2")
    form = hidden(visitor.get(f"{path}2/")) | {"q4": "More trees"}
    halt(page, Halt.WITHDRAWN)

    assert "More trees" in visitor.post(f"{path}2/", form).content.decode()
    assert drafts.answers(Draft.objects.get()).words == {}


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
