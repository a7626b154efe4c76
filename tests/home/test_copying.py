"""A copy of a consultation takes its questions and translations along, and nothing of the original's."""

import json
import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Consultation
from home import copying
from home.models import ConsultationIndexPage, ConsultationPage
from tests.factories import make_consultation_page, raw_questionnaire, translate

pytestmark = pytest.mark.django_db

IRISH = {
    "The town’s plan": "Plean an bhaile",
    "How old are you?": "Cén aois thú?",
    "By bus": "Ar an bhus",
    "Each day.": "Gach lá.",
    "The town has <b>twelve</b> parks.": "Tá <b>dhá</b> pháirc déag sa bhaile.",
    "Why &amp; how.": "Cén fáth &amp; conas.",
}


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What wagtail-localize publishes, it publishes when a transaction ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def page(commits):
    """Last year's consultation, published in English and Irish, answered once."""
    page = make_consultation_page(can_change="Why & how.", slug="last-year")
    with commits():
        translate(page, "ga", IRISH)
    answer(page)
    return page


def answer(page):
    consultation = page.consultation
    given = Answers({1: 1}).asked_by(instrument.current(consultation, "en"))
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)


def irish(page):
    return page.get_translation(Locale.objects.get(language_code="ga"))


def copy(client, page, **fields):
    """Copy as the admin does; return the copied page and what was said."""
    data = {"new_title": "This year", "new_slug": "this-year", "new_parent_page": page.get_parent().pk, **fields}
    answered = client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
    found = Page.objects.filter(slug=data["new_slug"], locale=page.locale).first()
    return found and found.specific, [str(message) for message in get_messages(answered.wsgi_request)]


def texts(page):
    """Every text of the questionnaire as it is stored."""
    return str(list(page.get_latest_revision_as_object().questionnaire.raw_data))


def reword(page, text, other):
    page.questionnaire = json.loads(json.dumps(raw_questionnaire()).replace(text, other))
    page.save_revision().publish()
    page.refresh_from_db()


def kept(consultation):
    """What a consultation is made of, to the letter."""
    found = (getattr(consultation, name).values() for name in ("questions", "versions", "wordings", "responses"))
    return [list(rows) for rows in found], Consultation.objects.filter(pk=consultation.pk).values()[0]


def test_a_copy_comes_with_drafts_of_its_translations(page, administrator_client, commits):
    with commits():
        made, _said = copy(administrator_client, page)

    draft = irish(made)
    assert (made.live, draft.live) == (False, False)
    assert draft.translation_key == made.translation_key != page.translation_key
    assert all(text in texts(draft) for text in ("Cén aois thú?", "Ar an bhus", "Gach lá.", "<b>dhá</b> pháirc"))
    assert draft.can_change == "Cén fáth & conas."
    assert draft.is_child_of(irish(page).get_parent())


def test_the_drafts_are_translations_that_the_editor_of_translations_goes_on_with(page, administrator_client):
    made, _said = copy(administrator_client, page)

    translation = Translation.objects.get(source__object_id=made.translation_key)
    assert translation.enabled
    assert translation.get_target_instance() == irish(made)
    assert administrator_client.get(reverse("wagtailadmin_pages:edit", args=[irish(made).pk])).status_code == 200


def test_the_editor_is_told_what_was_made_and_what_is_left(page, administrator_client):
    made, said = copy(administrator_client, page)

    every, done = Translation.objects.get(source__object_id=made.translation_key).get_progress()
    assert f"Texts to translate: Gaeilge {every - done}." in said[1]
    assert "set when it opens and closes" in said[1]
    assert done == len(IRISH) - 1  # the title is another


def test_a_copy_published_at_once_takes_nothing_from_the_original(page, administrator_client, commits):
    before = kept(page.consultation)
    made, _said = copy(administrator_client, page)

    made.get_latest_revision().publish()
    with commits():
        Translation.objects.get(source__object_id=made.translation_key).save_target(publish=True)

    old, new = page.consultation, ConsultationPage.objects.get(pk=made.pk).consultation
    assert kept(old) == before
    assert new.questions.count() == old.questions.count()
    assert instrument.current(new, "ga").question(3).label.text == "Cén aois thú?"
    answer(made)
    assert kept(old) == before


def test_a_copy_asks_the_equality_questions_too_but_needs_a_lawful_basis_of_its_own(page, administrator_client):
    page.ask_equality, page.political_basis = True, "Article 9(2)(j)"
    page.save_revision().publish()

    copied, _said = copy(administrator_client, page)

    for found in (copied, copied.get_latest_revision_as_object()):
        assert (found.ask_equality, found.political_basis) == (True, "")
    assert ConsultationPage.objects.get(pk=page.pk).political_basis


def test_a_copy_can_not_be_published_by_the_form_that_copies(page, administrator_client):
    form = administrator_client.get(reverse("wagtailadmin_pages:copy", args=[page.pk])).content.decode()
    made, _said = copy(administrator_client, page, publish_copies="on", alias="on")

    assert "publish_copies" not in form
    assert not made.live
    assert made.alias_of is None
    assert not Consultation.objects.filter(key=made.translation_key).exists()


