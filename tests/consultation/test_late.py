"""Sent late: refused at the instant, kindly, with everything that was typed on the page to copy, at every step."""

import datetime as dt
import html
import time
import uuid
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from consultation import drafts, instants, ledger, letters, outbox, overview
from consultation.access import Offer
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Draft, Response, State
from tests.consultation.test_answering import answer_all, hidden, send
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
# Half past one on the night of 25 October 2026 comes twice: in summer time, and an hour later in winter time.
FIRST, SECOND = (dt.datetime(2026, 10, 25, 1, 30, fold=n, tzinfo=LONDON).astimezone(dt.UTC) for n in (0, 1))
QUARTER = dt.timedelta(minutes=15)


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def close():
    Consultation.objects.update(closes_at=timezone.now())


def said(shown):
    return " ".join(html.unescape(shown.content.decode()).split())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"q3": "41", "q4": "More trees"}, ["41", "More trees"]),
        ({"q3": "forty-one", "q4": "More trees"}, ["forty-one", "More trees"]),
        ({"q3": "", "q4": "Too long. " + 30 * "More trees. "}, ["Too long. More trees. More trees."]),
    ],
)
def test_a_section_sent_late_shows_all_that_was_typed_whether_it_could_be_read_or_not(visitor, path, typed, shown):
    send(visitor, f"{path}1/", q1="3", q1_other="On a horse")
    form = hidden(visitor.get(f"{path}2/")) | typed
    close()

    late = visitor.post(f"{path}2/", form)

    assert late.status_code == 409
    for text in ["On a horse", *shown]:
        assert text in said(late)


def test_a_first_section_sent_late_shows_what_was_typed_although_there_is_no_draft(path):
    somebody = Client()
    form = hidden(somebody.get(f"{path}1/")) | {"q2": ["1", "2", "3"], "q1": "1", "q1_other": "On a horse"}
    close()

    late = said(somebody.post(f"{path}1/", form))

    for text in ("On foot", "On a horse", "Wider paths", "More buses", "Nothing"):
        assert text in late
    assert not Draft.objects.exists()


def test_the_check_page_sent_late_shows_every_answer_and_stores_nothing(visitor, path):
    send(visitor, f"{path}1/", q1="3", q1_other="On a horse")
    send(visitor, f"{path}2/", q3="41", q4="More trees")
    form = hidden(visitor.get(f"{path}check/"))
    close()

    late = visitor.post(f"{path}check/", form)

    assert late.status_code == 409
    for text in ("On a horse", "41", "More trees", "were not sent"):
        assert text in said(late)
    assert not Response.objects.exists()


def test_what_was_typed_about_a_question_that_is_gone_is_shown_too(visitor, page, path):
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "41", "q4": "More trees"}
    page.questionnaire = [page.questionnaire.raw_data[0]]
    page.closes_at = timezone.now()
    page.save_revision().publish()

    assert "More trees" in said(visitor.post(f"{path}2/", form))


def test_a_section_sent_twice_from_two_tabs_shows_what_could_not_be_read_either(visitor, path):
    send(visitor, f"{path}1/", q1="1")
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "forty-one", "q4": "A late thought"}
    send(visitor, f"{path}check/")

    late = said(visitor.post(f"{path}2/", form))

    assert "forty-one" in late
    assert "A late thought" in late


def test_who_comes_when_all_is_over_is_told_that_it_has_closed_and_not_to_begin_again(visitor, path):
    send(visitor, f"{path}1/", q1="1")
    check = hidden(visitor.get(f"{path}check/"))
    Consultation.objects.update(closes_at=timezone.now() - 2 * drafts.GRACE)

    late = said(visitor.post(f"{path}check/", check))

    assert "has closed" in late
    assert "Begin again" not in late


