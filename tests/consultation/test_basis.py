"""What an outcome rests on, as everybody may know it."""

import pytest

from consultation import basis
from consultation.compile import compile_wordings
from consultation.disclosure import STAR
from consultation.models import Consultation
from consultation.questionnaire import Text
from consultation.tick import tick
from tests.consultation.test_pin import answer
from tests.factories import make_consultation, make_source

pytestmark = pytest.mark.django_db

ALWAYS = {"results": Consultation.Results.WHILE_OPEN}


def of(consultation, block="main-way", language="en"):
    return basis.questions({(consultation, block)}, language, basis.published([consultation]))[consultation.pk, block]


def test_a_question_has_its_wording_its_theme_and_its_published_base():
    consultation = make_consultation(**ALWAYS)
    answer(consultation, 33)
    tick()

    found = of(consultation)

    assert found.wording == Text("How do you mostly travel?", "en")
    assert (found.theme, found.answered) == (consultation.questions.get(number=1).theme_id, 35)


def test_a_wording_that_is_missing_is_the_leading_languages():
    source = make_source()
    consultation = make_consultation(key=source.key)
    compile_wordings(make_source(key=source.key, language="ga", sections=()), {})

    assert of(consultation, language="ga").wording == Text("How do you mostly travel?", "en")


def test_figures_of_which_the_setting_says_nothing_are_not_told():
    consultation = make_consultation()
    answer(consultation, 33)
    tick()

    assert of(consultation).answered is None
    assert basis.published([consultation]) == {}
    assert basis.received(None) is None


def test_a_question_that_is_not_there_rests_on_nothing():
    consultation = make_consultation()

    assert basis.questions({(consultation, "nowhere")}, "en", {}) == {}


def test_the_ways_on_which_responses_came_are_not_told_while_it_is_open():
    consultation = make_consultation(**ALWAYS)
    answer(consultation, 33)
    tick()

    found = basis.received(basis.published([consultation])[consultation.pk])

    assert (found.total, found.channels) == (35, ())


def test_few_responses_are_a_star():
    consultation = make_consultation(**ALWAYS)
    answer(consultation, 10)
    tick()
    pinned = basis.published([consultation])
    pinned[consultation.pk].figures["received"] = STAR

    assert basis.received(pinned[consultation.pk]).total == STAR


def test_many_questions_take_two_queries(django_assert_num_queries):
    consultations = [make_consultation() for _ in range(3)]
    asked = {(consultation, block) for consultation in consultations for block in ("main-way", "wishes", "park")}

    with django_assert_num_queries(2):
        assert len(basis.questions(asked, "ga", {})) == 9
