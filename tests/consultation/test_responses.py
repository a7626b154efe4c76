"""Officers read single responses, and every reading leaves a trace."""

import csv
import datetime as dt
import io
import json
import re
import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation import changes, decisions, fold, instrument, ledger, summary
from consultation.answers import Answers
from consultation.models import (
    AnswerWords,
    Channel,
    Correction,
    Handling,
    ReadMark,
    Reason,
    Redaction,
    Response,
    Wording,
)
from consultation.recount import check
from consultation.redacting import GAP
from consultation.views import responses as view

pytestmark = pytest.mark.django_db

WROTE = "Ring 028 9018 0000. <b>More</b> trees"
GIVEN = Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): WROTE})


def submit(consultation, given=GIVEN, language="en", channel=Channel.WEB, reasons=()):
    asked = given.asked_by(instrument.current(consultation, language))
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, language, channel, asked, reasons=reasons)


@pytest.fixture
def reader(officer):
    """An officer with the rights to personal data."""
    codenames = ["read_responses", "redact_responses", "erase_responses", "view_audit"]
    officer.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return officer


@pytest.fixture
def reader_client(reader):
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture
def sent(consultation):
    """Three: the bus on paper, the one who wrote, and one in Irish."""
    bus = submit(consultation, Answers({1: 2}), channel=Channel.PAPER)
    return [bus, submit(consultation), submit(consultation, Answers({1: 2}), language="ga")]


def place(response, step=""):
    return f"/admin/consultations/{response.consultation_id}/responses/{response.pk}/{step}"


def listing(consultation, query=""):
    return f"/admin/consultations/{consultation.pk}/responses/{query}"


