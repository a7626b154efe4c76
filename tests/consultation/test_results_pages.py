"""Published results as everybody reads them, and as officers publish them and take them back."""

import csv
import io
import json
import re
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from wagtail.models import PageViewRestriction

from consultation import results
from consultation.models import Consultation, PublishedResult, ResultEdition
from tests.consultation.test_results import late, make_closed, publish
from tests.factories import translate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def page():
    return make_closed()


@pytest.fixture
def consultation(page):
    return page.consultation


def at(consultation, rest="1/", language="en"):
    return f"/results/{consultation.pk}/{language}/{rest}"


def words(page):
    """What the page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_a_page_has_the_figures_their_base_the_cut_off_and_what_is_hidden(consultation, visitor):
    publish(consultation)

    page = visitor.get(at(consultation))

    said = words(page)
    assert page.status_code == 200 and not page.cookies
    assert "Version 1, published on" in said and "75 responses, counted on" in said
    assert "Everybody could answer." in said and "75 people answered this question" in said
    assert "1 number is not shown" in said
    assert "Open Government Licence v3.0" in said
    assert "41" not in re.findall(r"\d+", said)


def test_the_address_without_a_number_leads_to_the_last_version_that_stands(consultation, visitor):
    publish(consultation)
    assert visitor.get(at(consultation, ""))["Location"] == at(consultation)

    second = publish(consultation)
    assert visitor.get(at(consultation, ""))["Location"] == at(consultation, "2/")

    results.take_back(second, None, {"en": "It was wrong."})
    assert visitor.get(at(consultation, ""))["Location"] == at(consultation)


def test_an_earlier_version_says_that_there_is_a_newer_one_and_that_why_it_was_made(consultation, visitor):
    publish(consultation)
    before = visitor.get(at(consultation)).content
    late(consultation, 30)
    publish(consultation)

    first, second = visitor.get(at(consultation)), visitor.get(at(consultation, "2/"))

    assert b"newer version" not in before and b"newer version" in first.content
    assert "75 responses" in words(first) and "105 responses" in words(second)
    assert "Two paper forms were found." in words(second) and "newer version" not in words(second)


def test_what_was_taken_back_says_so_and_its_files_are_gone(consultation, visitor):
    version = publish(consultation)
    results.take_back(version, None, {"en": "A batch was <b>keyed</b> twice."})

    page, file = visitor.get(at(consultation)), visitor.get(at(consultation, "1/figures.csv"))

    assert (page.status_code, file.status_code, visitor.get(at(consultation, "")).status_code) == (410, 410, 410)
    assert b"A batch was &lt;b&gt;keyed&lt;/b&gt; twice." in page.content
    assert "75" not in words(page)


def test_a_withdrawn_consultation_shows_no_results(consultation, visitor):
    publish(consultation)
    told = (b"How do you mostly travel?", b"75")
    before = [visitor.get(at(consultation, rest)).content for rest in ("1/", "1/figures.csv")]
    Consultation.objects.update(halt="withdrawn")

    assert all(figure in page for page in before for figure in told)
    for rest in ("", "1/", "1/figures.csv"):
        page = visitor.get(at(consultation, rest))
        assert page.status_code == 410
        assert told[0] not in page.content
        assert not re.search(rb"(?<![\d/])75(?![\d/])", page.content)


@pytest.mark.parametrize("case", ["restricted", "not live", "nothing published"])
def test_where_nothing_may_be_seen_there_is_no_page(page, consultation, visitor, case):
    if case != "nothing published":
        publish(consultation)
        assert visitor.get(at(consultation)).status_code == 200
    if case == "restricted":
        PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")
    elif case == "not live":
        page.unpublish()

    for rest in ("", "1/", "1/figures.csv"):
        assert visitor.get(at(consultation, rest)).status_code == 404
    assert b"/results/" not in visitor.get("/sitemap.xml").content
    assert b"/results/" not in visitor.get("/en/news.atom").content


def test_no_other_file_version_or_language_is_there(consultation, visitor):
    publish(consultation)

    for rest in ("2/", "1/else.csv", "1/figures.csv/", "0/"):
        assert visitor.get(at(consultation, rest)).status_code == 404
    assert visitor.get(at(consultation, language="zz")).status_code == 404
    assert visitor.get(at(consultation, language="ga"))["Location"] == at(consultation)
    assert visitor.post(at(consultation)).status_code == 405


def test_files_are_kept_by_caches_described_and_open_to_other_sites(consultation, visitor):
    publish(consultation)

    file = visitor.get(at(consultation, "1/figures.csv"))

    assert file.content.decode() == ResultEdition.objects.get().files["figures.csv"]
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert "immutable" in file["Cache-Control"] and "public" in file["Cache-Control"]
    assert file["Access-Control-Allow-Origin"] == "*"
    assert '<csv-metadata.json>; rel="describedby"; type="application/csvm+json"' in file["Link"]
    assert not file.cookies
    again = visitor.get(at(consultation, "1/figures.csv"), headers={"If-None-Match": file["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert visitor.get(at(consultation, "1/csv-metadata.json"))["Content-Type"] == "application/csvm+json"
    assert visitor.get(at(consultation, "1/figures.json")).json()["received"] == 75


def test_search_engines_for_data_read_what_it_is_and_nothing_breaks_out(page, visitor):
    page.title = "</script><script>alert(1)</script>"
    page.save_revision().publish()
    publish(page.consultation)

    shown = visitor.get(at(page.consultation)).content.decode()

    about = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', shown)[1])
    assert (about["@type"], about["name"]) == ("Dataset", page.title)
    assert about["distribution"][0]["contentUrl"].endswith("/1/figures.csv")
    assert shown.count("<script") == 1


def test_pages_the_map_and_the_feed_lead_there(page, consultation, visitor):
    translate(page.get_parent().get_parent(), "ga", {})
    publish(consultation)
    address = at(consultation, "")

    assert address in visitor.get(page.url).content.decode()
    assert f"http://localhost{at(consultation)}" in visitor.get("/sitemap.xml").content.decode()
    feed = visitor.get("/en/news.atom").content.decode()
    assert at(consultation) in feed and "Results: The town’s plan" in feed


def test_a_translation_without_a_note_shows_the_original_one_and_says_in_which_language(page, visitor):
    translate(page.get_parent(), "ga", {})
    translate(page, "ga", {"The town’s plan": "Plean an bhaile"})
    publish(page.consultation)

    shown = visitor.get(at(page.consultation, language="ga"))

    assert shown["Content-Language"] == "ga"
    assert '<html lang="ga">' in shown.content.decode()
    assert re.search(r'<div lang="en">\s*<p>Everybody could answer.', shown.content.decode())


def test_a_page_asks_the_database_no_more_for_many_questions_and_versions(consultation, visitor):
    publish(consultation)
    visitor.get(at(consultation))
    with CaptureQueriesContext(connection) as few:
        visitor.get(at(consultation))
    for _ in range(6):
        publish(consultation)
    with CaptureQueriesContext(connection) as many:
        page = visitor.get(at(consultation))

    assert len(few) == len(many) <= 10
    assert len(page.content) < 60_000


# Officers


def send(client, consultation, **fields):
    return client.post(f"/admin/consultations/{consultation.pk}/results/publish/", fields)


def test_an_officer_writes_looks_and_publishes(consultation, officer, officer_client):
    asked = officer_client.get(f"/admin/consultations/{consultation.pk}/results/publish/")
    assert "not drawn by lot" in asked.content.decode()

    looked = send(officer_client, consultation, note_en="Read it with care.", step="look")
    said = words(looked)
    assert "This is what everybody would see" in said and "Read it with care." in said and "75 responses" in said
    assert not PublishedResult.objects.exists()

    digest = re.search(r'name="digest" value="(\w+)"', looked.content.decode())[1]
    done = send(officer_client, consultation, note_en="Read it with care.", step="publish", digest=digest)

    assert done.status_code == 302
    version = PublishedResult.objects.get()
    assert (version.publisher, version.editions.get().note) == ("officer", "Read it with care.")
    listed = words(officer_client.get(f"/admin/consultations/{consultation.pk}/results/"))
    assert "Version 1" in listed and "shown now" in listed and "officer" in listed


def test_without_a_look_or_after_a_change_nothing_is_published(consultation, officer_client):
    page = send(officer_client, consultation, note_en="Read it with care.", step="publish")

    assert "This is what everybody would see" in words(page)
    assert not PublishedResult.objects.exists()


def test_what_is_missing_is_said(consultation, officer_client):
    assert "Say who answered" in words(send(officer_client, consultation, note_en=" ", step="look"))

    publish(consultation)
    page = send(officer_client, consultation, note_en="Read it with care.", step="look")
    assert page.status_code == 422
    assert "Say to everybody why there is a new version" in words(page)


def test_an_officer_takes_a_version_back_with_a_reason(consultation, officer_client):
    publish(consultation)
    address = f"/admin/consultations/{consultation.pk}/results/1/take-back/"

    assert officer_client.post(address, {"reason_en": " "}).status_code == 422
    assert PublishedResult.objects.get().stands
    officer_client.post(address, {"reason_en": "A batch was keyed twice."})

    assert not PublishedResult.objects.get().stands
    listed = words(officer_client.get(f"/admin/consultations/{consultation.pk}/results/"))
    assert "taken back" in listed and "A batch was keyed twice." in listed


def test_without_the_right_nobody_publishes(consultation, officer, officer_client):
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_summary"]))
    publish(consultation)

    for rest in ("", "publish/", "1/take-back/"):
        for method in (officer_client.get, officer_client.post):
            page = method(f"/admin/consultations/{consultation.pk}/results/{rest}", {"reason_en": "x"})
            assert page.status_code in (302, 403, 405)
    assert PublishedResult.objects.get().stands


def test_officers_download_what_was_published(consultation, officer, officer_client):
    publish(consultation)
    late(consultation, 30)

    sent = officer_client.get(f"/admin/consultations/{consultation.pk}/figures.zip")
    sheet = officer_client.get(f"/admin/consultations/{consultation.pk}/figures.xlsx")

    kept = ResultEdition.objects.get().files
    with zipfile.ZipFile(io.BytesIO(b"".join(sent.streaming_content))) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == kept
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(sheet.streaming_content)))
    cells = book.get_sheet_by_name("Figures").to_python(skip_empty_area=False)
    assert [[str(int(c)) if isinstance(c, float) else c for c in row] for row in cells] == list(
        csv.reader(io.StringIO(kept["figures.csv"], newline=""))
    )
