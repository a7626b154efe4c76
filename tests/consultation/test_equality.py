"""The equality questions: after the check, optional as a whole and each by each, and nowhere but in their own table."""

import datetime as dt
import io
import logging
import re
import zipfile
from itertools import product

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from consultation import equality, outbox, receipts
from consultation.equality import DECLINED, QUESTIONS
from consultation.models import Consultation, Draft, EqualityAnswers, Message, Response
from tests.consultation.test_answering import hidden, send
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db

AGE, RELIGION = "about_age", "about_religion"


@pytest.fixture
def page():
    return make_consultation_page(ask_equality=True)


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def checked(client, path):
    """Answer the form, press Continue on the check page, and give the page that comes."""
    send(client, f"{path}1/", q1="2", q2=["1", "2"])
    send(client, f"{path}2/", q3="41", q4="More trees")
    return client.get(send(client, f"{path}check/")["Location"])


def said():
    return [row.answers for row in EqualityAnswers.objects.all()]


# The questions themselves


def test_the_groups_of_the_law_are_asked_about_and_political_opinion_only_on_a_basis():
    without, with_basis = ([q.key for q in equality.asked(True, basis)] for basis in (" ", "Article 9(2)(j)"))

    assert set(with_basis) == {
        *("age", "gender", "trans", "religion", "ethnicity", "disability", "dependants", "marriage"),
        *("orientation", "politics"),
    }
    assert set(with_basis) - set(without) == {"politics"}
    assert equality.asked(False, "Article 9(2)(j)") == ()


def test_each_can_be_declined():
    assert all(str(question.options[DECLINED]) == "Prefer not to say" for question in QUESTIONS)
    assert not any(DECLINED in question.alone for question in QUESTIONS)


def test_declining_is_an_answer_and_a_blank_is_none():
    form = {AGE: [DECLINED], RELIGION: [""], "about_trans": []}

    assert equality.read(QUESTIONS, form) == {"age": DECLINED}


def test_what_is_not_offered_or_not_asked_is_not_read():
    form = {AGE: ["from999"], "about_politics": ["unionist"]}

    assert equality.read(equality.asked(True, ""), form) == {}


# The page


def test_where_they_are_not_asked_the_check_page_sends_at_once(visitor):
    path = f"/answer/{make_consultation_page().consultation.pk}/en/"
    send(visitor, f"{path}1/", q1="2")

    assert "Send my answers" in visitor.get(f"{path}check/").content.decode()
    assert send(visitor, f"{path}check/")["Location"] == f"{path}done/"
    assert visitor.get(f"{path}equality/")["Location"] == f"{path}done/"


def test_the_check_page_leads_to_them_and_nothing_is_sent_before(visitor, path):
    shown = checked(visitor, path).content.decode()

    assert shown.count("<fieldset") == len(QUESTIONS) - 1
    assert "Nothing has been sent yet" in shown
    assert "checked" not in shown
    assert not Response.objects.exists()


def test_what_is_chosen_is_sent_with_the_answers_and_stored_apart(visitor, path):
    form = hidden(checked(visitor, path))

    sent = visitor.post(f"{path}equality/", form | {AGE: "from35", RELIGION: DECLINED})

    assert sent["Location"] == f"{path}done/"
    assert Response.objects.get().answers == {"1": 2, "2": [1, 2], "3": 41, "4": True}
    assert said() == [{"age": "from35", "religion": "declined"}]


@pytest.mark.parametrize("more", [{}, {"skip": "1"}, {"skip": "1", AGE: "from35"}])
def test_all_of_them_can_be_left_out(visitor, path, more):
    form = hidden(checked(visitor, path))

    visitor.post(f"{path}equality/", form | more)

    assert Response.objects.count() == 1
    assert said() == []


def test_political_opinion_is_asked_once_a_basis_is_published(visitor, page, path):
    checked(visitor, path)
    page.political_basis = "Article 9(2)(j), decided by the equality officer"
    page.save_revision().publish()

    shown = visitor.get(send(visitor, f"{path}check/")["Location"]).content.decode()

    assert "political opinion" in shown
    assert "Article 9" not in shown


def test_a_draft_of_the_page_asks_nothing_new(visitor, page, path):
    page.political_basis = "Not decided yet"
    page.save_revision()

    assert "political opinion" not in checked(visitor, path).content.decode()


