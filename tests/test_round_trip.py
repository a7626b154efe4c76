"""What leaves as a package and comes back leaves again as the same questions and responses, and is counted the same."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from consultation.models import Consultation, Response
from consultation.package.files import QUESTIONNAIRE, RESPONSES
from consultation.recount import check
from tests.figures import in_ledger, on_page
from tests.test_census import answered, published  # noqa: F401  # fixtures
from tests.test_instruments import bring
from tests.test_real_survey import survey  # noqa: F401

pytestmark = pytest.mark.django_db


def leave(consultation, folder):
    """Export, and give what an import reads: the questions, and the bytes of the file of responses.

    Words between questions are left out: they leave as rich text and are read as plain text.
    """
    call_command("export_package", str(consultation.pk), str(folder), stdout=StringIO())
    described = json.loads((folder / QUESTIONNAIRE).read_bytes())
    for section in described["sections"]:
        section["items"] = [item for item in section["items"] if item["kind"] != "information"]
    return {QUESTIONNAIRE: described, RESPONSES: (folder / RESPONSES).read_bytes()}


def come_back(consultation, folder, *options):
    """Export, forget the responses, import: the consultation as it came back, and what left both times."""
    first = leave(consultation, folder / "first")
    Response.objects.filter(consultation=consultation).delete()
    call_command("import_package", str(folder / "first"), *options, stdout=StringIO())
    again = Consultation.objects.latest("pk")
    assert again != consultation
    return again, first, leave(again, folder / "second")


@pytest.mark.parametrize("name", ["area-survey", "town-centre"])
def test_an_instrument_comes_back_as_it_left(name, tmp_path, officer_client):
    left = bring(name)
    figures = in_ledger(left)

    again, first, second = come_back(left, tmp_path)

    assert second == first
    assert len(first[RESPONSES].splitlines()) > 150
    assert in_ledger(again) == figures == on_page(officer_client, again)
    assert check(again) == []


def test_one_answer_that_changed_on_the_way_is_seen(tmp_path):
    left = bring("town-centre")
    first = leave(left, tmp_path / "first")
    response = left.responses.earliest("pk")
    response.answers["1"] = response.answers["1"] % 3 + 1
    response.save()

    second = leave(left, tmp_path / "second")

    assert second[QUESTIONNAIRE] == first[QUESTIONNAIRE]
    assert second[RESPONSES] != first[RESPONSES]


@pytest.mark.shared_data
def test_the_census_comes_back_in_three_languages(answered, tmp_path):  # noqa: F811
    figures = in_ledger(answered)

    again, first, second = come_back(answered, tmp_path)

    assert second == first
    assert in_ledger(again) == figures
    assert list(again.responses.values_list("language", flat=True).distinct().order_by("language")) == [
        *("en", "ga", "sco-ulster")
    ]


@pytest.mark.shared_data
@pytest.mark.battery
@pytest.mark.xdist_group("survey")
def test_the_real_survey_comes_back_with_all_that_breaks_its_rules(survey, tmp_path):  # noqa: F811
    figures = in_ledger(survey.consultation)

    again, first, second = come_back(survey.consultation, tmp_path, "--historic")

    assert second == first
    assert again.responses.count() == 15_653
    assert in_ledger(again) == figures