def said(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def listed(page):
    return re.findall(r"[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}(?= *</a>)", re.sub(r"\s+", " ", page.content.decode()))


# The list


def test_the_list_begins_with_the_newest_and_shows_how_each_begins(consultation, sent, reader_client):
    ReadMark.objects.create(response=sent[0], name="officer")

    page = reader_client.get(listing(consultation))

    assert listed(page) == [response.reference for response in reversed(sent)]
    text = said(page)
    assert "3 responses, counted live. Read: 1." in text
    assert "Paper form" in text
    assert "Irish" in text
    assert "Ring 028 9018 0000. &lt;b&gt;More" in page.content.decode()
    assert text.count("Not read") == 2 + 1  # and once in the filter's form


def test_the_list_says_its_filter_and_leads_to_the_same_figures_and_file(consultation, sent, reader_client):
    query = "?channel=paper&answer=1.2"

    page = reader_client.get(listing(consultation, query))

    assert listed(page) == [sent[0].reference]
    text = said(page)
    assert "Filtered: On paper; answered “By bus” to question 1" in text
    assert "1 response, of 3 that are counted." in text
    root = f"/admin/consultations/{consultation.pk}/"
    assert f'href="{root}?channel=paper&amp;answer=1.2"' in page.content.decode()
    figures = said(reader_client.get(f"{root}{query}"))
    assert "Filtered: On paper; answered “By bus” to question 1" in figures
    assert "1 response fits, counted live." in figures
    assert "1 answered of 1 asked" in figures
    download = reader_client.get(f"{root}responses.csv{query}")
    rows = list(csv.DictReader(io.StringIO(b"".join(download.streaming_content).decode())))
    assert [row["reference"] for row in rows] == [sent[0].reference]
    assert "responses-analysis-on-paper-answered-by-bus-to-question-1-" in download["Content-Disposition"]


@pytest.mark.parametrize("query", ["?since=soon", "?answer=9.9", "?theme=%00", "?area=1.1", "?written_in=tlh"])
def test_a_filter_that_can_not_be_read_shows_nothing_and_says_why(consultation, sent, reader_client, query):
    root = f"/admin/consultations/{consultation.pk}/"

    shown, figures, file = [reader_client.get(f"{root}{part}{query}") for part in ("responses/", "", "responses.csv")]

    assert listed(shown) == []
    assert "The filter could not be read, so nothing is shown." in said(shown)
    assert "No response that is counted fits." in said(figures)
    assert file.status_code == 400
    assert sent[0].reference not in file.content.decode()


def test_whoever_sees_figures_alone_can_not_ask_them_for_words(consultation, sent, officer, officer_client):
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_summary"]))

    page = officer_client.get(f"/admin/consultations/{consultation.pk}/?words=boat")

    assert "you need the right to read responses" in said(page)
    assert 'id="id_words"' not in page.content.decode()
    assert "No response that is counted fits." in said(page)


def test_filtered_figures_keep_their_filter_when_they_are_compared(consultation, sent, reader_client):
    page = reader_client.get(f"/admin/consultations/{consultation.pk}/?channel=paper&by=language")

    assert '<input type="hidden" name="channel" value="paper">' in page.content.decode()
    assert '<input type="hidden" name="by" value="language">' in page.content.decode()
    assert "Paper form 1" in said(page)


def test_equality_figures_do_not_stand_under_a_filter(make_consultation, reader_client):
    consultation = make_consultation(ask_equality=True)

    everybody, some = [
        said(reader_client.get(f"/admin/consultations/{consultation.pk}/{query}")) for query in ("", "?channel=paper")
    ]

    assert "Equality questions" in everybody
    assert "Equality questions" not in some
    assert "Equality figures are never filtered" in some


def test_held_responses_can_be_read_and_are_in_no_figure(consultation, sent, reader_client):
    held = submit(consultation, reasons=[Reason.TRAP])

    assert held.reference not in listed(reader_client.get(listing(consultation)))
    assert listed(reader_client.get(listing(consultation, "?standing=held"))) == [held.reference]
    shown = reader_client.get(listing(consultation, "?standing=held")).content.decode()
    assert "responses.csv" not in shown
    assert "Decide on held responses" in shown
    assert "Something was written into a field" in said(reader_client.get(place(held)))
    assert summary.of_consultation(consultation).received == 3


def test_list_and_response_ask_the_same_however_many_there_are(consultation, reader_client):
    def queries(address):
        with CaptureQueriesContext(connection) as asked:
            page = reader_client.get(address)
        assert page.status_code == 200
        return len(asked)

    first = submit(consultation)
    queries(listing(consultation))
    queries(place(first))
    before = [queries(listing(consultation, query)) for query in ("", "?channel=web")], queries(place(first))
    for _ in range(view.PAGE + 10):
        submit(consultation)
    fold.fold(consultation)

    assert [queries(listing(consultation, query)) for query in ("", "?channel=web")] == before[0]
    assert queries(place(first)) == before[1]
    page = reader_client.get(listing(consultation, "?p=2"))
    assert len(listed(page)) == 11
    assert "Page 2 of 2" in said(page)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, ""])
def test_any_page_can_be_asked_for(consultation, sent, reader_client, page):
    assert len(listed(reader_client.get(listing(consultation, f"?p={page}")))) == 3


# One response


def test_one_response_is_said_in_words_question_by_question(sent, reader_client):
    page = reader_client.get(place(sent[1]))

    text = said(page)
    assert "How do you mostly travel?" in text
    assert "Another way: by boat" in text
    assert "Wider paths More buses" in text
    assert "Ring 028 9018 0000. &lt;b&gt;More&lt;/b&gt; trees" in page.content.decode()
    assert "Skipped" in text
    assert "Seems to hold personal data." in text
    assert "version 1 of the questionnaire" in text


def test_a_question_reads_as_it_was_worded_then_with_the_officers_language_beside(consultation, sent, reader_client):
    now, hour = timezone.now(), dt.timedelta(hours=1)
    Wording.objects.create(consultation=consultation, item="q1", language="ga", text="Conas a thaistealaíonn tú?")
    Wording.objects.create(consultation=consultation, item="q1", language="en", text="What do you NOW say?")
    Wording.objects.filter(language="ga").update(since=now - hour)
    Wording.objects.filter(text="What do you NOW say?").update(since=now + hour)
    instrument.forget()

    page = reader_client.get(place(sent[2]))

    assert '<span lang="ga">Conas a thaistealaíonn tú?</span>' in page.content.decode()
    assert "How do you mostly travel?" in said(page)
    assert "NOW" not in said(page)