def test_pressing_twice_stores_once(visitor, path):
    form = hidden(checked(visitor, path)) | {AGE: "from35"}

    for _ in range(2):
        assert visitor.post(f"{path}equality/", form)["Location"] == f"{path}done/"

    assert Response.objects.count() == 1
    assert said() == [{"age": "from35"}]


def test_sending_again_after_the_cookie_was_lost_still_confirms(visitor, path):
    form = hidden(checked(visitor, path)) | {AGE: "from35"}
    visitor.post(f"{path}equality/", form)

    again = Client().post(f"{path}equality/", form)

    assert Response.objects.get().reference in again.content.decode()
    assert said() == [{"age": "from35"}]


def test_it_can_not_be_opened_without_the_check_page_before_it(visitor, path):
    assert visitor.get(f"{path}equality/").status_code == 400
    send(visitor, f"{path}1/", q1="2")

    for query in ("", "?version=1&revision=0", "?version=9&revision=1"):
        assert visitor.get(f"{path}equality/{query}")["Location"] == f"{path}check/"


def test_a_token_of_another_answering_sends_nothing(visitor, path):
    form = hidden(checked(visitor, path))
    other = hidden(checked(Client(), path))

    visitor.post(f"{path}equality/", form | {"token": other["token"], AGE: "from35"})

    assert not Response.objects.exists()


def test_in_another_language_the_page_goes_on_from_the_same_check(visitor, page, path):
    translate(page.get_parent(), "ga", {})
    translate(page, "ga", {})
    page.get_translation(page.locale.__class__.objects.get(language_code="ga")).save_revision().publish()
    shown = checked(visitor, path).content.decode()

    irish = re.search(r'formaction="(/answer/\d+/ga/equality/[^"]+)"', shown)[1].replace("&amp;", "&")
    form = hidden(visitor.get(irish))
    visitor.post(irish.split("?")[0], form | {AGE: "from35"})

    assert Response.objects.get().language == "ga"
    assert said() == [{"age": "from35"}]


# What was shown is what is sent


def test_what_changed_meanwhile_is_shown_once_more_and_what_was_chosen_goes_on_with_it(visitor, path):
    form = hidden(checked(visitor, path)) | {AGE: "from35"}
    send(visitor, f"{path}2/", q3="42", q4="More trees")

    shown = visitor.post(f"{path}equality/", form)
    carried = hidden(shown)
    again = visitor.post(f"{path}check/", carried)

    assert "Please check your answers once more" in shown.content.decode()
    assert "goes on from here with you" in shown.content.decode()
    assert not Response.objects.exists()
    assert carried[AGE] == "from35"
    assert re.search(r'value="from35"[^>]*checked', again.content.decode())
    visitor.post(f"{path}equality/", hidden(again) | {AGE: "from35"})
    assert (Response.objects.get().answers["3"], said()) == (42, [{"age": "from35"}])


def test_the_check_page_that_comes_in_reply_leads_on_and_does_not_send(visitor, path):
    form = hidden(checked(visitor, path)) | {AGE: "from35"}
    send(visitor, f"{path}2/", q3="42", q4="More trees")

    shown = visitor.post(f"{path}equality/", form).content.decode()

    assert f'action="{path}check/"' in shown


def test_it_is_refused_kindly_after_closing(visitor, page, path):
    form = hidden(checked(visitor, path)) | {AGE: "from35"}
    Consultation.objects.update(closes_at=timezone.now() - dt.timedelta(seconds=1))

    late = visitor.post(f"{path}equality/", form)

    assert late.status_code == 409
    assert "More trees" in late.content.decode()
    assert "What you chose on the page about yourself was not sent either" in late.content.decode()
    assert not Response.objects.exists() and said() == []


def test_a_database_that_is_away_gives_everything_back_to_be_sent_again(visitor, path, monkeypatch):
    form = hidden(checked(visitor, path)) | {AGE: "from35"}

    def fail(*args, **more):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(receipts, "send", fail)
        shown = visitor.post(f"{path}equality/", form)

    assert shown.status_code == 503
    fields = dict(re.findall(r'<textarea name="(\w+)" hidden>\n(.*)</textarea>', shown.content.decode()))
    assert fields == form
    assert shown.content.decode().count("from35") == 1  # not among what can be read and copied
    visitor.post(f"{path}equality/", fields)
    assert said() == [{"age": "from35"}]


# Coming back


