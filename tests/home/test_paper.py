"""The form to print, and the QR codes beside it."""

import datetime as dt
import re
from html import unescape
from io import BytesIO

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from wagtail.models import PageViewRestriction

from consultation import instrument
from consultation.models import Consultation
from home.demo import pages as demo_pages
from home.demo.blocks import key
from home.models import SiteLook
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OVER = {"opens_at": NOW - dt.timedelta(days=9), "closes_at": NOW - dt.timedelta(days=1)}


def address(page, language="en"):
    return f"/paper/{page.consultation.pk}/{language}/"


def text(shown):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.content.decode())))


def test_everybody_can_print_the_form_while_answers_are_taken(visitor):
    page = make_consultation_page()

    shown = visitor.get(address(page))

    assert shown.status_code == 200
    assert "How do you mostly travel?" in text(shown)
    assert not shown.cookies


def test_the_page_of_the_consultation_leads_to_it(visitor):
    page = make_consultation_page()

    shown = visitor.get(page.url).content.decode()

    assert f'href="{address(page)}"' in shown
    assert f'href="{address(page)}?large"' in shown


def test_after_closing_it_leads_everybody_back_to_the_page_and_officers_still_print(visitor, officer_client):
    page = make_consultation_page(**OVER)

    assert visitor.get(address(page))["Location"] == page.get_url()
    assert officer_client.get(address(page)).status_code == 200
    assert address(page) not in visitor.get(page.url).content.decode()


def test_it_is_as_private_as_the_page(visitor):
    page = make_consultation_page()
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert visitor.get(address(page)).status_code == 404


def test_it_is_not_there_where_the_language_is_not_offered(visitor):
    page = make_consultation_page()
    translate(page, "ga", {}, publish=False)

    assert visitor.get(address(page, "ga")).status_code == 404


def test_it_says_who_asks_until_when_and_where_to(visitor):
    look = SiteLook.objects.first() or SiteLook.objects.create(site_id=make_consultation_page().get_site().pk)
    look.council = "Demo Council"
    look.save()
    page = make_consultation_page(paper_return="Demo House\nDemo Street")

    shown = visitor.get(address(page))

    assert "Demo Council" in text(shown)
    assert "It has to be with us by" in text(shown)
    assert "Demo House<br>Demo Street" in shown.content.decode()


def test_without_an_address_it_names_the_contact(visitor):
    page = make_consultation_page()
    SiteLook.objects.update_or_create(site=page.get_site(), defaults={"contact_email": "plan@example.org"})

    assert "plan@example.org" in text(visitor.get(address(page)))


def test_a_translation_without_an_address_or_a_notice_has_those_of_the_leading_page_marked_as_such(
    visitor, django_capture_on_commit_callbacks
):
    page = make_consultation_page(paper_return="Demo House", privacy="<p>We keep no names.</p>")
    translate(page.get_parent().get_parent().specific, "ga", {})
    translate(page.get_parent().specific, "ga", {})
    with django_capture_on_commit_callbacks(execute=True):
        irish = translate(page, "ga", {"How do you mostly travel?": "Conas a thaistealaíonn tú?"})
    type(irish).objects.filter(pk=irish.pk).update(paper_return="", privacy="")

    shown = visitor.get(address(page, "ga")).content.decode()

    assert "Conas a thaistealaíonn tú?" in shown
    assert 'lang="en"><p>Demo House</p>' in shown
    assert "We keep no names." in shown


def test_every_kind_of_question_has_boxes_with_codes_or_lines(visitor):
    demo_pages.add_all()
    consultation = Consultation.objects.get(key=key("consultation/getting-about"))
    questionnaire = instrument.current(consultation, "en")

    shown = visitor.get(f"/paper/{consultation.pk}/en/").content.decode()

    parts = shown.split('class="question"')[1:]
    matrices = {question.matrix for question in questionnaire.questions if question.matrix}
    assert len(parts) == len([q for q in questionnaire.questions if not q.matrix]) + len(matrices)
    assert all('class="box' in part or 'class="line' in part for part in parts)
    for question in questionnaire.questions:
        assert question.label.text in unescape(shown)
        for option in question.options:
            assert option.label.text in unescape(shown)


def test_equality_questions_stand_apart_with_why_they_are_asked(visitor):
    page = make_consultation_page(ask_equality=True)

    shown = visitor.get(address(page)).content.decode()

    apart = shown[shown.index("section--apart") :]
    assert "Section 75 of the Northern Ireland Act 1998" in apart
    assert "How old are you?" in apart
    assert "political opinion" not in apart  # nobody recorded a lawful basis


def test_what_a_consultation_does_not_ask_is_not_on_paper(visitor):
    page = make_consultation_page()

    assert "section--apart" not in visitor.get(address(page)).content.decode()


def test_large_print_is_a_choice(visitor):
    page = make_consultation_page()

    assert '<body class="large">' in visitor.get(f"{address(page)}?large").content.decode()
    assert "<body>" in visitor.get(address(page)).content.decode()


def test_nothing_on_it_has_a_style_or_a_script_of_its_own(visitor):
    page = make_consultation_page()

    shown = visitor.get(address(page))

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", shown.content.decode())
    assert "'unsafe-inline'" not in shown["Content-Security-Policy"]


def test_the_qr_code_on_it_leads_to_the_page_in_its_language(visitor, monkeypatch):
    page = make_consultation_page()
    drawn = []
    monkeypatch.setattr("home.paper.qr.svg", lambda address: drawn.append(address) or "<svg></svg>")

    visitor.get(address(page))

    assert drawn == [page.full_url]


def test_officers_take_the_qr_code_away_as_a_file(officer_client):
    page = make_consultation_page()

    png = officer_client.get(f"/admin/consultations/{page.consultation.pk}/qr/en.png")
    svg = officer_client.get(f"/admin/consultations/{page.consultation.pk}/qr/en.svg")

    image = Image.open(BytesIO(png.content)).convert("L")
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [page.full_url]
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg")
    assert all(file["Content-Disposition"].startswith("attachment") for file in (png, svg))


@pytest.mark.parametrize("path", ["ga.png", "en.gif", "xx.svg"])
def test_there_is_no_qr_code_of_what_is_not_offered(officer_client, path):
    page = make_consultation_page()

    assert officer_client.get(f"/admin/consultations/{page.consultation.pk}/qr/{path}").status_code == 404


def test_the_officers_page_offers_form_and_codes_in_each_language_that_is_live(officer_client):
    page = make_consultation_page()

    shown = officer_client.get(f"/admin/consultations/{page.consultation.pk}/").content.decode()

    assert f'href="{address(page)}"' in shown
    assert "/qr/en.svg" in shown
    assert "/qr/ga.svg" not in shown
