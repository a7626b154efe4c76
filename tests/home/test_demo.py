"""The demonstration: added where it is missing, never in the way of what somebody edited, the same each time."""

import datetime as dt
import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation

from consultation import (
    agreement,
    batches,
    changes,
    coding,
    correspondence,
    equality_figures,
    instrument,
    pin,
    quotes,
    summary,
)
from consultation.answers import look_again
from consultation.equality import QUESTIONS
from consultation.models import (
    AnswerWords,
    Channel,
    CodedText,
    Coding,
    Consultation,
    EqualityAnswers,
    EqualityLink,
    Idea,
    Quote,
    Response,
    State,
    Subscriber,
    Theme,
)
from consultation.models.letter import LETTERS
from home.demo import responses, standard, workspace
from home.demo.adding import find
from home.demo.blocks import block_id, key
from home.demo.consultations import CONSULTATIONS
from home.demo.translations import LANGUAGES
from home.models import (
    Action,
    Partner,
    PlanPage,
    SiteLook,
    SupportingPartner,
    ThemePage,
    WorkingGroupMember,
    event_list,
)
from tests.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

THEMES = [
    "Confident and welcoming community",
    "Healthy community",
    "Skilled and enterprising economy",
    "Tourism economy",
    "Creative place",
    "Enhanced and revitalised place",
]


def load(folder):
    said = io.StringIO()
    with override_settings(VAR_DIR=folder, ALLOWED_HOSTS=["localhost"]):
        call_command("load_demo", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration, loaded once, in a transaction around those of the tests."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:  # translations are published after a commit, and here is none
            patch.setattr("wagtail_localize.models.transaction.on_commit", lambda publish: publish())
            load(folder)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The folder with the demonstration's sign-ins."""
    return loaded


def consultation(name):
    return Consultation.objects.get(key=key(f"consultation/{name}"))


def everything():
    """Every row of every table but sessions."""
    rows = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()) - {Session._meta.db_table}:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows[table] = sorted(map(str, cursor.fetchall()))
    return rows


def test_a_second_run_changes_nothing(demo):
    before = everything()

    said = load(demo)

    after = everything()
    assert {table for table in before if before[table] != after[table]} == set()
    assert said == ""


def test_a_page_that_somebody_edited_is_left_as_it_is(demo):
    page = find("consultation/draft-plan")
    page.title, page.opens_at, page.closes_at = "Ours", page.opens_at - dt.timedelta(days=400), timezone.now()
    page.save_revision(user=get_user_model().objects.get(username="editor")).publish()
    kept = Page.objects.filter(pk=page.pk).values()[0]

    load(demo)

    assert Page.objects.filter(pk=page.pk).values()[0] == kept
    assert find("consultation/draft-plan").opens_at == page.opens_at


def test_a_page_that_somebody_deleted_comes_back_and_the_others_stay(demo):
    find("news/draft").delete()
    before = set(Page.objects.values_list("pk", flat=True))

    load(demo)

    assert find("news/draft").live
    assert before < set(Page.objects.values_list("pk", flat=True))


def test_dates_that_nobody_edited_move_on_so_that_one_is_always_open(demo):
    page = find("consultation/draft-plan")
    page.opens_at, page.closes_at = (then - dt.timedelta(days=400) for then in (page.opens_at, page.closes_at))
    page.save_revision().publish()
    assert consultation("draft-plan").state() == State.CLOSED

    said = load(demo)

    assert said == "The dates of “A draft plan for all the community” were moved on.\n"
    assert consultation("draft-plan").state() == State.OPEN


def test_there_is_one_in_each_state_and_one_is_overdue(demo):
    states = {one.name: consultation(one.name.split("/")[1]).state() for one in CONSULTATIONS}
    twelve_weeks_ago = timezone.now() - dt.timedelta(weeks=12)

    assert set(states.values()) == {State.FORTHCOMING, State.OPEN, State.CLOSED, State.OUTCOME}
    assert consultation("libraries").is_overdue
    assert consultation("libraries").closes_at < twelve_weeks_ago < consultation("town-centres").closes_at


def test_six_themes_have_their_names_and_figures_where_a_closed_consultation_asked(demo):
    pages = ThemePage.objects.filter(locale__language_code="en").order_by("number")

    assert [page.title for page in pages] == THEMES
    place = Theme.objects.get(name="Enhanced and revitalised place")
    assert "Your town centre" in [figures.title.text for figures in pin.of_theme(place, "en")]


def test_figures_stand_under_the_title_that_the_consultation_has_in_the_readers_language(demo):
    place = Theme.objects.get(name="Enhanced and revitalised place")

    titles = [str(figures.title) for figures in pin.of_theme(place, "pl")]

    assert titles == ["Projekt planu dla całej społeczności", "Twoje centrum miasta"]


def test_the_site_says_that_it_is_a_demonstration(demo, visitor):
    assert SiteLook.objects.get().demonstration
    assert "Demonstration site, not a council service" in visitor.get("/en/plan/").content.decode()