def test_copying_a_translation_leads_to_the_page_that_it_is_made_from(page, administrator_client):
    asked = administrator_client.get(reverse("wagtailadmin_pages:copy", args=[irish(page).pk]))
    made, said = copy(administrator_client, irish(page))

    assert asked.url == reverse("wagtailadmin_pages:copy", args=[page.pk])
    assert made is None
    assert "translations come with it" in said[0]


def test_copying_a_list_copies_its_consultations_with_their_translations(page, administrator_client):
    make_consultation_page(title="Another", slug="another")
    index = page.get_parent().specific

    made, said = copy(administrator_client, index, copy_subpages="on")

    copies = made.get_children().specific()
    assert [consultation.title for consultation in copies] == ["The town’s plan", "Another"]
    assert irish(copies[0]).title == "Plean an bhaile"
    assert not irish(copies[0]).live
    assert copies[0].translation_key != page.translation_key
    assert "The 2 copies" in said[1]


def test_a_list_in_another_language_leads_to_the_original_too(page, administrator_client):
    index = ConsultationIndexPage.objects.get(locale__language_code="ga")

    asked = administrator_client.get(reverse("wagtailadmin_pages:copy", args=[index.pk]))

    assert asked.url == reverse("wagtailadmin_pages:copy", args=[page.get_parent().pk])


def test_a_translation_that_is_written_by_hand_is_copied_as_it_was_written(page, administrator_client):
    Translation.objects.update(enabled=False)
    hand = irish(page)
    hand.can_change = "Cén dóigh & cén fáth."
    hand.questionnaire = [
        block | {"value": block["value"] | {"introduction": block["value"]["introduction"] and "Achan lá."}}
        for block in hand.questionnaire.raw_data
    ]
    hand.save_revision().publish()

    made, _said = copy(administrator_client, page)

    assert irish(made).can_change == "Cén dóigh & cén fáth."
    assert "Achan lá." in texts(irish(made))


def test_english_that_was_left_in_a_page_written_by_hand_is_not_taken_for_irish(page, administrator_client):
    Translation.objects.update(enabled=False)
    page.decision = "The partnership decides."
    page.save_revision().publish()
    hand = irish(page)
    hand.decision, hand.summary = "Why & how.", ""  # what another field once said in English
    hand.save_revision().publish()

    made, _said = copy(administrator_client, page)

    assert irish(made).decision == "The partnership decides."
    assert Translation.objects.get(source__object_id=made.translation_key).get_progress()[1] == len(IRISH) - 1


def test_what_was_reworded_since_is_left_to_translate(page, administrator_client):
    reword(page, "How old are you?", "How old is your child?")

    made, _said = copy(administrator_client, page)

    assert "How old is your child?" in texts(irish(made))
    assert "Cén aois thú?" not in texts(irish(made))
    assert "Ar an bhus" in texts(irish(made))


def test_an_unpublished_copy_without_translations_says_so_simply(administrator_client):
    page = make_consultation_page(slug="only-english")

    made, said = copy(administrator_client, page)

    assert "Drafts in the other languages" not in said[1]
    assert not made.get_translations().exists()


def test_a_translation_that_was_deleted_and_is_made_again_has_the_words_that_were_published(page):
    irish(page).delete()

    again = translate(page, "ga", {}, publish=False)

    assert all(text in texts(again) for text in ("Cén aois thú?", "Ar an bhus", "Gach lá.", "<b>dhá</b> pháirc"))


def test_a_translation_that_was_deleted_is_not_offered_for_what_was_reworded_since(page):
    irish(page).delete()
    reword(page, "By bus", "By bus or tram")

    again = translate(page, "ga", {}, publish=False)

    assert "By bus or tram" in texts(again)
    assert "Cén aois thú?" in texts(again)


def test_the_words_of_one_question_are_not_offered_to_another(commits):
    """Two questions say the same in English, and differ in Irish."""
    stored = raw_questionnaire()
    first, second = stored[0]["value"]["questions"]
    for block in (first, second):
        block["value"]["hint"] = "Choose."
    page = make_consultation_page(questionnaire=stored, slug="twins")
    translated = translate(page, "ga", {}, publish=False)
    Translation.objects.update(enabled=False)
    words = iter(["Roghnaigh ceann.", "Roghnaigh roinnt."])
    raw = list(translated.questionnaire.raw_data)
    for block in raw[0]["value"]["questions"]:
        block["value"]["hint"] = next(words)
    translated.questionnaire = raw
    translated.save_revision().publish()
    translated.delete()

    again = translate(page, "ga", {}, publish=False)

    hints = [block.value["hint"] for block in again.questionnaire[0].value["questions"]]
    assert hints == ["Roghnaigh ceann.", "Roghnaigh roinnt."]


def test_the_leading_page_is_the_records_and_not_the_sites(page):
    Consultation.objects.update(language="ga")

    assert copying.leading_page(page) == irish(page)
