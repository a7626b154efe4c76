"""Who imports, and what of: an officer's file is theirs alone, and the steps keep their order."""

import io

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.models import Consultation, Response, Upload
from tests.spreadsheets import as_csv, checked, hand_in, imported

pytestmark = pytest.mark.django_db

STEPS = ("import_table", "import_columns", "import_values", "import_check", "import_errors")


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    options = settings.STORAGES["imports"]["OPTIONS"] | {"location": tmp_path / "imports"}
    settings.STORAGES = settings.STORAGES | {"imports": settings.STORAGES["imports"] | {"OPTIONS": options}}


@pytest.fixture
def upload(consultation, officer):
    return checked(hand_in(officer, consultation, as_csv(["How old are you?"], ["41"], ["old"])))


def step(name, upload):
    return reverse(f"consultations:{name}", args=[upload.pk])


def send(client, consultation, content):
    file = io.BytesIO(content)
    file.name = "file.csv"
    return client.post(reverse("consultations:import", args=[consultation.pk]), {"file": file})


def test_a_file_is_there_for_whoever_brought_it_alone_and_only_with_the_right(
    upload, officer, officer_client, administrator_client
):
    assert [officer_client.get(step(name, upload)).status_code for name in STEPS] == [200] * 5
    assert [administrator_client.get(step(name, upload)).status_code for name in STEPS] == [404] * 5

    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "read_responses"]))
    assert [officer_client.get(step(name, upload)).status_code for name in STEPS] == [302] * 5
    assert officer_client.post(step("import_check", upload), {"only_good": "1"}).status_code == 302
    assert not Response.objects.exists()


def test_nobody_sends_a_file_without_the_right(consultation, editor_client):
    assert send(editor_client, consultation, as_csv(["a"], ["b"])).status_code == 302
    assert send(Client(), consultation, as_csv(["a"], ["b"])).status_code == 302

    assert not Upload.objects.exists()


def test_what_cannot_be_read_is_said_beside_the_file(consultation, officer_client):
    page = send(officer_client, consultation, b"%PDF-1.7")

    assert "This is no spreadsheet" in page.content.decode()
    assert not Upload.objects.exists()


def test_the_same_file_again_needs_a_tick(upload, consultation, officer, officer_client):
    imported(upload, only_good=True)
    again = checked(hand_in(officer, consultation, as_csv(["How old are you?"], ["41"], ["old"])))

    assert "imported before" in officer_client.get(step("import_check", again)).content.decode()
    officer_client.post(step("import_check", again), {"only_good": "1"})
    assert Response.objects.count() == 1
    officer_client.post(step("import_check", again), {"only_good": "1", "again": "1"})
    assert Response.objects.count() == 2


def test_what_would_lose_its_words_at_once_is_said_before_it_is_imported(upload, consultation, officer_client):
    said = "loses its words and its reference within minutes of the import"
    pages = []
    for days in ({}, {"kept_months": 12}, {"kept_until": "2020-01-01", "closes_at": "2019-01-01T00:00Z"}):
        Consultation.objects.filter(pk=consultation.pk).update(**days)
        pages.append(" ".join(officer_client.get(step("import_check", upload)).content.decode().split()))

    assert said not in pages[0]
    assert "What was received before" in pages[1] and said in pages[1]
    assert f"All of it {said}" in pages[2]


def test_all_or_nothing_unless_somebody_says_otherwise(upload, officer_client):
    officer_client.post(step("import_check", upload))

    assert not Response.objects.exists()


def test_what_was_said_last_time_is_chosen_and_can_be_guessed_anew(upload, consultation, officer, officer_client):
    checked(upload, columns=("q4",))
    imported(upload)
    following = hand_in(officer, consultation, as_csv(["How old are you?"], ["51"]))

    assert '<option value="q4" selected' in " ".join(
        officer_client.get(step("import_columns", following)).content.decode().split()
    )
    anew = officer_client.get(step("import_columns", following) + "?guess").content.decode()
    assert '<option value="q3" selected' in " ".join(anew.split())


def test_one_that_is_done_is_not_changed_any_more(upload, officer_client):
    imported(upload, only_good=True)

    for name in STEPS[:3]:
        assert officer_client.get(step(name, upload))["Location"] == step("import_check", upload)
    assert officer_client.post(step("import_discard", upload)).status_code == 302
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_a_file_can_be_deleted_before_it_is_imported(upload, officer_client):
    officer_client.post(step("import_discard", upload))

    assert not Upload.objects.exists()


def test_the_page_of_columns_costs_as_many_queries_however_wide_the_file(consultation, officer, officer_client):
    narrow = hand_in(officer, consultation, as_csv(["How old are you?"], ["41"]))
    wide = hand_in(officer, consultation, as_csv([f"column {n}" for n in range(50)], ["41"] * 50))
    officer_client.get(step("import_columns", narrow))

    costs = []
    for upload in (narrow, wide):
        with CaptureQueriesContext(connection) as captured:
            officer_client.get(step("import_columns", upload))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 60
