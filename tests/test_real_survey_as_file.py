"""The real survey's own CSV, imported as a spreadsheet, says of every option what its answer key says."""

import pytest

from consultation import summary
from consultation.models import Consultation, Response, Tally, Upload, Watermark
from consultation.recount import check
from consultation.spreadsheets import uploads
from tests.spreadsheets import checked, guessed, hand_in, imported, problems
from tests.test_real_survey import BASES, RAW, options, survey  # noqa: F401  # a fixture

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db, pytest.mark.xdist_group("survey")]


@pytest.fixture
def again(survey, settings, tmp_path, administrator, monkeypatch):  # noqa: F811
    """The same questionnaire without any response, and the file as it came."""
    stored = settings.STORAGES["imports"]["OPTIONS"] | {"location": tmp_path / "imports"}
    settings.STORAGES = settings.STORAGES | {"imports": settings.STORAGES["imports"] | {"OPTIONS": stored}}
    monkeypatch.setattr(uploads, "LARGE", 1_000_000)
    for counted in (Tally, Watermark, Response):
        counted.objects.filter(consultation=survey.consultation).delete()
    return hand_in(administrator, survey.consultation, RAW.read_bytes(), RAW.name)


def test_the_survey_as_it_came_gives_the_counts_of_its_key(survey, again):  # noqa: F811
    meaning = guessed(again)
    strict = checked(again, meaning)
    assert strict.wrong and not strict.kept
    # One is 64 characters long and says nothing that could be a reference: left out. All else is guessed.
    assert meaning.columns[0] == "" and meaning.columns[1] == "q1" and meaning.columns[49] == "received_at"

    done = imported(checked(again, meaning, historic=True))

    assert done.state == Upload.State.DONE, problems(done)[:5]
    assert (done.good, done.wrong) == (15_653, 0)
    summed = {question.number: question for question in summary.of_consultation(survey.consultation).questions}
    for question in survey.questions:
        key, bars = survey.key[question.key], {bar.number: bar.n for bar in summed[question.number].bars}
        assert {o.key: bars[o.number] for o, _n in options(survey, question)} == {
            o.key: n for o, n in options(survey, question)
        }, question.key
        answered = key["answered"] + (key["other_answered"] if question.key == "q3" else 0)
        base = (BASES.get(question.key, 15_653), answered)
        assert (summed[question.number].asked, summed[question.number].answered) == base, question.key
    assert check(Consultation.objects.get(pk=survey.consultation.pk)) == []