@pytest.mark.parametrize("ask_equality", [False, True])
def test_a_server_whose_clock_is_fast_refuses_nothing_that_is_sent_in_time(visitor, ask_equality):
    path = f"/answer/{make_consultation_page(ask_equality=ask_equality).consultation.pk}/en/"
    send(visitor, f"{path}1/", q1="2")
    last = visitor.get(f"{path}check/")
    if ask_equality:
        last = visitor.post(f"{path}check/", hidden(last), follow=True)
    step = f"{path}equality/" if ask_equality else f"{path}check/"
    Consultation.objects.update(closes_at=timezone.now() + dt.timedelta(seconds=60))

    with time_machine.travel(timezone.now() + dt.timedelta(seconds=120)):
        assert visitor.post(step, hidden(last))["Location"] == f"{path}done/"

    assert Response.objects.exists()


def test_what_is_sent_late_is_not_shown_to_be_sent_once_more(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    form = hidden(visitor.get(f"{path}check/"))
    send(visitor, f"{path}1/", q1="1")
    close()

    late = visitor.post(f"{path}check/", form)

    assert late.status_code == 409
    assert "has closed" in said(late)


def test_the_instant_of_closing_itself_is_too_late_and_the_one_before_is_not(consultation):
    closes = timezone.now() + dt.timedelta(seconds=2)
    Consultation.objects.update(closes_at=closes)

    def submit():
        ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, Answers({1: 1}))

    submit()
    while timezone.now() < closes:
        time.sleep(0.01)
    with pytest.raises(ledger.NotOpen):
        submit()
    assert Response.objects.get().received_at < closes


# The night when summer time ends


def test_the_hour_that_comes_twice_is_stored_as_two_instants_and_said_with_its_zone(consultation):
    seen = []
    for closes in (FIRST, SECOND):
        Consultation.objects.update(closes_at=closes)
        stored = Consultation.objects.get().closes_at
        seen.append((stored.astimezone(dt.UTC).strftime("%H:%M"), instants.in_words(stored)))

    assert seen == [("00:30", "25 October 2026, 01:30 BST"), ("01:30", "25 October 2026, 01:30 GMT")]


@pytest.mark.parametrize(
    ("closes", "now", "state"),
    [
        (FIRST, FIRST - QUARTER, State.OPEN),
        (FIRST, FIRST + QUARTER, State.CLOSED),
        (FIRST, SECOND - QUARTER, State.CLOSED),  # a quarter past one again, by the clock on the wall before closing
        (SECOND, FIRST + QUARTER, State.OPEN),
        (SECOND, SECOND, State.CLOSED),
    ],
)
def test_in_the_hour_that_comes_twice_the_database_and_the_server_agree(consultation, closes, now, state):
    Consultation.objects.update(opens_at=FIRST - dt.timedelta(days=9), closes_at=closes)

    row = overview.consultations().get()
    matching = [s for s in State if overview.consultations().filter(overview.is_in(s, now))]

    assert row.state(now) == state
    assert matching == [State.PAUSED if state == State.OPEN else state]  # it has no page


def test_the_hour_that_never_comes_is_passed_over_in_spring():
    before = dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC)

    assert instants.in_words(before) == "29 March 2026, 00:59 GMT"
    assert instants.in_words(before + dt.timedelta(minutes=1)) == "29 March 2026, 02:00 BST"


def test_start_page_form_and_letters_say_which_of_the_two_hours_it_is(visitor, page, path, mailoutbox, monkeypatch):
    answer_all(visitor, path)
    page.opens_at, page.closes_at = FIRST - dt.timedelta(days=100), SECOND
    page.save_revision().publish()
    record = Consultation.objects.get()
    draft, stored = Draft.objects.get(), Response.objects.get()

    letters.send_copy("ada@example.org", Offer(record, "en", {"en": page}), draft, stored, "https://example.org/")
    outbox.send_due()

    with time_machine.travel(FIRST):
        shown = [said(visitor.get(page.url)), mailoutbox[0].body, said(visitor.get(f"{path}done/"))]
    assert all("25 October 2026, 01:30 GMT" in text for text in shown)
    assert "25 October 2026, 01:30 GMT (UK time)" in said(Client().get(f"{path}1/"))
