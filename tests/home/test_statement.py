"""A statement of an outcome: what an editor may publish, and how it is read from what is stored."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from home.models import Action, ConsultationPage, Partner
from home.models.statement import StatementBlock, Written, written
from home.question_choice import QuestionChoiceBlock
from tests.factories import make_consultation_page, make_themes, raw_block, translate

pytestmark = pytest.mark.django_db


def cleaned(**value):
    block = StatementBlock()
    return block.clean(block.to_python({"said": "People want benches."} | value))


def faults(**value):
    with pytest.raises(ValidationError) as refused:
        cleaned(**value)
    return set(refused.value.block_errors)


def make_action(title="Build benches", **fields):
    locale = Locale.objects.get(language_code=fields.pop("language", "en"))
    return Action.objects.create(title=title, locale=locale, **{"theme": make_themes()[0]} | fields)


@pytest.mark.parametrize("answer", [{"done": "They are built."}, {"why_not": "There is no money."}])
def test_a_statement_says_what_is_done_or_why_it_is_not_taken_up(answer):
    assert cleaned(**answer)


def test_a_statement_that_is_not_answered_is_refused():
    assert faults() == {"done"}


def test_a_statement_that_is_answered_in_two_ways_is_refused():
    assert faults(done="They are built.", why_not="There is no money.") == {"why_not"}


def test_what_is_not_taken_up_has_no_action():
    assert faults(why_not="There is no money.", actions=[make_action().pk]) == {"why_not"}


def test_what_was_said_is_needed():
    assert faults(said="", done="They are built.") == {"said"}


@pytest.mark.parametrize("raw", [None, 7, "word", {}, {"value": None}, {"value": []}, {"value": {"actions": "x"}}])
def test_whatever_is_stored_can_be_read(raw):
    class Page:
        class statements:
            raw_data = [raw]

    assert all(isinstance(one, Written) for one in written(Page()))


@pytest.mark.parametrize("stored", [None, 7, [], {}])
def test_whatever_is_stored_as_a_question_can_be_opened(stored):
    assert QuestionChoiceBlock().to_python(stored) == ""


def test_records_stay_the_same_in_a_translation_and_only_words_are_translated(at_once):
    action, partner = (
        make_action(),
        Partner.objects.create(name="A partner", sector="health", locale=Locale.get_default()),
    )
    value = {"said": "Benches!", "question": "a/b", "done": "Built.", "actions": [raw_block("item", action.pk, "one")]}
    page = make_consultation_page(statements=[raw_block("statement", value | {"owner": partner.pk}, "s")])
    translate(page.get_parent().specific, "ga", {})

    irish = translate(page, "ga", {"Benches!": "Binsí!", "Built.": "Tógtha."})

    (found,) = written(ConsultationPage.objects.get(pk=irish.pk))
    assert found == Written("Binsí!", "a/b", "Tógtha.", "", (action.pk,), partner.pk)


def test_a_copy_of_a_consultation_has_no_statements():
    page = make_consultation_page(statements=[raw_block("statement", {"said": "Benches!", "done": "Built."}, "s")])

    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"})

    assert len(page.statements) == 1
    assert len(ConsultationPage.objects.get(pk=copy.pk).statements) == 0
