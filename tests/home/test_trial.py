"""Trying a form out, and previews of it: the real form, and nothing of it anywhere afterwards."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield
from wagtail.users.models import UserProfile

from consultation import instrument, rehearsal, summary
from home import trial_urls
from home.models import ConsultationIndexPage, ConsultationPage
from tests.factories import make_consultation_page, make_themes, raw_block, raw_question, raw_questionnaire

pytestmark = pytest.mark.django_db

EMPTY = '{"blocks": [], "entityMap": {}}'  # an editor of rich text in which nothing was typed
METHODS = ["get", "head", "post", "put", "patch", "delete"]


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def draft(page):
    """A consultation that was never published."""
    index = ConsultationIndexPage.objects.get()
    draft = ConsultationPage(
        title="Never published", live=False, opens_at=timezone.now() + dt.timedelta(days=9), questionnaire=[]
    )
    draft.questionnaire = raw_questionnaire()
    index.add_child(instance=draft)
    draft.save_revision()
    return ConsultationPage.objects.get(pk=draft.pk)


def everything():
    """Every row of every table but sessions, and the profiles that first visits to the admin make."""
    tables = set(connection.introspection.table_names()) - {Session._meta.db_table, UserProfile._meta.db_table}
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows[table] = sorted(map(str, cursor.fetchall()))
    return rows


def step(page, name):
    return f"/admin/try/{page.pk}/{name}"


def text(shown):
    return " ".join(shown.content.decode().split())


def go_through(client, page):
    """Answer every section and end the test; return what each page said."""
    first = client.get(step(page, ""), follow=True)
    second = client.post(step(page, "1/"), {"q1": "3", "q1_other": "A boat", "q2": ["1", "2"]}, follow=True)
    check = client.post(step(page, "2/"), {"q3": "41", "q4": "More trees"}, follow=True)
    return first, second, check, client.post(step(page, "check/"), follow=True)


@pytest.mark.parametrize("which", ["page", "draft"])
def test_a_test_goes_through_the_real_form_and_leaves_nothing(which, request, administrator_client):
    tried = request.getfixturevalue(which)
    before = everything()

    first, second, check, done = go_through(administrator_client, tried)

    assert "Section 1 of 2" in text(first)
    assert "How do you mostly travel?" in text(first)
    assert "How old are you?" in text(second)
    assert "A boat" in text(check)
    assert "The test is over" in text(done)
    assert all("This is a test." in text(shown) for shown in (first, second, check))
    assert everything() == before
    assert "A boat" not in str([session.get_decoded() for session in Session.objects.all()])


def test_a_test_goes_through_the_equality_questions_and_leaves_nothing_of_them(page, administrator_client):
    page.ask_equality = True
    page.save_revision()  # not published
    before = everything()

    *_rest, shown = go_through(administrator_client, page)
    done = administrator_client.post(step(page, "equality/"), {"about_age": "from35"}, follow=True)

    assert "How old are you?" in text(shown) and "This is a test." in text(shown)
    assert "political opinion" not in text(shown)
    assert "The test is over" in text(done)
    assert everything() == before


def test_a_test_changes_no_figure_and_no_file(page, administrator_client):
    address = f"/admin/consultations/{page.consultation.pk}/responses.csv"
    before = b"".join(administrator_client.get(address).streaming_content)

    go_through(administrator_client, page)

    assert b"".join(administrator_client.get(address).streaming_content) == before
    assert summary.of_consultation(page.consultation).received == 0


def test_mistakes_are_shown_as_to_citizens(page, administrator_client):
    missing = administrator_client.post(step(page, "1/"), {"q2": ["1", "3"]})
    ended = administrator_client.post(step(page, "check/"))

    assert "“What would help?”: choose “Nothing” alone" in text(missing)
    assert "Choose an answer to “How do you mostly travel?”" in text(missing)
    assert "There is a problem" in text(ended)
    assert 'href="../1/?return=check#q1"' in text(ended)


def test_the_check_page_leads_back_into_the_test(page, administrator_client):
    _first, _second, check, _done = go_through(administrator_client, page)

    links = re.findall(r'href="([^"]*return=check[^"]*)"', text(check))
    assert links[0] == "../1/?return=check#q1"
    assert "/answer/" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', text(check)))


def test_an_answer_of_one_test_does_not_show_in_another(page, draft, administrator_client):
    administrator_client.post(step(page, "1/"), {"q1": "3", "q1_other": "A boat"})

    assert "A boat" in text(administrator_client.get(step(page, "1/")))
    assert "A boat" not in text(administrator_client.get(step(draft, "1/")))


def test_editors_try_the_draft_and_officers_what_is_published(page, administrator_client, officer_client):
    page.questionnaire = [raw_block("section", {"title": "New", "questions": [raw_question("number", "Newly")]}, "n")]
    page.save_revision()

    assert "Newly" in text(administrator_client.get(step(page, "1/")))
    assert "the latest draft" in text(administrator_client.get(step(page, "1/")))
    assert "How do you mostly travel?" in text(officer_client.get(step(page, "1/")))
    assert "as it is published" in text(officer_client.get(step(page, "1/")))


def opened(shown):
    elsewhere = shown.status_code == 302 and shown["Location"].split("?")[0] in ("/admin/", "/account/login/")
    return shown.status_code in (200, 302, 303) and not elsewhere


def steps(page):
    return [step(page, name) for name in ("", "1/", "check/", "equality/", "done/")]


def test_who_may_try_what(page, draft, visitor, editor, editor_client, officer_client, administrator_client):
    assert len(trial_urls.urlpatterns) == len(steps(page))
    GroupPagePermission.objects.filter(group=Group.objects.get(name="Editors")).delete()
    got = {
        name: [all(opened(client.get(address)) for address in steps(tried)) for tried in (page, draft)]
        for name, client in {
            "visitor": visitor,
            "editor of nothing": editor_client,
            "officer": officer_client,
            "administrator": administrator_client,
        }.items()
    }

    assert got == {
        "visitor": [False, False],
        "editor of nothing": [False, False],
        "officer": [True, False],
        "administrator": [True, True],
    }


def test_only_the_steps_with_a_form_take_one(page, administrator_client, visitor):
    for address in steps(page):
        for method in METHODS:
            shown = getattr(administrator_client, method)(address)
            taken = method in ("get", "head") or (method == "post" and address.endswith(("1/", "check/", "equality/")))
            assert opened(shown) == taken, (address, method)
            assert not opened(getattr(visitor, method)(address))


def test_a_form_from_elsewhere_is_refused(page, administrator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)

    assert client.post(step(page, "1/"), {"q1": "1"}).status_code == 403
    assert 'name="csrfmiddlewaretoken"' in text(client.get(step(page, "1/")))


def test_the_menu_of_the_page_and_the_officers_page_lead_there(page, administrator_client, officer_client):
    assert f'href="/admin/try/{page.pk}/"' in text(administrator_client.get(f"/admin/pages/{page.pk}/edit/"))
    assert f'href="/admin/try/{page.pk}/"' in text(officer_client.get(f"/admin/consultations/{page.consultation.pk}/"))


def test_a_rehearsal_asks_what_publishing_asks(page):
    rehearsed = rehearsal.questionnaire(page.source())
    published = instrument.current(page.consultation, "en")

    assert rehearsed.sections == published.sections


def preview(client, page, mode):
    return client.get(f"/admin/pages/{page.pk}/view_draft/?mode={mode}")


@pytest.mark.parametrize("which", ["page", "draft"])
@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("", "2 sections|5 questions|4 questions"),
        ("forthcoming", "It is not open yet"),
        ("open", "Start answering"),
        ("paused", "This consultation is paused"),
        ("closed", "Thank you to everyone who answered"),
        ("outcome", "What came of it"),
        ("withdrawn", "This consultation was withdrawn"),
        ("form", "Nothing can be sent from here"),
    ],
)
def test_every_state_can_be_previewed_without_a_trace(which, mode, said, request, administrator_client):
    shown_page = request.getfixturevalue(which)
    before = everything()

    shown = text(preview(administrator_client, shown_page, mode))

    assert re.search(said, shown)
    assert f"/answer/{shown_page.pk}" not in shown
    assert everything() == before


def test_the_preview_shows_what_is_being_edited(page, administrator_client):
    data = nested_form_data(
        {
            "title": "Edited title",
            "slug": page.slug,
            "opens_at": "2030-01-01 09:00",
            **dict.fromkeys(["introduction", "other_ways", "privacy", "we_asked", "you_said", "we_did"], EMPTY),
            "papers": streamfield([]),
            "statements": streamfield([]),
            "results": "after",
            "body": streamfield([]),
            "comments": inline_formset([]),
            "questionnaire": streamfield(
                [
                    (
                        "section",
                        {
                            "title": "Edited section",
                            "introduction": "",
                            "questions": streamfield([("short_text", {"label": "Being written", "hint": ""})]),
                        },
                    )
                ]
            ),
        }
    )
    posted = administrator_client.post(f"/admin/pages/{page.pk}/edit/preview/", data)

    assert posted.json() == {"is_valid": True, "is_available": True}
    edited = f"/admin/pages/{page.pk}/edit/preview/?mode="
    shown = text(administrator_client.get(f"{edited}form"))
    assert "Edited section" in shown
    assert "Being written" in shown
    assert "1 question" in text(administrator_client.get(f"{edited}open"))


def test_a_preview_in_irish_says_it_in_irish(page, administrator_client):
    make_themes()
    irish = page.copy_for_translation(Locale.objects.get(language_code="ga"), copy_parents=True)
    irish.save_revision()

    shown = administrator_client.get(f"/admin/pages/{irish.pk}/view_draft/?mode=form").content.decode()

    assert '<html lang="ga">' in shown
    assert Page.objects.get(pk=irish.pk).live is False


def test_a_test_asks_the_same_however_long_the_form_is(page, officer_client):
    def reads():
        with CaptureQueriesContext(connection) as asked:
            officer_client.get(step(page, "1/"))
        return len([query for query in asked if query["sql"].startswith("SELECT")])

    before = reads()
    page.questionnaire = [
        *raw_questionnaire(),
        raw_block("section", {"title": "B", "questions": [raw_question("number", f"N{n}") for n in range(9)]}, "b"),
    ]
    page.save_revision().publish()

    assert reads() <= before + 9 * 2


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30])
def test_a_number_that_no_page_can_have_is_not_found(administrator_client, number):
    assert administrator_client.get(f"/admin/try/{number}/").status_code == 404
    assert administrator_client.get(f"/admin/try/{number}/1/").status_code == 404
