"""Officers key in what came on paper: batches, sheets, what is wrong with them, the second check, undoing."""

import csv
import io
import re
import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation import batches, changes, instrument
from consultation.answers import Answers
from consultation.models import (
    Batch,
    Channel,
    Consultation,
    Entry,
    EqualityAnswers,
    Handling,
    Response,
    SecondKeying,
)
from consultation.source import SourceCondition
from tests.consultation.test_responses import said
from tests.factories import make_consultation, make_source

pytestmark = pytest.mark.django_db

SHEET = {"q1": "3", "q1_other": "by boat", "q2": "12", "q3": "41", "q4": "", "q5": "More trees"}


@pytest.fixture
def colleague(django_user_model):
    user = django_user_model.objects.create_user("colleague")
    user.groups.add(Group.objects.get(name="Officers (personal data)"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator_client(django_user_model):
    """Somebody who may bring in and nothing else."""
    user = django_user_model.objects.create_user("operator")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "bring_in_responses"]))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def batch(consultation):
    return opened(consultation)


def opened(consultation, **changes):
    known = {"source": Batch.Source.KEYED, "channel": Channel.PAPER, "language": "en", "name": "Library"}
    known |= {"version": consultation.version, "operator": "officer"}
    return Batch.objects.create(consultation=consultation, **(known | changes))


def place(batch, step=""):
    return f"/admin/consultations/{batch.consultation_id}/batches/{batch.pk}/{step}"


def key_in(client, batch, sheet=SHEET, step="key/", **more):
    """Send a sheet as the page has it, and give what comes back."""
    page = client.get(place(batch, step))
    hidden = dict(re.findall(r'<input type="hidden"\s+name="(key|expected|response)"\s+value="([^"]*)"', text(page)))
    return client.post(place(batch, step), {**hidden, **sheet, **more}, follow=True)


def text(page):
    return page.content.decode()


# Opening a batch


def test_a_batch_is_opened_and_leads_to_its_first_sheet(consultation, officer_client):
    version, root = consultation.version, f"/admin/consultations/{consultation.pk}/batches/"
    given = {"name": "Library", "channel": "paper", "language": "ga", "version": version.pk, "checked_twice": "on"}

    page = officer_client.post(f"{root}new/", {**given, "received_on": timezone.localdate().isoformat()}, follow=True)

    batch = Batch.objects.get()
    assert (batch.source, batch.operator, batch.by.username) == ("keyed", "officer", "officer")
    assert (batch.language, batch.checked_twice, batch.received_on) == ("ga", True, timezone.localdate())
    assert page.redirect_chain[-1][0] == place(batch, "key/")
    assert "Sheet 1" in said(page)


@pytest.fixture
def consultation(make_consultation):
    """In Irish, too."""
    made = make_consultation()
    made.wordings.create(item="q1", language="ga", text="Conas?", since=timezone.now())
    return made


def test_a_batch_is_of_paper_telephone_or_event_and_of_no_day_to_come(consultation, officer_client):
    root = f"/admin/consultations/{consultation.pk}/batches/new/"
    given = {"name": "Library", "channel": "web", "language": "en", "version": consultation.version_id}
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)

    page = officer_client.post(root, {**given, "received_on": tomorrow.isoformat()})

    assert not Batch.objects.exists()
    assert "That day has not come yet." in said(page)
    assert "web is not one of the available choices" in said(page)


def test_the_list_of_batches_says_how_many_and_asks_the_same_of_the_database_for_one_and_for_many(
    consultation, officer_client
):
    root = f"/admin/consultations/{consultation.pk}/batches/"
    counted = []
    for n in (1, 9):
        for _ in range(n):
            batches.add(opened(consultation, checked_twice=True), uuid.uuid4(), Answers({1: 1}), Name("anne"))
        officer_client.get(root)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = officer_client.get(root)
        counted.append(len(queries))

    assert counted[0] == counted[1]
    assert said(page).count("checked: 0 of 1") == 10