def test_two_events_are_to_come_and_one_is_over_in_every_language(demo):
    for language in ("en", *LANGUAGES):
        assert event_list.coming(language).count() == 2
        assert event_list.past(language).count() == 1


def test_events_that_nobody_edited_move_on_so_that_one_is_always_to_come(demo):
    page, edited = find("event/open-evening"), find("event/online-hour")
    for one in (page, edited):
        one.begins_at, one.ends_at = (then - dt.timedelta(days=90) for then in (one.begins_at, one.ends_at))
    page.save_revision().publish()
    edited.save_revision(user=get_user_model().objects.get(username="editor")).publish()

    said = load(demo)

    assert said == "The dates of “An evening about the draft plan” were moved on.\n"
    assert not find("event/open-evening").is_past
    assert find("event/online-hour").is_past


def test_the_pages_of_text_that_a_council_needs_are_at_the_foot_of_every_page_in_every_language(demo, visitor):
    for language in ("en", *LANGUAGES):
        shown = visitor.get(f"/{language}/").content.decode()
        for text in standard.TEXTS:
            assert f'href="/{language}/{text.name}/"' in shown


def test_the_cookies_that_are_named_are_those_of_the_administrators_guide(demo, visitor):
    guide = (ROOT / "docs" / "administrators.md").read_text()
    table = guide.split("## Cookies")[1].split("\n\n")[1]
    names = {name for row in table.splitlines()[2:] for name in re.findall("`([a-zA-Z_-]+)`", row.split("|")[1])}

    shown = visitor.get("/en/cookies/").content.decode()

    assert names >= {"answering", "sessionid", "csrftoken"}
    assert [name for name in names if name not in shown] == []


def test_the_contact_page_shows_the_address_that_the_site_is_set_to(demo, visitor):
    SiteLook.objects.update(contact_email="office@example.com")

    shown = visitor.get("/en/contact/").content.decode().split("<footer")[0]

    assert 'href="mailto:office@example.com"' in shown


def test_generated_responses_could_have_been_sent_through_the_form(demo):
    for name, n in responses.HOW_MANY.items():
        found = Consultation.objects.get(key=key(name))
        asked = instrument.current(found, "en")
        given = [row.answers for row in responses.generated(found, n)]

        assert [answers for answers in given if answers.asked_by(asked) != answers] == []
        assert [answers for answers in given if look_again(asked, answers).errors] == []


def test_the_same_seed_gives_the_same_responses(demo):
    found = consultation("draft-plan")

    first, second = ([row.answers for row in responses.generated(found, 30)] for _ in range(2))

    assert first == second


def test_about_four_hundred_responses_have_what_real_files_have(demo):
    texts = list(AnswerWords.objects.values_list("text", flat=True))
    values = [value for row in Response.objects.all() for value in row.answers.values()]

    assert 380 <= Response.objects.count() <= 420
    assert any(text.startswith("=") for text in texts)
    assert any("🎶" in text for text in texts)
    assert any("@example.org" in text for text in texts)
    assert any("Ghaeilge" in text for text in texts) and any("Chciałbym" in text for text in texts)
    assert None in values
    assert set(Response.objects.values_list("language", flat=True)) == {"en", *LANGUAGES}


def test_a_dozen_ideas_are_in_every_status_and_have_what_real_ones_have(demo, visitor):
    found = list(Idea.objects.select_related("theme"))
    shown = [idea for idea in found if idea.moderation == Idea.Moderation.SHOWN]

    assert len(found) >= 12
    assert {idea.status for idea in shown} == set(Idea.Status)
    assert {idea.moderation for idea in found} == set(Idea.Moderation)
    assert {idea.language for idea in found} == {"en", *LANGUAGES}
    assert None in {idea.theme for idea in shown}
    assert any(idea.text.startswith("=") for idea in found)
    assert any("🎶" in idea.text for idea in found)
    content = visitor.get("/en/ideas/").content.decode()
    assert all(idea.reference in content for idea in shown)
    assert any("@example.org" in idea.text for idea in shown) and "@example.org" not in content


def test_officers_have_coded_quoted_keyed_in_and_added_letters_and_each_leaves_something_to_do(demo):
    found = consultation("draft-plan")
    frame, batch = found.frames.get(), found.batches.get()

    assert {row.name for row in Coding.objects.all()} == {workspace.FIRST, workspace.SECOND}
    assert {code.name for code in frame.codes.all() if code.counted.exists()} == set(workspace.CODES)
    assert 0 < CodedText.objects.count() < coding.texts(frame).count()
    assert agreement.undecided(frame)
    assert found.quotes.filter(state=Quote.State.APPROVED).count() == 3
    assert found.quotes.filter(state=Quote.State.PROPOSED).count() == 1
    assert (batches.standing(batch).count(), batches.undecided(batch).count()) == (workspace.SHEETS, 1)
    assert correspondence.petitions(found) == correspondence.Petitions(1, 212)
    assert found.responses.filter(channel=Channel.LETTER).count() == 1
    assert not Subscriber.objects.exists()


