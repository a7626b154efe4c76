"""Published results: frozen with their words, version by version, whatever happens afterwards."""

import datetime as dt
import json

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry, PageViewRestriction

from consultation import changes, pin, results
from consultation.models import Consultation, LifeEvent, PublishedResult, Response, ResultEdition, Theme
from consultation.tick import tick
from tests.consultation.test_pin import answer
from tests.factories import make_consultation_page, raw_questionnaire, translate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

NOTE, REASON = {"en": "Everybody could answer."}, {"en": "Two paper forms were found."}


def close(consultation):
    """End it a second ago."""
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    consultation.refresh_from_db()


def late(consultation, n, **given):
    """Bring in what came on paper after it had closed."""
    closes = consultation.closes_at
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=None)
    answer(consultation, n, **given)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=closes)
    consultation.refresh_from_db()


def make_closed(**changes):
    """A page whose consultation closed, with 41 who walk, 4 who take the bus and 30 who go another way."""
    page = make_consultation_page(**changes)
    consultation = page.consultation
    answer(consultation, 41, more={2: [1]})
    answer(consultation, 4, option=2)
    answer(consultation, 30, option=3)
    close(consultation)
    tick()
    return page


@pytest.fixture
def page():
    return make_closed()


@pytest.fixture
def consultation(page):
    return page.consultation


def publish(consultation, reasons=REASON):
    return results.publish(consultation, None, NOTE, reasons)


def kept():
    """Everything that was published, to the letter."""
    return [
        *PublishedResult.objects.order_by("pk").values_list("figures", "cut_off", "received", "bases"),
        *ResultEdition.objects.order_by("pk").values_list("content", "files", "note", "reason"),
    ]


def on_theme_page(language="en"):
    found = pin.of_theme(Theme.objects.get(name="Getting about"), language)
    return [(s.title.text, s.received, [(q.label, [b.figure for b in q.bars]) for q in s.questions]) for s in found]


def test_a_version_has_every_question_with_its_base_and_its_section(consultation):
    publish(consultation)

    shown = pin.of_consultation(consultation, "en")
    assert [(title.text, [q.label for q in asked]) for title, asked in shown.sections()] == [
        ("Getting about", ["How do you mostly travel?", "What would help?"]),
        ("Green places", ["How old are you?", "What should change?"]),
    ]
    assert (shown.received, shown.questions[0].answered) == (75, 75)
    assert [bar.figure for bar in shown.questions[0].bars] == [40, "*", 30]
    assert shown.questions[0].stars == 1


@pytest.mark.parametrize(
    "happens", ["answers", "withdrawn", "erased", "reworded", "retired", "renamed", "hidden setting", "themes"]
)
def test_nothing_that_happens_later_changes_a_published_version(page, consultation, happens):
    publish(consultation)
    before, on_page = kept(), on_theme_page()

    if happens == "answers":
        late(consultation, 30)
    elif happens == "withdrawn":
        for response in Response.objects.all()[:20]:
            changes.withdraw(response)
    elif happens == "erased":
        for response in Response.objects.all()[:20]:
            changes.erase(response)
    elif happens == "hidden setting":
        Consultation.objects.update(results=Consultation.Results.NEVER)
    elif happens == "themes":
        consultation.questions.filter(number=3).update(theme=Theme.objects.last())
    else:
        questionnaire = raw_questionnaire()
        asked = questionnaire[0]["value"]["questions"]
        if happens == "reworded":
            asked[0]["value"]["label"] = "How do you get to work?"
        elif happens == "retired":
            del asked[0]
        else:
            page.title = "Something else"
        page.questionnaire = json.dumps(questionnaire)
        page.save_revision().publish()
    tick()

    assert kept() == before
    assert on_theme_page() == on_page
    assert on_page[0][2][0] == ("How do you mostly travel?", [40, "*", 30])


def test_a_second_version_needs_a_reason_and_leaves_the_first_as_it_was(consultation):
    first = publish(consultation)
    before = kept()
    late(consultation, 30)

    with pytest.raises(results.NotPossible, match="new version"):
        publish(consultation, reasons={})
    second = publish(consultation)

    assert (first.number, second.number, first.figures["received"], second.figures["received"]) == (1, 2, 75, 105)
    assert all(row in kept() for row in before)
    assert results.newest(consultation) == second
    assert on_theme_page()[0][1] == 105


def test_between_two_versions_figures_move_by_ten_people_or_not_at_all(consultation):
    first = publish(consultation)

    late(consultation, 9)
    second = publish(consultation)
    assert (second.figures, second.cut_off) == (first.figures, first.cut_off)

    late(consultation, 1)
    third = publish(consultation)
    assert third.figures["received"] == 85