def test_who_corrects_is_not_asked_again_and_told_that_it_stays(visitor, path):
    visitor.post(f"{path}equality/", hidden(checked(visitor, path)) | {AGE: "from35"})
    visitor.post(f"{path}correct/")

    shown = visitor.get(f"{path}check/").content.decode()
    sent = send(visitor, f"{path}check/", **{AGE: "from18"})

    assert "You are not asked the questions about yourself again" in shown
    assert sent["Location"] == f"{path}done/"
    assert said() == [{"age": "from35"}]


def test_taking_back_deletes_them(visitor, path):
    visitor.post(f"{path}equality/", hidden(checked(visitor, path)) | {AGE: "from35"})

    visitor.post(f"{path}withdraw/")

    assert said() == []


def test_two_statements_more_with_them_and_none_without(visitor, path, django_assert_max_num_queries):
    def statements(**more):
        browser = Client()
        form = hidden(checked(browser, path)) | more
        Draft.objects.update(born_at=None)  # as if nobody knew how fast: what is quick is counted, too
        with django_assert_max_num_queries(30) as counted:
            assert browser.post(f"{path}equality/", form).status_code == 303
        return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in counted)

    without, plain, one, all_of_them = (
        statements(**more)
        for more in ({"skip": "1"}, {}, {AGE: "from35"}, {question.name: DECLINED for question in QUESTIONS})
    )

    assert without == plain
    assert one == all_of_them == plain + 2


# Nowhere else


CANARY = "zzequalityzz"


@pytest.fixture
def canary(monkeypatch):
    """An option whose key and words stand nowhere else, offered by the first question."""
    options = {CANARY: "zzworded", **QUESTIONS[0].options}
    monkeypatch.setattr(equality, "QUESTIONS", (equality.Question("zzkey", "zzasked", options), *QUESTIONS))
    return re.compile(rb"zz(equalityzz|worded|asked|key)")


def everything_that_leaves(page, administrator_client, browser, path, tmp_path, mailoutbox):
    """(what, its bytes) of each download, letter and page."""
    root = f"/admin/consultations/{page.consultation.pk}"
    for rows, form, level in product(["responses", "answers"], ["labels", "keys"], ["analysis", "full"]):
        found = administrator_client.get(f"{root}/responses.csv?rows={rows}&form={form}&level={level}")
        yield f"{rows} with {form}, {level}", b"".join(found.streaming_content)
    for archive in ("package.zip", "responses.xlsx?level=full", "responses.ods?level=full"):
        packed = b"".join(administrator_client.get(f"{root}/{archive}").streaming_content)
        with zipfile.ZipFile(io.BytesIO(packed)) as files:
            for name in files.namelist():
                yield f"{archive}: {name}", files.read(name)
    call_command("export_package", str(page.consultation.pk), str(tmp_path / "package"), stdout=io.StringIO())
    for file in (tmp_path / "package").rglob("*"):
        yield str(file), file.read_bytes() if file.is_file() else b""
    for step in ("done", "receipt", "withdraw"):
        yield step, browser.get(f"{path}{step}/").content
    browser.post(f"{path}done/", {"email": "ada@example.org"})
    yield "outbox", "".join(f"{letter.subject}{letter.body}" for letter in Message.objects.all()).encode()
    outbox.send_due()
    yield "letter", mailoutbox[0].message().as_bytes()
    yield "summary", administrator_client.get(f"{root}/").content
    yield "page", browser.get(page.url).content


def test_nothing_of_them_is_in_any_download_letter_page_cookie_address_or_log(
    canary, visitor, page, path, administrator_client, tmp_path, mailoutbox, caplog
):
    caplog.set_level(logging.DEBUG)
    form = hidden(checked(visitor, path))
    sent = visitor.post(f"{path}equality/", form | {"about_zzkey": CANARY})
    assert said() == [{"zzkey": CANARY}]

    # The questions themselves may be named where they are asked; what somebody said to them nowhere.
    left = dict(everything_that_leaves(page, administrator_client, visitor, path, tmp_path, mailoutbox))
    left["address"] = sent["Location"].encode()
    left["cookies"] = str(visitor.cookies).encode()
    left["draft"] = str(list(Draft.objects.values())).encode()
    left["ledger"] = str(list(Response.objects.values())).encode()
    left["log"] = "\n".join(r.getMessage() for r in caplog.records if r.name != "django.db.backends").encode()

    assert [name for name, content in left.items() if canary.search(content)] == []
    assert len(left) > 20
    assert b"More trees" in left["responses with labels, full"]
