"""Translators who work on a file: it is taken from the admin, filled in, given back, and answered as one data set."""

import uuid

import polib
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import Translation

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Response
from consultation.recount import check
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db

IRISH = {
    "The town’s plan": "Plean an bhaile",
    "How do you mostly travel?": "Cén dóigh a dtaistealaíonn tú de ghnáth?",
    "By bus": "Ar an bhus",
    "The town has <b>twelve</b> parks.": "Tá <b>dhá</b> pháirc déag sa bhaile.",
}


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def translation(page):
    """Irish was begun, and nobody has translated a word."""
    translate(page, "ga", {}, publish=False)
    return Translation.objects.get(source__object_id=page.translation_key)


def take(client, translation):
    """The file as it is downloaded."""
    given = client.get(reverse("wagtail_localize:download_pofile", args=[translation.pk]))
    return polib.pofile(given.content.decode())


def give(client, translation, content):
    """Upload a file, and return what was said last."""
    file = SimpleUploadedFile("irish.po", str(content).encode(), "text/x-gettext-translation")
    given = client.post(reverse("wagtail_localize:upload_pofile", args=[translation.pk]), {"file": file})
    assert given.status_code == 302
    return [message.message.strip() for message in get_messages(given.wsgi_request)][-1]


def filled(file, words):
    for entry in file:
        entry.msgstr = words.get(entry.msgid, entry.msgstr)
    return file


def answer(page, language):
    consultation = Consultation.objects.select_related("version").get(key=page.translation_key)
    given = Answers({1: 2}).asked_by(instrument.current(consultation, language))
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, language, Channel.WEB, given)


def test_a_file_has_every_text_that_citizens_read(page, translation, administrator_client):
    texts = {entry.msgid for entry in take(administrator_client, translation)}

    asked = instrument.current(Consultation.objects.get(key=page.translation_key), "en").questions
    assert {question.label.text for question in asked} <= texts
    assert {option.label.text for question in asked for option in question.options} <= texts
    assert {"The town’s plan", "Getting about", "Each day."} <= texts


def test_a_file_that_was_filled_in_is_the_form_in_that_language(
    page, translation, administrator_client, django_capture_on_commit_callbacks, visitor
):
    file = filled(take(administrator_client, translation), IRISH)

    give(administrator_client, translation, file)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)

    consultation = Consultation.objects.get(key=page.translation_key)
    shown = visitor.get(f"/answer/{consultation.pk}/ga/1/").content.decode()
    assert "Cén dóigh a dtaistealaíonn tú de ghnáth?" in shown
    assert "Ar an bhus" in shown
    for language in ("en", "ga", "ga"):
        answer(page, language)
    assert Response.objects.filter(consultation=consultation).count() == 3
    assert check(consultation) == []


def test_what_the_file_leaves_empty_stays_to_be_translated(translation, administrator_client):
    give(administrator_client, translation, filled(take(administrator_client, translation), IRISH))

    left = {entry.msgid for entry in take(administrator_client, translation) if not entry.msgstr}
    assert "How old are you?" in left
    assert not left & IRISH.keys()


@pytest.mark.parametrize("content", ["", "nothing of the kind", 'msgid "a"\nmsgstr', "\x00\x01"])
def test_a_file_that_is_none_is_refused_and_changes_nothing(translation, administrator_client, content):
    give(administrator_client, translation, filled(take(administrator_client, translation), IRISH))

    said = give(administrator_client, translation, content)

    assert "valid PO file" in said or "please choose the file that was downloaded" in said
    kept = {entry.msgid: entry.msgstr for entry in take(administrator_client, translation)}
    assert kept.items() >= IRISH.items()


def test_choosing_no_file_is_said(translation, administrator_client):
    given = administrator_client.post(reverse("wagtail_localize:upload_pofile", args=[translation.pk]))

    assert "please choose the file" in str(next(iter(get_messages(given.wsgi_request))))


def test_the_file_of_another_page_is_refused(page, translation, administrator_client):
    other = make_consultation_page(title="Another one", slug="another-one")
    translate(other, "ga", {}, publish=False)
    foreign = Translation.objects.get(source__object_id=other.translation_key)

    said = give(administrator_client, translation, filled(take(administrator_client, foreign), IRISH))

    assert "different translation" in said
    assert not any(entry.msgstr for entry in take(administrator_client, translation))


def test_a_language_that_was_added_later_is_answered_with_the_others(
    page, administrator_client, django_capture_on_commit_callbacks, visitor
):
    answer(page, "en")
    before = instrument.current(page.consultation, "en")

    administrator_client.post(reverse("wagtaillocales:add"), {"language_code": "lt"})
    lithuanian = Locale.objects.get(language_code="lt")
    home, index = (ancestor.specific for ancestor in page.get_ancestors().filter(depth__gt=1))
    for original in (home, index):
        with django_capture_on_commit_callbacks(execute=True):
            translate(original, "lt", {})
    with django_capture_on_commit_callbacks(execute=True):
        translate(page, "lt", {"How do you mostly travel?": "Kaip dažniausiai keliaujate?"})

    consultation = Consultation.objects.get(key=page.translation_key)
    shown = visitor.get(f"/answer/{consultation.pk}/lt/1/")
    assert shown.status_code == 200
    assert "Kaip dažniausiai keliaujate?" in shown.content.decode()
    assert page.get_translation(lithuanian).live
    answer(page, "lt")
    assert instrument.current(consultation, "en") == before
    assert sorted(Response.objects.values_list("language", flat=True)) == ["en", "lt"]
    assert check(consultation) == []