def test_a_version_is_not_set_against_the_one_before_the_last(consultation):
    """75, then 86, then 11 of these are taken back and one comes: 76 could be set against 75."""
    publish(consultation)
    late(consultation, 11)
    publish(consultation)
    for response in Response.objects.order_by("-pk")[:10]:
        changes.withdraw(response)

    third = publish(consultation)

    assert third.figures["received"] == 85


def test_from_the_first_version_on_no_public_figure_moves_without_officers(page):
    consultation = page.consultation
    publish(consultation)
    late(consultation, 30)

    assert not pin.pin(consultation)
    assert on_theme_page()[0][1] == 75


@pytest.mark.parametrize("case", ["open", "never", "withdrawn", "restricted", "not live", "nobody"])
def test_what_cannot_be_published_is_refused_with_a_reason(page, consultation, case):
    if case == "open":
        Consultation.objects.update(closes_at=timezone.now() + dt.timedelta(days=1))
    elif case == "never":
        Consultation.objects.update(results=Consultation.Results.NEVER)
    elif case == "withdrawn":
        Consultation.objects.update(halt="withdrawn")
    elif case == "restricted":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    elif case == "not live":
        page.unpublish()
    else:
        Consultation.objects.update(closes_at=None)
        consultation.pinned.delete()
        Response.objects.update(state=Response.State.REJECTED)
        consultation.tallies.all().delete()
    consultation.refresh_from_db()

    with pytest.raises(results.NotPossible) as refused:
        publish(consultation)

    assert str(refused.value).endswith(".")
    assert not PublishedResult.objects.exists()


def test_what_moved_since_it_was_looked_at_is_not_published(consultation):
    looked_at = results.prepare(consultation).digest
    late(consultation, 10)

    with pytest.raises(results.Moved):
        results.publish(consultation, None, NOTE, {}, looked_at)

    results.publish(consultation, None, NOTE, {}, results.prepare(consultation).digest)


def test_a_version_is_in_every_language_of_its_pages_with_its_words(page):
    translate(page.get_parent(), "ga", {"Consultations": "Comhairliúcháin"})
    translate(
        page, "ga", {"The town’s plan": "Plean an bhaile", "How do you mostly travel?": "Conas a thaistealaíonn tú?"}
    )

    publish(page.consultation)

    assert [title for title, _n, _questions in on_theme_page("ga")] == ["Plean an bhaile"]
    edition = ResultEdition.objects.get(language="ga")
    assert edition.content["questions"][0]["label"] == "Conas a thaistealaíonn tú?"
    assert "Conas a thaistealaíonn tú?" in edition.files["figures.csv"]


def test_taking_back_hides_the_version_and_shows_the_one_before(consultation):
    publish(consultation)
    late(consultation, 30)
    second = publish(consultation)

    with pytest.raises(results.NotPossible):
        results.take_back(second, None, {})
    results.take_back(second, None, {"en": "A batch was keyed twice."})

    assert on_theme_page()[0][1] == 75
    with pytest.raises(results.NotPossible):
        results.take_back(second, None, {"en": "Again."})


def test_where_every_version_was_taken_back_no_page_shows_figures(consultation):
    results.take_back(publish(consultation), None, {"en": "A batch was keyed twice."})
    tick()

    assert on_theme_page() == []
    assert pin.of_consultation(consultation, "en") is None


def test_who_published_and_took_back_stands_in_history_and_life(consultation, officer):
    version = results.publish(consultation, officer, NOTE, {})
    results.take_back(version, officer, {"en": "A batch was keyed twice."})

    assert [(e.kind, e.by) for e in LifeEvent.objects.all()] == [("results", officer), ("taken_back", officer)]
    actions = [results.PUBLISH, results.TAKE_BACK]
    assert [entry.action for entry in PageLogEntry.objects.filter(action__in=actions).order_by("pk")] == actions
    assert ModelLogEntry.objects.count() == 0
    assert Page.objects.filter(translation_key=consultation.key).exists()


def test_files_name_the_licence_and_have_what_the_page_has(consultation, tmp_path):
    from tests.consultation.test_open_data import found_wrong

    publish(consultation)

    files = dict(ResultEdition.objects.get().files)
    assert set(files) == {"figures.csv", "codebook.csv", "csv-metadata.json", "figures.json"}
    licence = json.loads(files["csv-metadata.json"])["dc:license"]["@id"]
    assert "open-government-licence" in licence
    assert json.loads(files["figures.json"])["received"] == 75
    files.pop("figures.json")
    assert ",web,,Online form,75,100," in files["figures.csv"]
    assert found_wrong(files, tmp_path) == []