def test_quotes_of_the_demonstration_stand_on_the_pages_of_their_themes(demo, visitor):
    for begins, theme in workspace.QUOTED:
        shown = visitor.get(find(f"theme/{theme}").url).content.decode()
        assert begins in shown
        assert workspace.WAITING[0] not in shown


def test_what_somebody_undid_of_the_officers_work_is_not_done_again(demo):
    found = consultation("draft-plan")
    batches.undo(found.batches.get(), get_user_model().objects.get(username=workspace.FIRST))
    changes.erase(found.responses.get(channel=Channel.PETITION))
    quote = found.quotes.filter(state=Quote.State.APPROVED).first()
    quotes.take_down(quote.pk, quote.revision, "A try.", None)

    load(demo)

    assert batches.left(found.batches.get()) == 0
    assert correspondence.petitions(found) is None
    assert found.quotes.count() == 4
    quote.refresh_from_db()
    assert quote.state == Quote.State.TAKEN_DOWN


def test_one_area_has_too_few_answers_to_be_shown(demo):
    found = consultation("draft-plan")
    number = found.questions.get(block=block_id("plan/area")).number
    areas = next(q for q in summary.of_consultation(found).questions if q.number == number)

    assert 1 <= next(bar.n for bar in areas.bars if bar.label == "Demo Centre") < 8


def test_the_draft_plan_asks_the_equality_questions_and_some_who_answered_it_online_answered_them(demo):
    asking = Consultation.objects.filter(ask_equality=True)
    links = EqualityLink.objects.filter(response__consultation__in=asking, response__channel=Channel.WEB)

    assert asking.get() == consultation("draft-plan")
    assert 80 < links.count() == EqualityAnswers.objects.count() < asking.get().responses.count()


def test_officers_see_rounded_equality_figures_with_stars_among_them_and_no_political_opinion(demo):
    equality_figures.pin(consultation("draft-plan"))
    questions = equality_figures.of_consultation(consultation("draft-plan")).questions

    assert {question.answered % 5 for question in questions} == {0}
    assert "*" in [bar.figure for question in questions for bar in question.bars]
    assert len(questions) == len(QUESTIONS) - 1


def test_only_those_who_stay_away_are_asked_why(demo):
    found = consultation("draft-plan")
    often, why = (found.questions.get(block=block_id(f"plan/{name}")).number for name in ("often", "why"))
    answers = [row.answers for row in found.responses.exclude(channel__in=LETTERS)]

    assert all((str(why) in given) == (given[str(often)] in (4, 5)) for given in answers)
    assert 0 < sum(str(why) in given for given in answers) < len(answers) / 2


def test_every_text_of_a_translated_page_has_its_irish_and_its_polish(demo):
    texts = set(StringSegment.objects.exclude(context__path="slug").values_list("string__data", flat=True))
    for language in LANGUAGES:
        worded = StringTranslation.objects.filter(locale__language_code=language)
        assert texts - set(worded.values_list("translation_of__data", flat=True)) == set()


def test_each_theme_has_an_indicator_with_values_one_without_three_actions_and_a_working_group(demo, visitor):
    for page in ThemePage.objects.filter(locale__language_code="en"):
        shown = visitor.get(page.url).content.decode()

        assert shown.count("<polyline") == 1 == shown.count("Data development"), page
        assert "Example figures, made up for this demonstration" in shown
        assert shown.count('class="action"') == 3
        assert f'href="{page.url}group/"' in shown


def test_the_plan_has_something_to_read_dates_and_actions_in_every_state(demo, visitor):
    shown = visitor.get("/en/plan/").content.decode()

    assert 'href="/en/plan/read/"' in shown and 'href="/en/plan/partners/"' in shown
    assert all(f"tag--{status}" in shown for status in Action.Status)
    plan = PlanPage.objects.get(locale__language_code="en")
    assert plan.statement_due > timezone.localdate() and plan.review_due > timezone.localdate()


def test_no_organisation_that_exists_is_said_to_do_anything(demo):
    existing = Partner.objects.filter(locale__language_code="en", description="Listed for illustration.")

    assert existing.count() == 11
    assert not Action.objects.filter(lead__in=existing).exists()
    assert not SupportingPartner.objects.filter(partner__in=existing).exists()
    assert not WorkingGroupMember.objects.filter(partner__in=existing).exists()


def test_a_record_that_somebody_edited_is_left_as_it_is_and_one_that_was_deleted_comes_back(demo):
    edited, deleted = Action.objects.filter(locale__language_code="en")[:2]
    edited.title = "Ours"
    edited.save_revision().publish()
    gone = deleted.translation_key
    deleted.delete()

    load(demo)

    edited.refresh_from_db()
    assert edited.title == "Ours"
    assert Action.objects.get(translation_key=gone, locale__language_code="en").live
