"""Images between questions: shown with what they show in words, and no stumbling block once they are gone."""

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests.factories import make_consultation_page, raw_block, raw_question

pytestmark = pytest.mark.django_db


def form(client, image, alt="A path <by> the river"):
    items = [raw_block("image", {"image": image, "alt": alt}, "image"), raw_question("short_text", "What do you see?")]
    section = raw_block("section", {"title": "All", "introduction": "", "questions": items}, "s")
    page = make_consultation_page(questionnaire=[section])
    return f"/answer/{page.consultation.pk}/en/1/"


def make_image():
    return get_image_model().objects.create(title="Untold", file=get_test_image_file())


def test_an_image_is_shown_with_what_it_shows_in_words(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    page = client.get(form(client, make_image().pk)).content.decode()

    assert 'alt="A path &lt;by&gt; the river"' in page and "<img" in page
    assert "Untold" not in page


def test_an_image_that_is_gone_leaves_its_words(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = make_image()
    address = form(client, image.pk)
    image.delete()

    assert "<p>A path &lt;by&gt; the river</p>" in client.get(address).content.decode()


def test_a_block_without_an_image_shows_nothing(client):
    assert "the river" not in client.get(form(client, None)).content.decode()