def test_neighbours_are_those_of_the_filter(consultation, sent, reader_client):
    query = "?answer=1.2"

    middle, newest = reader_client.get(place(sent[1])), reader_client.get(place(sent[2]) + query)

    assert f'rel="prev" href="{place(sent[2])}"' in middle.content.decode()
    assert f'rel="next" href="{place(sent[0])}"' in middle.content.decode()
    assert 'rel="prev"' not in newest.content.decode()
    assert f'rel="next" href="{place(sent[0])}{query}"' in newest.content.decode()
    assert f'href="{listing(consultation)}{query}"' in newest.content.decode()


def test_a_response_is_marked_as_read_for_everybody_and_unread_again(sent, reader_client, administrator_client):
    reader_client.post(place(sent[1]), {"mark": "read"})
    administrator_client.post(place(sent[1]), {"mark": "read"})
    assert "read by officer" in said(administrator_client.get(place(sent[1])))
    assert ReadMark.objects.get().name == "officer"

    administrator_client.post(place(sent[1]), {"mark": "unread"})
    assert not ReadMark.objects.exists()


def test_reading_on_goes_to_the_next_that_fits_although_this_one_no_longer_does(sent, reader_client):
    query = "?read=unread&answer=1.2"

    gone_on = reader_client.post(place(sent[2]) + query, {"mark": "read", "then": "next"})

    assert gone_on["Location"] == place(sent[0]) + query


def test_looking_marks_nothing(sent, reader_client):
    reader_client.get(place(sent[0]))

    assert not ReadMark.objects.exists()


def test_the_history_tells_of_corrections_and_decisions(consultation, sent, officer, reader_client):
    held = submit(consultation, reasons=[Reason.TRAP])
    decisions.decide(held, decisions.Verdict.RELEASED, officer)
    corrected = changes.correct(held, uuid.uuid4(), consultation.published, "en", Answers({1: 1}))

    text = said(reader_client.get(place(corrected))).partition("History")[2]

    parts = ["Received", "Held: Something was written", "Released officer", "Corrected by whoever sent it"]
    assert all(part in text for part in parts)
    assert reader_client.get(place(held)).status_code == 404


def test_what_says_nothing_any_more_and_what_is_elsewhere_can_not_be_opened(sent, make_consultation, reader_client):
    elsewhere = submit(make_consultation())
    changes.withdraw(sent[0])
    other = f"/admin/consultations/{sent[1].consultation_id}/responses/{elsewhere.pk}/"

    for step in ("", "copy.json", "erase/", "redact/5/0/"):
        assert reader_client.get(place(sent[0], step)).status_code == 404
        assert reader_client.get(other + step).status_code == 404


def test_a_response_is_found_by_its_reference_however_it_is_typed(sent, reader_client):
    find = "/admin/consultations/find/"

    assert reader_client.get(find, {"reference": f" {sent[1].reference.lower()} "})["Location"] == place(sent[1])
    missing = reader_client.get(find, {"reference": "<ABC>\x00"})
    assert "There is nothing to read under the reference" in said(missing)
    assert "<ABC>" not in missing.content.decode()


# For the person


def test_the_copy_holds_everything_that_is_kept_and_names_no_staff(sent, reader, reader_client):
    ReadMark.objects.create(response=sent[1], by=reader, name="officer")

    file = reader_client.get(place(sent[1], "copy.json"))

    copy = json.loads(file.content)
    answers = {q["number"]: q for section in copy["sections"] for q in section["questions"]}
    assert copy["reference"] == sent[1].reference
    assert answers[5]["answer"] == [WROTE]
    assert answers[1]["answer"] == ["Another way: by boat"]
    assert answers[4]["skipped"]
    assert f'filename="response-{sent[1].reference}.json"' in file["Content-Disposition"]
    assert "officer" not in file.content.decode()


def test_erasing_asks_first_and_takes_the_response_out_of_every_figure(consultation, sent, reader_client):
    fold.fold(consultation)
    Redaction.objects.create(response=sent[1], question=5, text=GAP, name="officer")
    assert "can’t be undone" in said(reader_client.get(place(sent[1], "erase/")))
    assert Response.objects.get(pk=sent[1].pk).answers

    done = reader_client.post(place(sent[1], "erase/"), follow=True)

    assert f"Response {sent[1].reference} was erased." in said(done)
    erased = Response.objects.get(pk=sent[1].pk)
    assert (erased.state, erased.answers, erased.reference) == ("erased", {}, None)
    assert not AnswerWords.objects.exists()
    assert not Redaction.objects.exists()
    assert summary.of_consultation(consultation).received == 2
    assert check(consultation) == []
    assert Handling.objects.filter(act="erased", response=erased, name="officer").count() == 1


