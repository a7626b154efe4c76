"""Open data: what the public sees, made of pinned results alone, as valid CSV on the Web."""

import csv
import io
import json
import uuid
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from python_calamine import CalamineWorkbook

from consultation import ledger, open_data, pin
from consultation.answers import Answers
from consultation.fold import fold
from consultation.models import Channel, Consultation, PinnedResult
from tests.consultation.test_csv_metadata import faults
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

WROTE = "Nobody shall read this"


@pytest.fixture
def page():
    return make_consultation_page()


def answer(consultation, *given):
    """So many chose each option, while it was open."""
    closes = consultation.closes_at
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=None)
    for option, times in given:
        for n in range(times):
            answers = Answers({1: option, 3: 30 + n % 7, 4: True}, {(4, 0): WROTE})
            ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=closes)


@pytest.fixture
def published(page):
    """Closed, with 41 who walk, 4 who take the bus and 30 who go another way."""
    consultation = page.period
    answer(consultation, (1, 41), (2, 4), (3, 30))
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now())
    consultation.refresh_from_db()
    fold(consultation)
    assert pin.pin(consultation)
    return consultation


def opened(consultation):
    return {name: b"".join(parts).decode() for name, parts in open_data.files(consultation, "en")}


def figures(consultation):
    return list(csv.DictReader(io.StringIO(opened(consultation)["figures.csv"])))


def test_the_figures_are_those_of_the_theme_page(published):
    shown = pin.of_consultation(published, "en")
    rows = figures(published)

    assert rows[0]["people"] == str(shown.received) == "75"
    question = shown.questions[0]
    options = [row for row in rows if row["question"] == "q1" and row["option"]]
    assert [row["people"] for row in options] == [str(bar.figure) for bar in question.bars] == ["40", "*", "30"]
    assert [row["option_label"] for row in options] == [bar.label for bar in question.bars]


def test_only_questions_with_a_theme_are_in_it_as_on_the_pages(published):
    assert {row["question"] for row in figures(published)} == {"", "q1", "q2"}


def test_no_number_and_no_word_of_a_person_is_in_it(published):
    files = opened(published)

    text = "".join(files.values())
    assert WROTE not in text
    assert "41" not in {cell for row in figures(published) for cell in row.values()}
    assert not any(name in files["codebook.csv"].split("\r\n")[0].split(",") for name in ("n", "asked", "answered"))


def test_what_came_after_the_cut_off_moves_nothing(published):
    before = opened(published)

    answer(published, (1, 30))
    fold(published)

    assert opened(published) == before


def found_wrong(files, folder):
    """What a validator of others' finds."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return faults(folder)


def test_the_files_are_valid_csv_on_the_web(published, tmp_path):
    files = opened(published)

    assert found_wrong(files, tmp_path) == []
    for described in json.loads(files["csv-metadata.json"])["tables"]:
        header = next(csv.reader(io.StringIO(files[described["url"]])))
        assert [column["titles"]["und"] for column in described["tableSchema"]["columns"]] == header


FAULTS = {"no figure": (",40,", ",about forty,"), "no per cent": (",40,53,", ",40,most,"), "twice": ("q1,2,", "q1,1,")}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_figures_would_be_seen(published, tmp_path, fault):
    files = opened(published)
    changed = files["figures.csv"].replace(*FAULTS[fault], 1)
    assert changed != files["figures.csv"]

    assert found_wrong(files | {"figures.csv": changed}, tmp_path)


@pytest.mark.parametrize("unless", ["never shown", "not live", "withdrawn", "not pinned"])
def test_there_is_none_unless_the_public_sees_it(published, page, officer, officer_client, unless):
    officer.user_permissions.add(Permission.objects.get(codename="download_open"))
    assert officer_client.get(f"/admin/consultations/{published.pk}/figures.zip").status_code == 200

    if unless == "never shown":
        Consultation.objects.update(results=Consultation.Results.NEVER)
    elif unless == "not live":
        page.unpublish()
    elif unless == "withdrawn":
        Consultation.objects.update(halt="withdrawn")
    else:
        PinnedResult.objects.all().delete()

    assert officer_client.get(f"/admin/consultations/{published.pk}/figures.zip").status_code == 404


def test_every_format_has_the_same_figures(published, officer, officer_client):
    officer.user_permissions.add(Permission.objects.get(codename="download_open"))

    files = {
        name: b"".join(officer_client.get(f"/admin/consultations/{published.pk}/figures.{name}").streaming_content)
        for name in ("zip", "xlsx", "ods")
    }

    with zipfile.ZipFile(io.BytesIO(files["zip"])) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("figures.csv").decode(), newline="")))
    for name in ("xlsx", "ods"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(files[name]))
        cells = book.get_sheet_by_name("Figures").to_python(skip_empty_area=False)
        assert [[str(int(c)) if isinstance(c, float) else c for c in row] for row in cells] == rows
