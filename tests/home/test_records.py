"""Questions whose options are records: open consultations follow what there is, and what was answered stays."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from consultation import comparison, instrument, ledger, recount, rehearsal, summary
from consultation.answers import Answers
from consultation.blocks import QuestionnaireBlock
from consultation.columns import Form, header, plan
from consultation.compile import compile_leading
from consultation.fold import choose_segments, fold
from consultation.models import Area, Channel, Consultation, Response, Theme
from consultation.tick import publish_due
from home.models import ConsultationPage
from tests.factories import make_consultation_page, raw_block, raw_question, translate

pytestmark = pytest.mark.django_db

WHERE = "Where do you live?"
BESIDE = ["Outside the borough", "Prefer not to say"]


def area(name, language="en", of=None, **fields):
    key = of.translation_key if of else uuid.uuid4()
    locale = Locale.objects.get(language_code=language)
    return Area.objects.create(name=name, locale=locale, translation_key=key, **fields)


def raw(*questions):
    return [raw_block("section", {"title": "You", "introduction": "", "questions": list(questions)}, "you")]


def page_asking(kind="area", label=WHERE, settings=None, **fields):
    return make_consultation_page(questionnaire=raw(raw_question(kind, label, **settings or {})), **fields)


def form(page, language="en"):
    return instrument.current(Consultation.objects.get(key=page.translation_key), language)


def labels(page, language="en", question=1):
    return [str(option.label) for option in form(page, language).question(question).options]


def answer(page, option, question=1):
    record = Consultation.objects.get(key=page.translation_key)
    ledger.submit(record, uuid.uuid4(), record.published, "en", Channel.WEB, Answers({question: option}))


def counted(page):
    record = Consultation.objects.get(key=page.translation_key)
    fold(record)
    assert not recount.check(record)
    (question,) = summary.of_consultation(record).questions
    return {bar.label: (bar.n, bar.retired) for bar in question.bars}


@pytest.fixture
def places():
    return [area("Demo North", position=2), area("Demo South", position=1)]


def test_areas_stand_in_their_order_with_what_is_offered_beside_them(places):
    assert labels(page_asking()) == ["Demo South", "Demo North", *BESIDE]


def test_what_stands_beside_them_can_be_left_out(places):
    assert labels(page_asking(settings={"outside": False, "declined": False})) == ["Demo South", "Demo North"]


def test_who_prefers_not_to_say_where_is_left_out_of_percentages(places):
    page = page_asking()
    for option in (1, 4):
        answer(page, option)

    (question,) = summary.of_consultation(page.consultation).questions

    assert (question.answered, question.declined, question.bars[0].percent) == (2, 1, 100)


def test_a_renamed_area_keeps_its_number_and_its_counts(places):
    page = page_asking()
    answer(page, 2)

    places[0].name = "Demo Upper North"
    places[0].save()

    assert labels(page)[1] == "Demo Upper North"
    assert counted(page)["Demo Upper North"] == (1, False)
    assert page.consultation.versions.count() == 1


def test_an_area_added_while_it_is_open_can_be_chosen_at_once_under_a_new_number(places):
    page = page_asking()

    area("Demo East", position=0)

    options = form(page).question(1).options
    assert [(str(option.label), option.number) for option in options[:3]] == [
        ("Demo East", 5),
        ("Demo South", 1),
        ("Demo North", 2),
    ]


@pytest.mark.parametrize("end", ["a last day", "deleted"])
def test_an_area_that_ended_is_offered_no_more_and_stays_in_results_and_files(places, end):
    page = page_asking()
    answer(page, 2)

    if end == "deleted":
        places[0].delete()
    else:
        places[0].until = timezone.localdate() - dt.timedelta(days=1)
        places[0].save()

    assert labels(page) == ["Demo South", *BESIDE]
    assert counted(page)["Demo North"] == (1, True)
    record = Consultation.objects.get(pk=page.consultation.pk)
    (column,) = plan(record, "en", Form.LABELS)
    assert column.values[2] == "Demo North"
    assert header([column], Form.LABELS)[-1] == f"1. {WHERE}"


def test_an_area_begins_and_ends_with_its_day_where_tick_runs(places):
    today = timezone.localdate()
    page = page_asking()
    area("Demo Later", position=3, since=today + dt.timedelta(days=2), until=today + dt.timedelta(days=3))
    offered = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _day in range(5):
            publish_due()
            offered.append("Demo Later" in labels(page))
            clock.shift(dt.timedelta(days=1))

    assert offered == [False, False, True, True, False]


def test_where_nothing_changed_a_tick_changes_nothing(places):
    page = page_asking()
    before = Consultation.objects.get(pk=page.consultation.pk).stamp

    publish_due()

    assert Consultation.objects.get(pk=page.consultation.pk).stamp == before


def test_one_consultation_that_fails_does_not_keep_the_others_from_their_day(places, monkeypatch):
    failing, page = page_asking(title="Fails"), page_asking(title="Works", label="Where else?")
    Area.objects.filter(pk=places[0].pk).update(until=dt.date(2020, 1, 1))  # as if its day had passed

    def compile_unless(source, keys=None, **more):
        if source.title == "Fails":
            raise RuntimeError
        return compile_leading(source, keys, **more)

    monkeypatch.setattr("home.publication.compile_leading", compile_unless)
    publish_due()

    assert "Demo North" in labels(failing)
    assert "Demo North" not in labels(page)


def test_a_closed_consultation_stays_as_it_was_even_where_it_is_published_again(places):
    now = timezone.now()
    page = page_asking(opens_at=now - dt.timedelta(days=9), closes_at=now + dt.timedelta(hours=1))
    with time_machine.travel(now + dt.timedelta(hours=2), tick=False):
        places[0].delete()
        area("Demo East")
        places[1].name = "Demo Lower South"
        places[1].save()
        publish_due()
        ConsultationPage.objects.get(pk=page.pk).save_revision().publish()

        assert labels(page) == ["Demo South", "Demo North", *BESIDE]


def test_a_consultation_that_is_opened_again_follows_again(places):
    now = timezone.now()
    page = page_asking(opens_at=now - dt.timedelta(days=9), closes_at=now - dt.timedelta(days=1))
    area("Demo East", position=3)

    page = ConsultationPage.objects.get(pk=page.pk)
    page.closes_at = now + dt.timedelta(days=1)
    page.save_revision().publish()

    assert "Demo East" in labels(page)


def test_a_draft_that_waits_is_not_published_by_an_area(places):
    page = page_asking()
    page.title = "A title that waits"
    page.questionnaire = raw(raw_question("short_text", "Something else"))
    page.save_revision()

    area("Demo East", position=3)

    assert "Demo East" in labels(page)
    assert Consultation.objects.get(pk=page.consultation.pk).title == "The town’s plan"


def test_in_irish_areas_have_their_irish_names_and_the_others_are_marked_as_english(places, at_once):
    area("Demo Thuaidh", "ga", of=places[0], position=9, until=dt.date(2020, 1, 1))
    page = page_asking()

    translate(page, "ga", {WHERE: "Cá gcónaíonn tú?"})

    found = [(label.text, label.language) for label in (o.label for o in form(page, "ga").question(1).options)]
    assert found == [
        ("Demo South", "en"),
        ("Demo Thuaidh", "ga"),
        ("Taobh amuigh den bhuirg", "ga"),
        ("B’fhearr liom gan a rá", "ga"),
    ]


def test_an_irish_name_that_comes_later_or_goes_is_followed_too(places, at_once):
    page = page_asking()
    translate(page, "ga", {})

    irish = area("Demo Theas", "ga", of=places[1])
    with_name = labels(page, "ga")[0]
    irish.delete()

    assert (with_name, labels(page, "ga")[0]) == ("Demo Theas", "Demo South")


def test_an_area_translated_in_the_editor_has_one_place_and_one_key(places):
    from wagtail_localize.models import Translation, TranslationSource

    source, _created = TranslationSource.get_or_create_from_instance(places[0])
    locale = Locale.objects.get(language_code="ga")
    Translation.objects.create(source=source, target_locale=locale).save_target()

    irish = Area.objects.get(locale=locale)
    assert (irish.translation_key, irish.position) == (places[0].translation_key, 2)


def test_a_copy_of_a_page_asks_for_the_same_areas_and_shares_no_answer(places):
    page = page_asking()
    answer(page, 2)

    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False)
    copy.save_revision().publish()

    assert labels(copy) == labels(page)
    assert counted(copy)["Demo North"] == (0, False)


def test_without_an_area_the_question_can_not_be_published_but_kept_and_compiled():
    block = QuestionnaireBlock()
    value = block.to_python(raw(raw_question("area", WHERE)))

    with pytest.raises(ValidationError):
        block.clean(value)
    assert block.clean_deferred(value)
    page = page_asking(settings={"outside": False, "declined": False, "required": True})
    assert form(page).question(1).options == ()
    assert not form(page).question(1).required


def routed(place):
    """A second section for those who live in one area."""
    condition = {"question": raw_question("area", WHERE)["id"], "any": [str(place.translation_key)]}
    more = {"title": "There", "introduction": "", "questions": [raw_question("short_text", "What is missing?")]}
    return [*raw(raw_question("area", WHERE)), raw_block("section", more | {"show_if": condition}, "there")]


def test_a_section_can_be_for_those_of_one_area(places):
    block = QuestionnaireBlock()
    block.clean(block.to_python(routed(places[0])))

    page = make_consultation_page(questionnaire=routed(places[0]))

    assert form(page).sections[1].condition.options == (2,)


def test_a_condition_on_no_area_of_today_is_refused(places):
    ended = area("Demo Past", until=dt.date(2020, 1, 1))
    block = QuestionnaireBlock()

    with pytest.raises(ValidationError):
        block.clean(block.to_python(routed(ended)))


def test_a_section_for_an_area_that_ended_is_for_nobody_and_not_for_everybody(places):
    page = make_consultation_page(questionnaire=routed(places[0]))

    places[0].delete()

    assert form(page).sections[1].condition.options == (2,)


@pytest.mark.parametrize("dates", [(dt.date(2026, 1, 2), dt.date(2026, 1, 1))])
def test_an_area_that_ends_before_it_begins_is_refused(places, dates):
    with pytest.raises(ValidationError):
        Area(name="Demo East", locale=Locale.get_default(), since=dates[0], until=dates[1]).full_clean()


def test_two_areas_can_have_one_name_on_different_days_only(places):
    today = Area(name="demo north", locale=Locale.get_default())
    with pytest.raises(ValidationError):
        today.full_clean()

    Area.objects.filter(pk=places[0].pk).update(until=dt.date(2026, 1, 1))
    today.since = dt.date(2026, 1, 2)
    today.full_clean()


def test_a_failure_in_what_follows_leaves_the_area_as_it_was(places, monkeypatch):
    page_asking()

    def fail(*args, **more):
        raise RuntimeError

    monkeypatch.setattr("home.publication.compile_leading", fail)
    places[0].name = "Changed"
    with pytest.raises(RuntimeError):
        places[0].save()

    assert Area.objects.get(pk=places[0].pk).name == "Demo North"


# Themes


@pytest.fixture
def themes():
    from home.models import HomePage, PlanPage, ThemePage

    plan_page = PlanPage(title="Plan", slug="plan")
    HomePage.objects.get(locale__language_code="en").add_child(instance=plan_page)
    plan_page.save_revision().publish()

    def make(title, number):
        page = ThemePage(title=title, slug=title.lower(), number=number)
        plan_page.add_child(instance=page)
        page.save_revision().publish()
        return page

    return make


def test_a_theme_published_while_it_is_open_can_be_chosen_and_one_that_goes_can_not(themes):
    health = themes("Health", 11)
    page = page_asking("theme_choice", "Which theme?")
    answer(page, 3)

    themes("Tourism", 12)
    added = labels(page)
    health.title = "Healthy places"
    health.save_revision().publish()
    renamed = labels(page)
    health.unpublish()

    assert added == ["Getting about", "Green places", "Health", "Tourism", "Not sure"]
    assert renamed[2] == "Healthy places"
    assert labels(page) == ["Getting about", "Green places", "Tourism", "Not sure"]
    assert counted(page)["Healthy places"] == (1, True)


def test_a_theme_has_the_name_of_its_page_in_each_language_while_that_is_live(themes, at_once):
    health = themes("Health", 11)
    page = page_asking("theme_choice", "Which theme?")
    translate(page, "ga", {})
    for above in health.get_ancestors().filter(depth__gt=2):
        translate(above.specific, "ga", {})
    irish = translate(health, "ga", {"Health": "Sláinte"})
    irish.refresh_from_db()

    named = labels(page, "ga")
    irish.delete()

    assert named[2:] == ["Sláinte", "Níl mé cinnte"]
    assert labels(page, "ga")[2] == "Health"


def test_a_theme_made_elsewhere_is_offered_from_the_next_tick_on(themes):
    page = page_asking("theme_choice", "Which theme?")

    Theme.objects.create(key=uuid.uuid4(), number=20, name="Made by an import")
    publish_due()

    assert "Made by an import" in labels(page)
    assert not Response.objects.exists()


def test_figures_are_compared_by_area(places):
    page = make_consultation_page(questionnaire=raw(raw_question("area", WHERE), raw_question("short_text", "Why?")))
    choose_segments(page.consultation, [1])
    answer(page, 2)
    record = Consultation.objects.get(pk=page.consultation.pk)
    fold(record)

    assert not recount.check(record)
    compared = comparison.compare(summary.read(record), "q1")
    assert "Demo North" in repr(compared)


def test_a_trial_of_a_translation_offers_the_areas_of_today_in_its_words(places, at_once):
    area("Demo Thuaidh", "ga", of=places[0])
    page = page_asking()
    irish = translate(page, "ga", {}, publish=False)

    tried = rehearsal.questionnaire(irish.source())

    assert [str(option.label) for option in tried.question(1).options][:2] == ["Demo South", "Demo Thuaidh"]


def test_the_editor_of_a_page_asks_for_records_a_few_times_however_many_questions_there_are(
    places, administrator_client
):
    def queries(page):
        with CaptureQueriesContext(connection) as captured:
            assert administrator_client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
        return sum("consultation_area" in query["sql"] for query in captured)

    few = queries(page_asking())
    many = queries(
        make_consultation_page(questionnaire=raw(*(raw_question("area", f"{n}?") for n in range(20))), title="Many")
    )

    assert many == few <= 3
