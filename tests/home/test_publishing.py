"""Whoever publishes a change to what people have answered is told first; it is recorded, however it is published."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from consultation import foresight, instrument
from consultation.models import Consultation, Response
from home.models import ConsultationPage
from home.publication import TOUCHED
from tests.admin import answer
from tests.factories import make_consultation_page, translate

pytestmark = pytest.mark.django_db

REMOVED = "2 people answered “How do you mostly travel?”: it is not asked any more."


@pytest.fixture
def page(db):
    """Two people answered it."""
    page = make_consultation_page()
    answer(page, {1: 1, 2: [1]})
    answer(page, {1: 2})
    return page


@pytest.fixture
def publisher(editor, editor_client):
    """An editor who may publish."""
    editor.groups.add(Group.objects.get(name="Administrators"))
    return editor_client


def post(client, page, **more):
    """What the editor's form sends, without any question."""
    data = {
        "title": page.title,
        "slug": page.slug,
        "opens_at": timezone.localtime(page.opens_at).strftime("%Y-%m-%d %H:%M"),
        "closes_at": timezone.localtime(page.closes_at).strftime("%Y-%m-%d %H:%M"),
        "results": "after",
        "papers": streamfield([]),
        "body": streamfield([]),
        "questionnaire": streamfield([]),
        "statements": streamfield([]),
        "comments": inline_formset([]),
        "action-publish": "1",
    }
    texts = dict.fromkeys(["introduction", "other_ways", "privacy", "we_asked", "you_said", "we_did"], rich_text(""))
    return client.post(f"/admin/pages/{page.pk}/edit/", nested_form_data(data | texts | more))


def said(shown):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", shown.content.decode())).split())


def is_as_before(page):
    return ConsultationPage.objects.get(pk=page.pk).form.question(1) is not None


def history(page):
    return [entry.message for entry in PageLogEntry.objects.filter(page=page.pk, action=TOUCHED)]


def test_a_change_to_what_was_answered_is_told_before_it_is_published(publisher, page):
    shown = post(publisher, page)

    assert shown.status_code == 303
    assert REMOVED in said(publisher.get(shown["Location"]))
    assert is_as_before(page)
    assert history(page) == []


def test_nothing_that_was_typed_is_lost_by_going_back(publisher, page):
    post(publisher, page, decision="The partnership decides in March.")

    assert "The partnership decides in March." in publisher.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_it_is_published_when_asked_to_and_recorded_with_who_and_what(publisher, editor, page):
    step = post(publisher, page)["Location"]
    seen = re.search(r'name="seen" value="(\w+)"', publisher.get(step).content.decode())[1]

    after = publisher.post(step, {"seen": seen}, follow=True)

    assert "is published. Its history says what that changed." in said(after)
    assert ConsultationPage.objects.get(pk=page.pk).form.question(1) is None
    entry = PageLogEntry.objects.get(action=TOUCHED)
    assert entry.user == editor
    assert REMOVED in said(publisher.get(f"/admin/pages/{page.pk}/history/"))


def test_what_changes_nothing_that_was_answered_is_published_at_once(publisher, page):
    Response.objects.all().update(state="held")

    assert post(publisher, page)["Location"].startswith("/admin/pages/")
    assert not is_as_before(page)
    assert history(page) == []


def test_a_list_that_is_no_longer_right_has_to_be_looked_at_again(publisher, page):
    step = post(publisher, page)["Location"]

    again = publisher.post(step, {"seen": "something else"})

    assert "What would change is no longer what this page said." in said(again)
    assert is_as_before(page)


def test_answers_that_come_in_meanwhile_keep_nobody_from_publishing(publisher, page):
    step = post(publisher, page)["Location"]
    seen = re.search(r'name="seen" value="(\w+)"', publisher.get(step).content.decode())[1]
    answer(page, {1: 1})

    publisher.post(step, {"seen": seen})

    assert not is_as_before(page)
    assert history(page)[0].startswith("Published a change to what people have answered. 3 people answered")


