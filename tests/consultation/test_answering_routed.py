"""Answering a questionnaire with routing, page by page."""

import pytest

from consultation.models import Draft, Response
from home.models import ConsultationPage
from tests.consultation.test_answering import hidden, send
from tests.factories import make_consultation_page, raw_block, raw_question

pytestmark = pytest.mark.django_db


def when(question, *options):
    """A condition as the editor stores it."""
    block = raw_question("single", question, options=list(options))
    return {"question": block["id"], "any": [item["id"] for item in block["value"]["options"]]}


def raw_section(title, *questions, **settings):
    return raw_block("section", {"title": title, "introduction": "", "questions": list(questions)} | settings, title)


DRIVES = "Do you drive?"
CAR = "What kind of car?"


def raw_routed():
    """Numbers after publication: 1 decides on the section of 2 (required) and 3; 2 on 4."""
    return [
        raw_section("You", raw_question("single", DRIVES, options=["Yes", "No"], required=True)),
        raw_section(
            "Driving",
            raw_question("single", CAR, options=["Electric", "Other"], required=True),
            raw_question("number", "How far?"),
            show_if=when(DRIVES, "Yes"),
        ),
        raw_section(
            "Electric",
            raw_block("information", "<p>x</p>", "i"),
            raw_question("number", "Watts?", show_if=when(CAR, "Electric")),
        ),
        raw_section("End", raw_question("long_text", "Anything else?")),
    ]


@pytest.fixture
def page():
    return make_consultation_page(questionnaire=raw_routed())


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def stored():
    return Response.objects.get().answers


def test_a_section_that_is_not_asked_is_passed_over_forwards_and_backwards(visitor, path):
    sent = send(visitor, f"{path}1/", q1="2")

    assert sent["Location"] == f"{path}4/"
    assert f'href="{path}1/"' in visitor.get(f"{path}4/").content.decode()
    assert visitor.get(f"{path}2/")["Location"] == f"{path}4/"
    assert f'href="{path}4/"' in visitor.get(f"{path}check/").content.decode()


def test_progress_says_what_is_known(visitor, path):
    assert "Section 1 of up to 4" in visitor.get(f"{path}1/").content.decode()
    send(visitor, f"{path}1/", q1="1")
    assert "Section 2 of up to 4" in visitor.get(f"{path}2/").content.decode()
    send(visitor, f"{path}2/", q2="2")
    assert "Section 3 of 3" in visitor.get(f"{path}4/").content.decode()


def test_a_required_question_that_is_not_asked_is_not_missing(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}4/", q5="Buses")

    check = visitor.get(f"{path}check/").content.decode()
    sent = send(visitor, f"{path}check/")

    assert CAR not in check
    assert sent["Location"] == f"{path}done/"
    assert stored() == {"1": 2, "5": True}


def test_changing_the_deciding_answer_leads_through_what_it_opens_before_the_check_page(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}4/")

    changed = send(visitor, f"{path}1/?return=check", q1="1")
    opened = send(visitor, changed["Location"], q2="1")
    last = send(visitor, opened["Location"], q4="50")

    assert [page["Location"] for page in (changed, opened, last)] == [
        f"{path}2/?return=check",
        f"{path}3/?return=check",
        f"{path}check/",
    ]


def test_answers_that_are_no_longer_asked_for_are_kept_until_sending_and_dropped_then(visitor, path):
    send(visitor, f"{path}1/", q1="1")
    send(visitor, f"{path}2/", q2="1", q3="12")
    send(visitor, f"{path}3/", q4="50")
    send(visitor, f"{path}4/")

    send(visitor, f"{path}1/?return=check", q1="2")
    away = visitor.get(f"{path}check/").content.decode()
    back = send(visitor, f"{path}1/?return=check", q1="1")
    there_again = visitor.get(f"{path}check/").content.decode()
    send(visitor, f"{path}1/?return=check", q1="2")
    send(visitor, f"{path}check/")

    assert CAR not in away
    assert back["Location"] == f"{path}check/"
    assert CAR in there_again and ">50<" in there_again
    assert stored() == {"1": 2, "5": None}


def test_what_another_tab_closed_meanwhile_shows_no_error_and_is_kept(visitor, path):
    send(visitor, f"{path}1/", q1="1")
    open_tab = hidden(visitor.get(f"{path}2/"))
    send(visitor, f"{path}1/", q1="2")

    sent = visitor.post(f"{path}2/", open_tab | {"q3": "12"})

    assert sent["Location"] == f"{path}4/?moved=1"
    assert Draft.objects.get().answers["values"]["3"] == 12


def test_without_a_draft_a_later_section_that_depends_leads_to_the_first(visitor, path):
    assert visitor.get(f"{path}2/")["Location"] == f"{path}1/"


def test_a_condition_that_comes_while_somebody_answers_takes_the_question_away(visitor, page, path):
    routed = raw_routed()
    everybody = raw_routed()
    everybody[1]["value"]["show_if"] = None
    page.questionnaire = everybody
    page.save_revision().publish()
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}2/", q2="2", q3="12")
    send(visitor, f"{path}4/")
    check = hidden(visitor.get(f"{path}check/"))

    page = ConsultationPage.objects.get(pk=page.pk)
    page.questionnaire = routed
    page.save_revision().publish()
    again = visitor.post(f"{path}check/", check)
    send(visitor, f"{path}check/")

    assert again.status_code == 200
    assert "changed since this page was shown" in again.content.decode()
    assert stored() == {"1": 2, "5": None}


def test_the_start_page_promises_no_more_than_it_can_keep(visitor, page):
    shown = " ".join(visitor.get(page.url).content.decode().split())

    assert "up to 5 questions" in shown
    assert "depends on your answers" in shown