class Name(str):
    """Whoever is called so."""

    def get_username(self):
        return str(self)


# Keying in


def test_a_sheet_is_saved_counted_and_confirmed_and_the_next_one_follows(batch, officer_client):
    page = key_in(officer_client, batch)

    stored = Response.objects.get()
    assert f"Sheet 1 was saved as {stored.reference}." in said(page)
    assert place(batch, "1/") in text(page)
    assert "Sheet 2" in said(page)
    assert stored.answers == {"1": 3, "2": [1, 2], "3": 41, "4": None, "5": True}
    assert stored.channel == "paper"
    assert Entry.objects.get().operator == "officer"


def test_every_option_stands_beside_its_number_in_the_language_of_the_forms(consultation, officer_client):
    batch = opened(consultation, language="ga")

    page = officer_client.get(place(batch, "key/"))

    assert "Conas?" in text(page)
    assert re.search(r'keying-code">2</span>\s*<span\s*lang="en"\s*>By bus', text(page))
    assert len(re.findall(r"\bautofocus\b", text(page))) == 1


def test_what_is_wrong_is_said_and_everything_typed_stays(batch, officer_client):
    page = key_in(officer_client, batch, {**SHEET, "q1": "1,2", "q1_other": "", "q3": "many"})

    assert not Response.objects.exists()
    assert "Nothing was saved yet" in said(page)
    assert "it takes one answer. If the sheet has more than one ticked" in said(page)
    assert '<a href="#q3">“How old are you?”: enter a number, like 12.</a>' in re.sub(r">\s+|\s+<", trim, text(page))
    assert 'value="1,2"' in text(page)
    assert "More trees" in text(page)


def trim(match):
    return match[0].strip()


def test_a_required_question_can_be_blank_and_the_confirmation_says_so(batch, officer_client):
    page = key_in(officer_client, batch, {"q3": "41"})

    assert "Left blank although required: question 1." in said(page)
    assert Response.objects.get().answers["1"] is None


def test_a_blank_sheet_is_no_response(batch, officer_client):
    page = key_in(officer_client, batch, {})

    assert "A sheet that was left blank is no response." in said(page)
    assert not Response.objects.exists()


def test_answers_that_nobody_asked_for_are_left_out_only_when_somebody_says_so(officer_client):
    travel, green = make_source().sections
    routed = green.__class__(**{**vars(green), "show_if": SourceCondition("main-way", ("bus",))})
    batch = opened(make_consultation(sections=(travel, routed)))
    sheet = {"q1": "1", "q4": "North", "q5": "More trees"}

    page = key_in(officer_client, batch, sheet)
    assert "Answers to questions that this person is not asked" in said(page)
    assert 'value="4,5"' in text(page)
    key_in(officer_client, batch, sheet, leave_out="4")
    assert not Response.objects.exists()
    key_in(officer_client, batch, sheet, leave_out="4,5")

    assert Response.objects.get().answers == {"1": 1, "2": None, "3": None}


def test_the_same_form_sent_twice_is_one_sheet_and_other_answers_are_said_not_to_be_saved(batch, officer_client):
    key = str(uuid.uuid4())
    key_in(officer_client, batch, key=key)

    again = key_in(officer_client, batch, key=key)
    other = key_in(officer_client, batch, {**SHEET, "q3": "14"}, key=key)

    assert Response.objects.count() == 1
    assert "had been saved before with other answers" not in said(again)
    assert "Sheet 1 had been saved before with other answers, which stayed." in said(other)


def test_whoever_gets_another_number_than_was_shown_is_told(batch, officer_client):
    form = {"key": str(uuid.uuid4()), "expected": "1", **SHEET}
    batches.add(batch, uuid.uuid4(), Answers({1: 1}), Name("anne"))

    page = officer_client.post(place(batch, "key/"), form, follow=True)

    assert "so this one is 2: write that on it." in said(page)