def test_a_draft_that_somebody_has_saved_since_is_not_published(publisher, page):
    step = post(publisher, page)["Location"]
    ConsultationPage.objects.get(pk=page.pk).get_latest_revision_as_object().save_revision()

    assert publisher.post(step)["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert is_as_before(page)


def test_who_may_not_publish_gets_no_further(publisher, officer_client, editor_client, page, editor):
    step = post(publisher, page)["Location"]
    editor.groups.remove(Group.objects.get(name="Administrators"))

    for client in (editor_client, officer_client):
        assert client.post(step)["Location"].startswith("/admin/")  # Wagtail sends home who may not
    assert is_as_before(page)


def test_a_publication_for_later_says_so_and_is_recorded_when_its_time_has_come(publisher, page):
    later = timezone.now() + dt.timedelta(hours=3)
    step = post(publisher, page, go_live_at=timezone.localtime(later).strftime("%Y-%m-%d %H:%M"))["Location"]
    shown = publisher.get(step)
    assert "The draft is published by itself on" in said(shown)

    publisher.post(step, {"seen": re.search(r'name="seen" value="(\w+)"', shown.content.decode())[1]})

    assert is_as_before(page)
    assert history(page) == []
    with time_machine.travel(later + dt.timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert not is_as_before(page)
    assert REMOVED in history(page)[0]
    assert PageLogEntry.objects.get(action=TOUCHED).user is None


def draft_without_questions(page):
    draft = ConsultationPage.objects.get(pk=page.pk)
    draft.questionnaire = []
    draft.save_revision()
    return draft


def test_the_editor_and_whoever_approves_see_the_list_on_the_draft(publisher, page):
    address = f"/admin/pages/{page.pk}/edit/"
    assert "What publishing this draft would change" not in said(publisher.get(address))

    draft_without_questions(page)

    assert REMOVED in said(publisher.get(address))


def test_an_approval_is_recorded_for_the_one_who_approved(editor, publisher, page, django_user_model):
    draft = draft_without_questions(page)
    author = django_user_model.objects.create_user("author")
    draft.get_workflow().start(draft, author)

    publisher.post(
        f"/admin/pages/workflow/action/{page.pk}/approve/{draft.current_workflow_task_state.pk}/", {"comment": "Good."}
    )

    assert not is_as_before(page)
    assert PageLogEntry.objects.get(action=TOUCHED).user == editor


def test_several_pages_at_once_are_looked_at_one_by_one(publisher, page):
    draft = draft_without_questions(page)
    bulk = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/pages/"

    refused = publisher.post(bulk, follow=True)

    assert "Nothing was published yet" in said(refused)
    assert f"/admin/publish/{page.pk}/{draft.latest_revision_id}/" in refused.content.decode()
    assert is_as_before(page)


def test_several_pages_that_change_nothing_are_published_together(publisher, page):
    draft = ConsultationPage.objects.get(pk=page.pk)
    draft.introduction = "<p>New words.</p>"
    draft.save_revision()

    publisher.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/pages/")

    assert "New words." in ConsultationPage.objects.get(pk=page.pk).introduction


def test_words_that_a_translator_publishes_are_recorded_too(page, at_once):
    question = "How do you mostly travel?"
    irish = translate(page, "ga", {question: "Cén dóigh?"})
    consultation = Consultation.objects.get(key=page.translation_key)
    Response.objects.filter(consultation=consultation).update(language="ga")
    assert history(irish) == []

    translate(page, "ga", {question: "Cén chaoi?"})

    assert history(irish)[0].endswith("“Cén dóigh?”: it becomes “Cén chaoi?”. Answers to both are counted together.")


def test_the_list_costs_as_many_queries_for_many_answers_as_for_few(publisher, page):
    draft_without_questions(page)

    def queries():
        instrument.forget()
        with CaptureQueriesContext(connection) as captured:
            assert publisher.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
        return len(captured)

    queries()  # what the site keeps in memory is read
    before = queries()
    for _ in range(10):
        answer(page, {1: 1})
    assert queries() == before


def test_a_publication_that_does_not_ask_is_found(monkeypatch, publisher, page):
    monkeypatch.setattr(foresight, "changes", lambda consultation, source: [])

    with pytest.raises(AssertionError):
        test_a_change_to_what_was_answered_is_told_before_it_is_published(publisher, page)