def test_an_erasure_that_can_not_be_recorded_is_not_done(sent, reader, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("consultation.trail.note", fail)
    client = Client(raise_request_exception=False)
    client.force_login(reader)

    assert client.post(place(sent[1], "erase/")).status_code == 500
    assert Response.objects.get(pk=sent[1].pk).state == "counted"


@pytest.mark.parametrize("change", ["withdraw", "erase", "anonymise", "correct"])
def test_a_redacted_copy_goes_where_its_original_goes(consultation, sent, change):
    Redaction.objects.create(response=sent[1], question=5, text=GAP, name="officer")

    if change == "anonymise":
        changes.anonymise(consultation, timezone.now() + dt.timedelta(seconds=1))
    elif change == "correct":
        changes.correct(sent[1], uuid.uuid4(), consultation.published, "en", Answers({1: 1}))
    else:
        getattr(changes, change)(sent[1])

    assert not Redaction.objects.exists()


@pytest.mark.parametrize("change", ["erase", "anonymise"])
def test_nothing_tells_any_more_which_response_was_corrected_into_which(consultation, sent, change):
    new = changes.correct(sent[1], uuid.uuid4(), consultation.published, "en", Answers({1: 1}))
    assert Correction.objects.count() == 1

    if change == "erase":
        changes.erase(new)
    else:
        changes.anonymise(consultation, timezone.now() + dt.timedelta(seconds=1))

    assert not Correction.objects.exists()


# Redacting


def test_what_looks_like_personal_data_is_marked_and_left_out_at_first(sent, reader_client):
    page = reader_client.get(place(sent[1], "redact/5/0/"))

    shown = page.content.decode()
    assert '<mark title="telephone number">028 9018 0000' in shown
    assert f"Ring {GAP}. &lt;b&gt;More&lt;/b&gt; trees</textarea>" in shown


def test_the_copy_is_kept_beside_the_original(sent, reader, reader_client):
    address = place(sent[1], "redact/5/0/")

    done = reader_client.post(address, {"text": f"{GAP}\r\n".strip() + " trees"}, follow=True)

    assert "The redacted copy was saved." in said(done)
    copy = Redaction.objects.get()
    assert (copy.text, copy.by, copy.name) == (f"{GAP} trees", reader, "officer")
    assert AnswerWords.objects.get(response=sent[1], question=5).text == WROTE
    assert "Redacted copy: […] trees" in said(reader_client.get(place(sent[1])))
    assert f"{GAP} trees</textarea>" in reader_client.get(address).content.decode()

    reader_client.post(address, {"text": " "})
    assert not Redaction.objects.exists()


@pytest.mark.parametrize("text", ["Fewer trees", "More trees", f"{GAP} trees!", WROTE[:-1]])
def test_a_copy_that_says_something_else_is_refused(sent, reader_client, text):
    page = reader_client.post(place(sent[1], "redact/5/0/"), {"text": text})

    assert "The copy says something that was not written." in said(page)
    assert not Redaction.objects.exists()


def test_a_copy_that_still_holds_a_number_is_saved_with_a_warning(sent, reader_client):
    done = reader_client.post(place(sent[1], "redact/5/0/"), {"text": WROTE}, follow=True)

    assert "1 thing in it still looks like personal data" in said(done)


def test_what_was_taken_back_meanwhile_gets_no_copy(sent, reader_client, monkeypatch):
    def take_back(original, copy):
        changes.withdraw(sent[1])
        return True

    monkeypatch.setattr("consultation.redacting.only_leaves_out", take_back)

    assert reader_client.post(place(sent[1], "redact/5/0/"), {"text": GAP}).status_code == 404
    assert not Redaction.objects.exists()


# The trail


def test_each_view_is_recorded_once_an_hour_for_each_officer(sent, reader, reader_client, administrator_client):
    for client in (reader_client, reader_client, administrator_client):
        client.get(place(sent[1]))
    assert sorted(Handling.objects.values_list("name", "act")) == [("administrator", "viewed"), ("officer", "viewed")]

    Handling.objects.update(hour=timezone.now() - dt.timedelta(hours=2))
    reader_client.get(place(sent[1]))
    assert Handling.objects.filter(name="officer").count() == 2


def test_lists_and_figures_are_no_view_but_held_responses_are(consultation, sent, reader_client):
    held = submit(consultation, reasons=[Reason.TRAP])
    reader_client.get(listing(consultation))
    reader_client.get(f"/admin/consultations/{consultation.pk}/")
    assert not Handling.objects.exists()

    reader_client.get(f"/admin/consultations/{consultation.pk}/held/")

    assert [row.response for row in Handling.objects.all()] == [held]


def test_every_act_is_in_the_report(sent, reader_client):
    reader_client.get(place(sent[1]))
    reader_client.get(place(sent[1], "copy.json"))
    reader_client.post(place(sent[1], "redact/5/0/"), {"text": WROTE})
    reader_client.post(place(sent[0], "erase/"))

    report = reader_client.get("/admin/consultations/handled/")

    text = said(report)
    assert all(f"officer {act}" in text for act in ("Viewed", "Exported", "Redacted", "Erased"))
    assert place(sent[1]) in report.content.decode()
    assert place(sent[0]) not in report.content.decode()  # nothing is left to open
    only = said(reader_client.get("/admin/consultations/handled/results/?act=erased"))
    assert "officer Erased" in only
    assert "officer Viewed" not in only


def test_the_report_outlives_its_user_and_asks_the_same_however_long_it_is(sent, reader, administrator_client):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert administrator_client.get("/admin/consultations/handled/").status_code == 200
        return len(asked)

    hour = timezone.now()
    Handling.objects.create(response=sent[1], act="viewed", by=reader, name="officer", hour=hour)
    queries()
    before = queries()
    for n in range(40):
        Handling.objects.create(response=sent[n % 3], act="viewed", name=f"u{n}", hour=hour)
    assert queries() == before

    reader.delete()
    assert "officer" in said(administrator_client.get("/admin/consultations/handled/"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_report_can_be_taken_along(sent, reader_client, kind):
    Handling.objects.create(response=sent[1], act="viewed", name="=1+1", hour=timezone.now())

    file = reader_client.get(f"/admin/consultations/handled/?export={kind}")

    content = b"".join(file.streaming_content) if file.streaming else file.content
    assert file.status_code == 200
    assert kind == "xlsx" or b"'=1+1,viewed" in content.lower()


def test_who_may_not_see_the_report_sees_no_entry(officer_client, administrator_client):
    assert "consultations/handled/" not in officer_client.get("/admin/").content.decode()
    assert "consultations/handled/" in administrator_client.get("/admin/").content.decode()


def test_who_may_not_read_sees_no_way_to_responses(consultation, sent, officer, officer_client):
    officer.groups.set(Group.objects.filter(name="Officers (analysis)"))

    pages = [officer_client.get(f"/admin/consultations/{part}") for part in ("", f"{consultation.pk}/")]

    assert not any("/responses/" in page.content.decode() for page in pages)


def test_a_reader_who_may_not_erase_or_redact_sees_neither(sent, officer, officer_client):
    officer.groups.set(Group.objects.filter(name="Officers (analysis)"))
    officer.user_permissions.set(Permission.objects.filter(codename="read_responses"))

    page = officer_client.get(place(sent[1])).content.decode()

    assert "erase/" not in page
    assert "redact/" not in page
    assert "Seems to hold personal data." in page


@pytest.mark.parametrize("step", ["", "erase/", "redact/5/0/"])
def test_nothing_is_done_from_another_site(sent, reader, step):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)

    assert client.post(place(sent[1], step), {"mark": "read", "text": WROTE}).status_code == 403
    assert not ReadMark.objects.exists()
    assert not Redaction.objects.exists()
    assert Response.objects.filter(pk=sent[1].pk, state="counted").exists()
