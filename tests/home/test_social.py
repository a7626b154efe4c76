"""What others show of a page that somebody shares."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from home.models import HomePage, NewsIndexPage, NewsPage, SiteLook, StandardPage
from tests.factories import translate
from tests.home.test_pages import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePage.objects.get(locale__language_code="en")


@pytest.fixture
def image(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Image.objects.create(title="Harbour", file=get_test_image_file(size=(1600, 1000)))


def look(**fields):
    found = SiteLook.for_site(Site.objects.get(is_default_site=True))
    for name, value in fields.items():
        setattr(found, name, value)
    found.full_clean()
    found.save()


def told(client, page):
    """What the head of a page says to others, by name; what comes more than once as a list."""
    text = client.get(page.url).content.decode()
    pairs = re.findall(r'<meta\s+(?:property|name)="((?:og|article|twitter):[^"]+)"\s+content="([^"]*)"', text)
    return {name: value for name, value in pairs if name != "og:locale:alternate"} | {
        "others": [value for name, value in pairs if name == "og:locale:alternate"]
    }


def test_news_is_shown_with_its_own_picture_and_its_times(home, image, visitor):
    index = add(home, NewsIndexPage(title="News", slug="news"))
    page = add(index, NewsPage(title="Item", image=image, image_alt="Boats", date=dt.date(2026, 7, 1)))
    look(social_image=Image.objects.create(title="Other", file=get_test_image_file()), social_image_alt="The site")

    found = told(visitor, page)

    assert found["og:image"].startswith("http://localhost/media/images/") and found["og:image"].endswith(".jpg")
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["og:image:alt"] == "Boats"
    assert found["twitter:card"] == "summary_large_image"
    assert (found["og:type"], found["article:published_time"]) == ("article", "2026-07-01")
    assert dt.datetime.fromisoformat(found["article:modified_time"]) == NewsPage.objects.get().last_published_at


def test_any_other_page_is_shown_with_the_picture_of_the_site(home, image, visitor):
    look(social_image=image, social_image_alt="The harbour")

    found = told(visitor, home)

    assert found["og:image:alt"] == "The harbour" and found["og:image"].startswith("http://localhost/")
    assert found["og:type"] == "website" and "article:published_time" not in found


def test_without_a_picture_a_page_is_shown_in_words(home, visitor):
    found = told(visitor, home)

    assert "og:image" not in found
    assert found["twitter:card"] == "summary"


def test_a_picture_whose_file_is_gone_breaks_no_page(home, image, visitor):
    look(social_image=image, social_image_alt="The harbour")
    image.file.storage.delete(image.file.name)

    assert "og:image" not in told(visitor, home)


def test_a_picture_for_social_networks_says_what_it_shows(image):
    with pytest.raises(ValidationError):
        look(social_image=image)


def test_a_page_says_its_language_and_the_others_it_is_in(home, at_once, visitor):
    page = add(home, StandardPage(title="Contact"))
    for original in (home, page):
        for language in ("ga", "sco-ulster"):
            translate(original, language, {})

    found = told(visitor, page)

    assert found["og:locale"] == "en_GB"
    assert found["others"] == ["ga_IE"]
