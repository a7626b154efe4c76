"""The form to print, in Chromium: accessible, as narrow as its screen, and whole on A4."""

import re

import pytest

from consultation.models import Consultation
from home.demo.blocks import key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A4 = b"/MediaBox [0 0 594.95996 841.91998]"
BLOCKS = "all => all.map((e) => [e.getBoundingClientRect().height, e.querySelector('h3').textContent.trim()])"


def addresses(demo):
    every_kind = Consultation.objects.get(key=key("consultation/getting-about"))
    return [f"/paper/{demo.pk}/en/", f"/paper/{every_kind.pk}/ga/", f"/paper/{demo.pk}/pl/?large"]


@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_accessible_and_as_narrow_as_its_screen(demo, new_page, axe, width):
    page = new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    for address in addresses(demo):
        page.goto(address)

        axe(page)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), address


def test_nothing_is_refused_by_the_policy_and_the_code_is_drawn(demo, new_page):
    page = new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(addresses(demo)[0])

    assert said == []
    assert page.locator(".code svg path").count() > 0


def test_it_prints_on_a4_and_no_question_is_longer_than_a_sheet(demo, new_page):
    page = new_page(viewport={"width": 718, "height": 900})
    for address in addresses(demo):
        page.goto(address)
        page.emulate_media(media="print")

        printed = page.pdf(prefer_css_page_size=True)
        heights = page.locator(".question").evaluate_all(BLOCKS)

        sheets = re.findall(rb"/Type /Page\b", printed)
        assert len(sheets) > 2
        assert printed.count(b"/MediaBox") == printed.count(A4) == len(sheets)
        assert [label for height, label in heights if height > 990] == []  # or it would have to be torn apart
        assert not page.locator("nav.screen").is_visible()