def test_a_sheet_can_have_a_number_and_a_day_of_its_own(batch, officer_client):
    Consultation.objects.update(opens_at=timezone.now() - timezone.timedelta(days=9))
    day = timezone.localdate() - timezone.timedelta(days=2)

    key_in(officer_client, batch, number="40", received_on=day.isoformat())
    again = key_in(officer_client, batch, number="40")

    assert Entry.objects.get().number == 40
    assert timezone.localdate(Response.objects.get().received_at) == day
    assert "Another sheet of this batch has that number." in said(again)


def test_what_came_before_opening_or_after_closing_is_refused_with_the_days(batch, officer_client):
    day = timezone.localdate() - timezone.timedelta(days=5)

    page = key_in(officer_client, batch, received_on=day.isoformat())

    assert "Enter the day on which this arrived, from" in said(page)
    assert not Response.objects.exists()


def test_equality_answers_are_keyed_in_where_they_are_asked_and_kept_apart(consultation, officer_client):
    Consultation.objects.update(ask_equality=True)

    key_in(officer_client, opened(consultation), about_age="3")

    assert EqualityAnswers.objects.get().answers == {"age": "from25"}


# Correcting


def test_a_sheet_is_corrected_where_it_was_keyed_in_wrongly(batch, officer_client):
    key_in(officer_client, batch)
    page = officer_client.get(place(batch, "1/"))
    assert 'value="1,2"' in text(page)
    assert "by boat" in text(page)

    key_in(officer_client, batch, {**SHEET, "q3": "14"}, "1/")

    entry = Entry.objects.get()
    assert (entry.number, entry.response.answers["3"], entry.response.state) == (1, 14, "counted")
    assert Handling.objects.filter(act="viewed", name="officer").exists()


def test_a_correction_that_came_too_late_shows_what_is_there_now(batch, officer_client, colleague):
    key_in(officer_client, batch)
    stale = {"key": str(uuid.uuid4()), "response": Entry.objects.get().response_id, **SHEET, "q3": "15"}
    key_in(colleague, batch, {**SHEET, "q3": "14"}, "1/")

    page = officer_client.post(place(batch, "1/"), stale)

    assert "Somebody corrected this sheet meanwhile." in said(page)
    assert 'value="14"' in text(page)
    assert Entry.objects.get().response.answers["3"] == 14


def test_who_may_not_read_responses_corrects_their_own_sheets_alone(batch, officer_client, operator_client):
    key_in(officer_client, batch)
    key_in(operator_client, batch)

    assert operator_client.get(place(batch, "2/")).status_code == 200
    assert operator_client.get(place(batch, "1/")).status_code == 302
    listed = text(operator_client.get(place(batch)))
    assert place(batch, "2/") in listed
    assert place(batch, '1/"') not in listed
    assert "/responses/" not in listed


# The second check


def test_a_colleague_checks_a_sheet_without_seeing_it(consultation, officer_client, colleague):
    batch = opened(consultation, checked_twice=True)
    key_in(officer_client, batch)
    assert "There is nothing for you to check" in said(officer_client.get(place(batch)))

    page = colleague.get(place(batch, "check/"), follow=True)
    assert "Check sheet 1" in said(page)
    assert "by boat" not in text(page)
    assert "More trees" not in text(page)
    done = key_in(colleague, batch, SHEET, "1/check/")

    assert "Sheet 1 is checked: both keyings agree." in said(done)
    assert "Checked by a second person: 1 of 1." in said(done)
    assert Entry.objects.get().checked_by == "colleague"


def test_nobody_checks_their_own_by_its_address_either(consultation, officer_client):
    batch = opened(consultation, checked_twice=True)
    key_in(officer_client, batch)

    page = officer_client.post(place(batch, "1/check/"), SHEET, follow=True)

    assert "Sheet 1 is not for you to check." in said(page)
    assert Entry.objects.get().checked_at is None


