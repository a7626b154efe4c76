"""Whom a question was asked of, in words: for officers, for the public, for editors who try a form out."""

import uuid

import pytest
from django.utils import translation

from consultation import audience, instrument, ledger, pin, provenance, summary
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Theme
from consultation.questionnaire import Condition, Option, Question, Text
from consultation.tick import tick
from tests.consultation.test_answering import send
from tests.consultation.test_answering_routed import CAR, DRIVES, raw_routed, raw_section, when
from tests.factories import THEMES, make_consultation_page, raw_question

OFTEN = Question(3, "single", options=(Option(1, "", Text("Often")), Option(2, "", Text("Rarely"))), label=Text("How?"))
WISH = Question(5, "multiple", options=tuple(Option(n, "", Text(f"W{n}")) for n in (1, 2, 3)), label=Text("Wishes?"))
QUESTIONS = {3: OFTEN, 5: WISH}


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((), ""),
        ((Condition(3, (2,)),), "Asked of those who chose “Rarely” in question 3"),
        ((Condition(5, (3, 1)),), "Asked of those who chose “W1” or “W3” in question 5"),
        ((Condition(5, (1, 2, 3)),), "Asked of those who chose “W1”, “W2” or “W3” in question 5"),
        (
            (Condition(3, (1,)), Condition(5, (2,))),
            "Asked of those who chose “Often” in question 3 and “W2” in question 5",
        ),
    ],
)
def test_a_sentence_names_the_options_and_the_questions(conditions, words):
    assert audience.by_number(conditions, QUESTIONS) == words


def test_a_question_is_named_by_its_wording_where_readers_see_no_numbers():
    assert audience.by_wording((Condition(3, (2,)),), QUESTIONS) == "Asked of those who chose “Rarely” in “How?”"


def test_the_sentence_is_in_the_readers_language():
    with translation.override("pl"):
        polish = audience.by_number((Condition(5, (1, 2)),), QUESTIONS)
    with translation.override("ga"):
        irish = audience.by_number((Condition(5, (1, 2)),), QUESTIONS)

    assert polish == "Dla osób, które wybrały „W1” lub „W2” w pytaniu 5"
    assert irish == "Dóibh siúd a roghnaigh “W1” nó “W2” i gceist 5"


@pytest.fixture
def page(db):
    return make_consultation_page(questionnaire=raw_routed())


def publish(page, questionnaire):
    page.questionnaire = questionnaire
    page.save_revision().publish()


def asked_of(page):
    consultation = Consultation.objects.get(key=page.translation_key)
    origins = provenance.of_questions(summary.read(consultation))
    return {number: origin.asked_of for number, origin in origins.items()}


def test_officers_read_it_of_sections_and_of_questions(page):
    assert asked_of(page) == {
        1: "",
        2: "Asked of those who chose “Yes” in question 1",
        3: "Asked of those who chose “Yes” in question 1",
        4: "Asked of those who chose “Electric” in question 2",
        5: "",
    }


def test_a_question_that_is_no_longer_asked_says_whom_it_was_asked_of_with_options_no_longer_offered(page):
    first, driving, *_ = raw_routed()
    first["value"]["questions"][0]["value"]["options"].pop(0)
    del driving["value"]["show_if"]
    driving["value"]["questions"].pop()
    publish(page, [first, driving])

    assert asked_of(page)[3] == "Asked of those who chose “Yes” in question 1"
    assert asked_of(page)[4] == "Asked of those who chose “Electric” in question 2"
    assert asked_of(page)[2] == ""


def test_where_a_figure_comes_from_tells_versions_apart_that_asked_others(page, officer_client):
    consultation = page.consultation
    parts = raw_routed()
    del parts[1]["value"]["show_if"]
    publish(page, parts)

    found = provenance.of_questions(summary.read(consultation))[2].ways
    shown = officer_client.get(f"/admin/consultations/{consultation.pk}/").content.decode()

    told = f"Asked of those who chose “Yes” in “{DRIVES}”"
    assert found == (provenance.Way((1,), told), provenance.Way((2,), ""))
    assert told in shown
    assert "Asked of everybody" in shown


def test_a_version_that_was_restored_is_the_last_one(page):
    open_to_all = raw_routed()
    del open_to_all[1]["value"]["show_if"]
    publish(page, open_to_all)
    publish(page, raw_routed())

    assert asked_of(page)[2] == "Asked of those who chose “Yes” in question 1"


def test_the_public_reads_it_beside_the_figures(db):
    routed = raw_question("single", CAR, options=["Electric", "Other"], theme=next(iter(THEMES)))
    first = raw_section("You", raw_question("single", DRIVES, options=["Yes", "No"]))
    page = make_consultation_page(
        title="Routed",
        results=Consultation.Results.WHILE_OPEN,
        questionnaire=[first, raw_section("Driving", routed, show_if=when(DRIVES, "Yes"))],
    )
    given = Answers({1: 1, 2: 1}).asked_by(instrument.current(page.consultation, "en"))
    for _ in range(12):
        ledger.submit(page.consultation, uuid.uuid4(), page.consultation.published, "en", Channel.WEB, given)
    tick()

    theme = Theme.objects.get(key=next(iter(THEMES)))
    assert [q.asked_of for s in pin.of_theme(theme, "en") for q in s.questions] == [
        f"Asked of those who chose “Yes” in “{DRIVES}”"
    ]


def test_an_editor_who_tries_the_form_out_reads_it_at_sections_and_questions(page, administrator_client):
    tried = f"/admin/try/{page.pk}/"
    section = administrator_client.post(f"{tried}1/", {"q1": "1"}, follow=True).content.decode()
    question = administrator_client.post(f"{tried}2/", {"q2": "1"}, follow=True).content.decode()

    assert f"Asked of those who chose “Yes” in “{DRIVES}”" in section
    assert f"Asked of those who chose “Electric” in “{CAR}”" in question


def test_a_citizen_who_answers_does_not_read_it(page, visitor):
    path = f"/answer/{page.consultation.pk}/en/"
    send(visitor, f"{path}1/", q1="1")

    assert "Asked of" not in visitor.get(f"{path}2/").content.decode()
