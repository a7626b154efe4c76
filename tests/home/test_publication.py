"""What follows from publishing: a consultation's questions, a theme's record, and nothing by halves."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment

from consultation import instrument
from consultation.models import Consultation, Question, Theme, Wording
from home.models import HomePage, PlanPage, ThemePage
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    page = PlanPage(title="Plan", slug="plan")
    HomePage.objects.get(locale__language_code="en").add_child(instance=page)
    page.save_revision().publish()
    return page


def add_theme(plan, title="Healthy community", **fields):
    page = ThemePage(title=title, slug="healthy", number=2, **fields)
    plan.add_child(instance=page)
    return page


def test_publishing_the_leading_page_numbers_its_questions():
    page = make_consultation_page()

    assert list(page.consultation.questions.values_list("number", "kind")) == [
        (1, "single"),
        (2, "multiple"),
        (3, "number"),
        (4, "long_text"),
    ]
    assert page.consultation.questions.get(number=1).theme.name == "Getting about"


def test_publishing_says_whether_the_equality_questions_are_asked_and_a_draft_does_not():
    page = make_consultation_page(ask_equality=True)
    page.political_basis = "Article 9(2)(j)"
    page.save_revision()
    before = Consultation.objects.get()

    page.save_revision().publish()

    after = Consultation.objects.get()
    assert (before.ask_equality, before.political_basis) == (True, "")
    assert (after.ask_equality, after.political_basis) == (True, "Article 9(2)(j)")


def test_the_settings_of_the_equality_questions_follow_the_leading_page_into_its_translations(at_once):
    page = make_consultation_page(ask_equality=True, political_basis="Article 9(2)(j)")
    translate(page.get_parent(), "ga", {})

    irish = translate(page, "ga", {})

    assert (irish.ask_equality, irish.political_basis) == (True, "Article 9(2)(j)")
    assert not StringSegment.objects.filter(string__data="Article 9(2)(j)").exists()  # nothing to translate


def test_publishing_again_changes_no_number_and_makes_no_version():
    page = make_consultation_page()
    before = list(Question.objects.values("pk", "number", "block"))

    page.save_revision().publish()

    assert list(Question.objects.values("pk", "number", "block")) == before
    assert page.consultation.versions.count() == 1


def test_a_publication_that_can_not_be_compiled_leaves_the_page_as_it_was(monkeypatch):
    page = make_consultation_page()
    page.title = "Changed"

    def fail(source, **more):
        raise RuntimeError

    monkeypatch.setattr("home.publication.compile_leading", fail)
    with pytest.raises(RuntimeError):
        page.save_revision().publish()

    assert Page.objects.get(pk=page.pk).title == "The town’s plan"


def test_a_page_that_is_only_scheduled_makes_nothing():
    page = make_consultation_page(title="Later", go_live_at=timezone.now() + dt.timedelta(days=1))

    assert not page.live
    assert not Consultation.objects.exists()


def test_a_translation_offers_the_form_in_its_language_with_the_rest_in_the_leading_one(
    django_capture_on_commit_callbacks,
):
    page = make_consultation_page()

    with django_capture_on_commit_callbacks(execute=True):
        translate(page, "ga", {"How old are you?": "Cén aois thú?", "By bus": "Ar an bhus"})

    form = instrument.current(Consultation.objects.get(), "ga")
    assert (form.question(3).label.text, form.question(3).label.language) == ("Cén aois thú?", "ga")
    assert (form.question(4).label.text, form.question(4).label.language) == ("What should change?", "en")
    assert [(o.label.text, o.label.language) for o in form.question(1).options][:2] == [
        ("On foot", "en"),
        ("Ar an bhus", "ga"),
    ]
    assert page.consultation.versions.count() == 1


def test_deleting_a_translation_deletes_no_wording(django_capture_on_commit_callbacks):
    page = make_consultation_page()
    with django_capture_on_commit_callbacks(execute=True):
        translate(page, "ga", {"How old are you?": "Cén aois thú?"})

    page.get_translation(Locale.objects.get(language_code="ga")).delete()

    assert Wording.objects.filter(language="ga", text="Cén aois thú?").exists()


def test_a_theme_page_makes_and_names_its_record(plan):
    page = add_theme(plan)
    page.save_revision().publish()
    page.title = "A healthy community"
    page.save_revision().publish()

    theme = Theme.objects.get(key=page.translation_key)
    assert (theme.number, theme.name, theme.retired_at) == (2, "A healthy community", None)


def test_unpublishing_or_deleting_a_theme_page_retires_its_record_and_publishing_restores_it(plan):
    page = add_theme(plan)
    page.save_revision().publish()

    page.unpublish()
    assert Theme.objects.get().retired_at
    page.save_revision().publish()
    assert not Theme.objects.get().retired_at

    page.delete()
    assert Theme.objects.get().retired_at


def test_the_source_holds_every_block_with_the_id_that_is_stored():
    page = make_consultation_page()

    ids = {item.id for section in page.source().sections for item in section.items}

    assert {row.block for row in Question.objects.all()} < ids