def test_where_keyings_differ_both_are_shown_and_one_is_chosen(consultation, officer_client, colleague):
    batch = opened(consultation, checked_twice=True)
    key_in(officer_client, batch)

    page = key_in(colleague, batch, {**SHEET, "q1": "2", "q1_other": "", "q3": "14"}, "1/check/")
    assert "Another way: by boat" in said(page)
    assert "By bus" in said(page)
    assert "More trees" not in said(page)
    undecided = key_in(colleague, batch, {"q1": "second"}, "1/settle/")
    assert "Choose which is right for each question." in said(undecided)
    done = key_in(colleague, batch, {"q1": "second", "q3": "first"}, "1/settle/")

    assert "Sheet 1 is checked." in said(done)
    entry = Entry.objects.get()
    assert (entry.response.answers["1"], entry.response.answers["3"], entry.checked_by) == (2, 41, "colleague")
    assert not SecondKeying.objects.exists()


def test_the_first_operator_does_not_decide(consultation, officer_client, colleague):
    batch = opened(consultation, checked_twice=True)
    key_in(officer_client, batch)
    key_in(colleague, batch, {"q1": "2"}, "1/check/")

    page = officer_client.get(place(batch, "1/settle/"), follow=True)

    assert "There is nothing for you to decide about sheet 1." in said(page)


# Undoing


def test_undoing_is_asked_for_once_more_with_how_many(batch, officer_client):
    key_in(officer_client, batch)
    key_in(officer_client, batch)
    page = officer_client.get(place(batch, "undo/"))
    assert "2 responses came in with this batch." in said(page)
    assert Response.objects.exclude(state="erased").count() == 2

    done = officer_client.post(place(batch, "undo/"), follow=True)

    assert "The batch was undone: 2 responses were erased." in said(done)
    assert not Response.objects.exclude(state="erased").exists()
    closed = officer_client.get(place(batch, "key/"), follow=True)
    assert "Nothing can be keyed in for this batch any more." in said(closed)


def test_a_batch_is_that_of_its_consultation(batch, officer_client):
    other = make_consultation()

    assert officer_client.get(f"/admin/consultations/{other.pk}/batches/{batch.pk}/").status_code == 404


# What officers see of it elsewhere


def test_the_channel_is_shown_in_list_filter_response_and_file(batch, officer_client):
    key_in(officer_client, batch)
    row, root = Response.objects.get(), f"/admin/consultations/{batch.consultation_id}/"

    listed = said(officer_client.get(f"{root}responses/?channel=paper"))
    one = said(officer_client.get(f"{root}responses/{row.pk}/"))
    figures = said(officer_client.get(root))
    file = b"".join(officer_client.get(f"{root}responses.csv").streaming_content).decode()

    assert row.reference in listed
    assert "Paper form" in listed
    assert "Paper form" in one
    assert "Keyed in from the batch “Library” as sheet 1 officer" in one
    assert "Paper form" in figures
    assert "Key in paper, telephone and events" in figures
    assert [line["channel"] for line in csv.DictReader(io.StringIO(file))] == ["paper"]
    assert row.reference not in said(officer_client.get(f"{root}responses/?channel=phone"))


def test_the_page_of_a_batch_asks_the_same_of_the_database_for_one_sheet_and_for_many(batch, officer_client):
    asked = instrument.current(batch.consultation, "en")
    counted = []
    for n in (1, 9):
        for _ in range(n):
            batches.add(batch, uuid.uuid4(), Answers({1: 1}).asked_by(asked), Name("anne"))
        officer_client.get(place(batch))
        with CaptureQueriesContext(connection) as queries:
            page = officer_client.get(place(batch))
        counted.append(len(queries))

    assert counted[0] == counted[1]
    assert text(page).count("Correct<span") == 10


def test_a_sheet_that_was_erased_stays_in_the_batch_by_its_number_alone(batch, officer_client):
    key_in(officer_client, batch)
    changes.erase(Response.objects.get())

    page = officer_client.get(place(batch))

    assert "Erased" in said(page)
    assert place(batch, "1/") not in text(page)
    assert officer_client.get(place(batch, "1/")).status_code == 404
