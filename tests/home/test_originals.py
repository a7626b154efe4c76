"""A form never shows a text as Irish that was only left standing on the Irish page."""

import pytest
from wagtail.models import Locale
from wagtail_localize.models import Translation

from consultation import instrument
from consultation.models import Consultation
from consultation.questionnaire import Text
from home.models import ConsultationPage
from tests.factories import make_consultation_page, raw_block, translate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

OLD = "How old are you?"


@pytest.fixture
def draft():
    """A page that was never published."""
    return make_consultation_page().copy(update_attrs={"slug": "draft"}, keep_live=False)


def page_in(page, language):
    return ConsultationPage.objects.get(translation_key=page.translation_key, locale__language_code=language)


def form(page, language):
    return instrument.current(Consultation.objects.get(key=page.translation_key), language)


def reword(page, number, text):
    """Write another text for the question at this place, and publish."""
    questions = [question for section in page.questionnaire for question in section.value["questions"]]
    asked = [question for question in questions if question.block_type != "information"]
    asked[number - 1].value["label"] = text
    page.save_revision().publish()


def test_english_that_was_never_published_is_not_irish(draft):
    translate(draft, "ga", {"What should change?": "Cad ba chóir a athrú?"})

    reword(page_in(draft, "en"), 3, "Your age?")

    irish = form(draft, "ga")
    assert irish.question(3).label == Text("Your age?", "en")
    assert irish.question(4).label == Text("Cad ba chóir a athrú?", "ga")


def test_english_is_not_irish_on_a_page_that_is_written_by_hand_from_now_on(draft):
    translate(draft, "ga", {}, publish=False)
    Translation.objects.update(enabled=False)
    reword(page_in(draft, "en"), 3, "Your age?")

    reword(page_in(draft, "ga"), 4, "Cad ba chóir a athrú?")

    irish = form(draft, "ga")
    assert irish.question(3).label == Text("Your age?", "en")
    assert irish.question(4).label == Text("Cad ba chóir a athrú?", "ga")


def test_irish_is_not_polish_on_a_page_that_was_translated_from_the_irish_one():
    page = make_consultation_page()
    Locale.objects.get_or_create(language_code="pl")
    translate(page, "ga", {OLD: "Cén aois thú?"})

    translate(page_in(page, "ga"), "pl", {"What should change?": "Co zmienić?"})

    polish = form(page, "pl")
    assert polish.question(3).label == Text(OLD, "en")
    assert polish.question(4).label == Text("Co zmienić?", "pl")


def test_irish_stays_irish_where_the_english_page_was_translated_from_it_and_published_too_soon(draft):
    ConsultationPage.objects.filter(pk=draft.pk).update(locale=Locale.objects.get(language_code="ga"))
    translate(page_in(draft, "ga"), "en", {})

    page_in(draft, "ga").save_revision().publish()
    reword(page_in(draft, "en"), 3, "Your age?")

    assert form(draft, "en").question(3).label == Text("Your age?", "en")
    assert form(draft, "ga").question(3).label == Text(OLD, "ga")


def test_information_that_nobody_translated_is_not_irish():
    """Its marks are written in another way on the translated page."""
    told = '<p data-block-key="k">The town&#x27;s <a linktype="page" id="2">twelve parks</a></p>'
    section = {"title": "Parks", "introduction": "", "questions": [raw_block("information", told, "told")]}
    page = make_consultation_page(questionnaire=[raw_block("section", section, "section")])

    translate(page, "ga", {"Parks": "Páirceanna"})

    (section,) = form(page, "ga").sections
    (information,) = section.items
    assert (section.title, information.body) == (Text("Páirceanna", "ga"), Text(told, "en"))


def test_a_translators_draft_is_not_shown_when_the_leading_page_is_published_again():
    page = make_consultation_page()
    translate(page, "ga", {OLD: "Cén aois thú?"})
    translate(page, "ga", {OLD: "Dréacht"}, publish=False)

    page.save_revision().publish()

    assert form(page, "ga").question(3).label == Text("Cén aois thú?", "ga")
