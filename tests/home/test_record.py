"""The plan's records: figures are those of the site's own language, words are the reader's where there are any."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from home.models import Action, Partner
from home.models.record import put_in_words
from tests.factories import translate
from tests.plan import make_action, make_indicator, make_partner, make_theme, publish, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    return make_theme()


@pytest.fixture
def irish(theme, at_once):
    """The theme's page in Irish."""
    for page in (theme.get_parent().get_parent().specific, theme.get_parent().specific, theme):
        translated = translate(page, "ga", {})
    return translated


def words(record, language):
    found = type(record).objects.get(pk=record.pk)
    put_in_words([found], language)
    return found.words


def test_a_record_is_shown_in_the_readers_words(theme, irish, at_once, visitor):
    action = make_action(theme, description="In every street.")
    translate(action, "ga", {"Plant trees": "Crainn a chur", "In every street.": "I ngach sráid."})

    shown = text_of(visitor, irish)

    assert "Crainn a chur" in shown and "I ngach sráid." in shown
    assert "Plant trees" not in shown


def test_what_nobody_translated_is_shown_in_the_original_and_marked_so(theme, irish, at_once, visitor):
    action = make_action(theme, description="In every street.")
    translate(action, "ga", {"Plant trees": "Crainn a chur"})

    shown = text_of(visitor, irish)

    assert '<p lang="en">In every street.</p>' in shown
    assert 'lang="en">Crainn a chur' not in shown


def test_an_original_that_was_reworded_leaves_no_old_words_behind_as_a_translation(theme, at_once):
    action = make_action(theme, description="In every street.")
    translate(action, "ga", {"Plant trees": "Crainn a chur"})
    assert Action.objects.get(locale__language_code="ga").description == "In every street."

    action.description = "In some streets."
    publish(action)

    assert words(action, "ga")["description"].language == "en"
    assert str(words(action, "ga")["description"]) == "In some streets."


def test_a_record_without_a_translation_is_shown_in_the_original(theme, irish, visitor):
    make_action(theme)

    assert 'lang="en">Plant trees' in text_of(visitor, irish)


def test_a_translation_that_is_no_longer_live_gives_no_words(theme, at_once):
    action = make_action(theme)
    translate(action, "ga", {"Plant trees": "Crainn a chur"}).unpublish()

    assert str(words(action, "ga")["title"]) == "Plant trees"


def test_dates_and_choices_are_those_of_the_original_even_where_a_translation_has_older_ones(
    theme, irish, at_once, visitor
):
    action = make_action(theme, status="planned", due=dt.date(2031, 5, 4))
    translate(action, "ga", {"Plant trees": "Crainn a chur"})

    action.status, action.due = "done", dt.date(2032, 6, 5)
    publish(action)

    assert Action.objects.get(locale__language_code="ga").status == "planned"
    shown = text_of(visitor, irish)
    assert "tag--done" in shown and "2032" in shown
    assert "tag--planned" not in shown and "2031" not in shown


def test_a_translation_has_the_relations_and_dates_of_its_original(theme, at_once):
    lead, other = make_partner("Demo Trust"), make_partner("Demo Club")
    action = make_action(theme, other, lead=lead, due=dt.date(2031, 5, 4))
    indicator = make_indicator(theme, (2024, "3.5"), (2025, 4), wanted="down")

    there = translate(action, "ga", {"Plant trees": "Crainn a chur"})
    figures = translate(indicator, "ga", {})

    assert (there.title, there.lead, there.due, there.theme) == ("Crainn a chur", lead, action.due, action.theme)
    assert [row.partner for row in there.supporting.all()] == [other]
    assert (figures.wanted, [str(value) for value in figures.series]) == ("down", ["2024: 3.5", "2025: 4"])


def test_only_what_is_live_in_the_sites_own_language_is_shown(theme, visitor):
    make_action(theme, title="Sown in Irish alone", language="ga")
    make_action(theme, title="Taken back").unpublish()
    make_indicator(theme, title="Never published").unpublish()

    shown = text_of(visitor, theme)

    assert not any(title in shown for title in ("Sown in Irish alone", "Taken back", "Never published"))
    assert 'id="done"' not in shown and 'id="going"' not in shown


def test_what_is_drafted_changes_nothing_until_it_is_published(theme, visitor):
    action = make_action(theme)
    action.title = "Fell trees"
    action.save_revision()
    assert "Plant trees" in text_of(visitor, theme)

    action.get_latest_revision().publish()

    assert "Fell trees" in text_of(visitor, theme)


def test_an_earlier_version_comes_back_when_it_is_published_again(theme, visitor):
    action = make_action(theme)
    first = action.latest_revision
    action.title = "Fell trees"
    publish(action)

    first.as_object().save_revision().publish()

    assert "Plant trees" in text_of(visitor, theme)


def test_a_record_goes_live_when_it_was_scheduled_for(theme, visitor):
    action = Action(title="Plant trees", theme=make_action(theme, title="Other").theme, live=False)
    action.locale_id = theme.locale_id
    action.go_live_at = timezone.now() - dt.timedelta(minutes=1)
    action.save()
    action.save_revision(approved_go_live_at=action.go_live_at)
    assert "Plant trees" not in text_of(visitor, theme)

    call_command("tick")

    assert "Plant trees" in text_of(visitor, theme)


def test_a_partner_that_is_not_shown_is_named_beside_no_action(theme, visitor):
    lead, other = make_partner("Demo Trust"), make_partner("Demo Club")
    make_action(theme, other, lead=lead)
    before = text_of(visitor, theme)
    assert "Demo Trust" in before and "Demo Club" in before

    for partner in Partner.objects.all():
        partner.unpublish()

    shown = text_of(visitor, theme)
    assert "Plant trees" in shown
    assert "Demo Trust" not in shown and "Demo Club" not in shown
