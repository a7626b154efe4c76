"""Nothing is published by one person alone: somebody else reads it, and looks at the other languages."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, PageLogEntry, Task, TaskState, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail_localize.models import Translation, TranslationSource

from home.models import HomePage, Partner, SecondPerson, StandardPage, Translations
from tests.factories import translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(django_user_model):
    user = django_user_model.objects.create_user("approver", "approver@example.org", "approver")
    user.groups.add(Group.objects.get(name="Editors"))
    return user


@pytest.fixture
def approver_client(approver):
    client = Client()
    client.force_login(approver)
    return client


@pytest.fixture
def page(editor):
    """A page that is live, and a draft of it that its editor has not sent yet."""
    page = StandardPage(title="Accessibility", slug="accessibility", summary="How this site works for everybody.")
    HomePage.objects.get(locale__language_code="en").add_child(instance=page)
    page.save_revision().publish()
    page = StandardPage.objects.get(pk=page.pk)
    page.title = "Accessibility of this site"
    page.save_revision(user=editor)
    return page


def send(record, user):
    record.get_workflow().start(record, user)
    return record.current_workflow_task_state


def act(client, page, state, action="approve", comment=""):
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(address, {"comment": comment})


def title(page):
    return StandardPage.objects.get(pk=page.pk).title


def draft(page):
    return StandardPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def said(answered):
    return " ".join(str(message) for message in get_messages(answered.wsgi_request))


def form(page, **changes):
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "body": streamfield([]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    return nested_form_data(data | changes)


def edit(client, page, **changes):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, form(draft(page), **changes))


def test_what_an_editor_sends_is_published_when_a_second_editor_approves_it(page, editor, approver_client):
    state = send(page, editor)
    assert title(page) == "Accessibility"

    act(approver_client, page, state)

    assert title(page) == "Accessibility of this site"


def test_nobody_approves_what_they_sent(page, editor, editor_client):
    state = send(page, editor)

    for action in ("approve", "reject"):
        act(editor_client, page, state, action)

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert title(page) == "Accessibility"


def test_not_even_a_superuser(page, administrator, administrator_client):
    state = send(page, administrator)

    act(administrator_client, page, state)

    assert title(page) == "Accessibility"


def test_nobody_approves_what_they_changed_last(page, editor, approver, approver_client):
    state = send(page, editor)
    page.title = "Something else"
    page.save_revision(user=approver)

    act(approver_client, page, state)

    assert title(page) == "Accessibility"


def test_who_changes_and_approves_in_one_go_has_changed_it_and_is_told_so(page, editor, approver_client):
    send(page, editor)
    approving = {"action-workflow-action": "true", "workflow-action-name": "approve"}

    answered = edit(approver_client, page, title="My own words", **approving)

    assert title(page) == "Accessibility"
    assert draft(page).title == "My own words"
    assert "not approved" in said(answered)


def test_who_changes_nothing_and_approves_in_the_editor_publishes(page, editor, approver_client):
    send(page, editor)

    answered = edit(approver_client, page, **{"action-workflow-action": "true", "workflow-action-name": "approve"})

    assert title(page) == "Accessibility of this site"
    assert "not approved" not in said(answered)


def test_saving_what_was_sent_unchanged_does_not_make_it_ones_own(page, editor, approver, approver_client):
    state = send(page, editor)
    draft(page).save_revision(user=approver)

    act(approver_client, page, state)

    assert title(page) == "Accessibility of this site"


def test_who_changed_it_sends_it_back_and_approves_it_after_the_sender_has_read_it(
    page, editor, editor_client, approver, approver_client
):
    state = send(page, editor)
    page.title = "Better words"
    page.save_revision(user=approver)

    act(approver_client, page, state, "reject", "A suggestion")
    edit(editor_client, page, **{"action-submit": "1"})
    act(approver_client, page, page.current_workflow_task_state)

    assert title(page) == "Better words"


def test_a_page_stands_still_for_its_sender_while_somebody_reads_it_and_can_be_taken_back(page, editor, editor_client):
    send(page, editor)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    shown = editor_client.get(address)
    edit(editor_client, page, title="Slipped in")

    assert "somebody else reads and approves it" in said(shown)
    assert draft(page).title == "Accessibility of this site"
    edit(editor_client, page, **{"action-cancel-workflow": "true"})
    edit(editor_client, page, title="On second thoughts")
    assert draft(page).title == "On second thoughts"


def test_what_waits_is_on_the_first_page_of_those_who_can_approve_it(page, editor, editor_client, approver_client):
    send(page, editor)
    address = reverse("wagtailadmin_home")

    assert "Awaiting your review" in approver_client.get(address).content.decode()
    assert "Awaiting your review" not in editor_client.get(address).content.decode()


def test_editors_and_moderators_cannot_publish_alone(page, editor, editor_client):
    for group in ("Editors", "Moderators"):
        editor.groups.set(Group.objects.filter(name=group))

        edit(editor_client, page, **{"action-publish": "1"})

        assert title(page) == "Accessibility"


def test_an_administrator_can_in_an_emergency_and_it_is_logged(page, editor, editor_client):
    editor.groups.set(Group.objects.filter(name="Administrators"))

    edit(editor_client, page, **{"action-publish": "1"})

    assert title(page) == "Accessibility of this site"
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish", user=editor).exists()


def test_a_record_of_the_plan_goes_the_same_way(editor, approver):
    partner = Partner.objects.create(name="Demo partner", sector="statutory", locale=Locale.get_default(), live=False)
    partner.save_revision(user=editor)
    state = send(partner, editor)

    assert state.task.specific.get_actions(partner, editor) == []
    state.task.specific.on_action(state, editor, "approve")
    partner.refresh_from_db()
    assert not partner.live
    state.task.specific.on_action(state, approver, "approve")
    partner.refresh_from_db()
    assert partner.live


def test_every_page_and_record_has_the_workflow_from_the_start(page):
    irish = HomePage.objects.get(locale__language_code="en").copy_for_translation(
        Locale.objects.get(language_code="ga")
    )

    for record in (page, irish, Partner()):
        assert [type(task) for task in record.get_workflow().tasks.specific()] == [SecondPerson, Translations]


def test_the_tests_above_can_fail(page, editor, editor_client, monkeypatch):
    editor.groups.add(Group.objects.get(name="Administrators"))
    for rule in ("was_sent_by", "was_changed_by"):
        monkeypatch.setattr(f"home.models.approval.SecondPersonTask.{rule}", staticmethod(lambda record, user: False))

    act(editor_client, page, send(page, editor))

    assert title(page) == "Accessibility of this site"


def test_what_a_sender_approved_all_the_same_is_not_published(page, editor, editor_client, monkeypatch):
    """The second lock: the task that comes with Wagtail lets the author approve."""
    WorkflowTask.objects.all().delete()
    task = Task.objects.get(name="Moderators approval").specific
    task.groups.set(Group.objects.filter(name="Editors"))
    WorkflowTask.objects.create(workflow=page.get_workflow(), task=task)

    act(editor_client, page, send(page, editor))

    assert title(page) == "Accessibility"


# The other languages


@pytest.fixture
def irish(page, django_capture_on_commit_callbacks):
    """The page as it was published, in Irish, live."""
    live = StandardPage.objects.get(pk=page.pk)
    words = {"Accessibility": "Inrochtaineacht", "How this site works for everybody.": "Do gach duine."}
    with django_capture_on_commit_callbacks(execute=True):
        return translate(live, "ga", words)


def test_where_nothing_is_offered_in_another_language_nobody_has_to_look(page, editor, approver_client):
    state = send(page, editor)

    act(approver_client, page, state)

    assert page.workflow_states.get().task_states.get(task__name="Translations").status == TaskState.STATUS_SKIPPED


def test_where_a_translation_is_behind_somebody_looks_at_it_before_the_page_is_published(
    page, irish, editor, editor_client, approver_client
):
    act(approver_client, page, send(page, editor))
    state = page.current_workflow_task_state
    assert (title(page), state.task.name) == ("Accessibility", "Translations")

    act(editor_client, page, state)
    assert title(page) == "Accessibility"
    act(approver_client, page, state)

    assert title(page) == "Accessibility of this site"


def test_who_looks_is_shown_each_language_with_what_is_missing_and_what_was_reworded(
    page, irish, editor, approver_client
):
    page.search_description = "A new text."
    page.save_revision(user=editor)
    act(approver_client, page, send(page, editor))
    state = page.current_workflow_task_state

    (language,) = Translations.languages(state)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    shown = approver_client.get(address).json()["html"]

    assert (language.locale.language_code, language.missing, language.changed) == ("ga", 1, 1)
    assert "Not translated" in shown
    assert "Gaeilge" in shown


def test_where_every_text_is_translated_nobody_has_to_look(page, irish, editor, approver_client):
    page.title = "Accessibility"
    page.show_in_menus = True
    page.save_revision(user=editor)

    act(approver_client, page, send(page, editor))

    assert StandardPage.objects.get(pk=page.pk).show_in_menus


def test_a_page_written_by_hand_is_always_looked_at(page, irish, editor, approver_client):
    Translation.objects.update(enabled=False)

    act(approver_client, page, send(page, editor))

    (language,) = Translations.languages(page.current_workflow_task_state)
    assert language.by_hand


# Translations on their way


def reword(page, irish, text):
    translation = Translation.objects.get(target_locale=irish.locale)
    translation.source.stringsegment_set.get(string__data="Accessibility").string.translations.update(data=text)
    return translation


def test_a_translation_is_sent_and_published_by_a_second_person_and_not_before(
    page, irish, editor_client, approver_client
):
    translation = reword(page, irish, "Inrochtaineacht an tsuímh")
    address = reverse("submitting:submit", args=[translation.pk])
    assert address in editor_client.get(reverse("wagtailadmin_pages:edit", args=[irish.pk])).content.decode()

    editor_client.post(address)
    assert title(irish) == "Inrochtaineacht"
    act(editor_client, irish, irish.current_workflow_task_state)
    assert title(irish) == "Inrochtaineacht"
    act(approver_client, irish, irish.current_workflow_task_state)

    assert title(irish) == "Inrochtaineacht an tsuímh"


def test_a_translation_that_waits_is_not_sent_twice(page, irish, editor_client):
    address = reverse("submitting:submit", args=[Translation.objects.get().pk])

    editor_client.post(address)
    editor_client.post(address)

    assert "waits" in editor_client.get(address).content.decode()
    assert irish.workflow_states.count() == 1


def test_a_translation_sent_back_is_sent_again(page, irish, editor_client, approver_client):
    translation = Translation.objects.get()
    address = reverse("submitting:submit", args=[translation.pk])
    editor_client.post(address)
    act(approver_client, irish, irish.current_workflow_task_state, "reject", "A letter is missing")

    reword(page, irish, "Inrochtaineacht!")
    editor_client.post(address)
    act(approver_client, irish, irish.current_workflow_task_state)

    assert title(irish) == "Inrochtaineacht!"


def test_bringing_translations_up_to_date_publishes_nothing_for_an_editor(
    page, irish, editor_client, administrator_client, django_capture_on_commit_callbacks
):
    reword(page, irish, "Ar bord")
    address = reverse("wagtail_localize:update_translations", args=[TranslationSource.objects.get().pk])

    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(address, {"publish_translations": "on"})
    assert title(irish) == "Inrochtaineacht"
    with django_capture_on_commit_callbacks(execute=True):
        administrator_client.post(address, {"publish_translations": "on"})

    assert title(irish) == "Ar bord"


def test_an_editor_cannot_put_the_original_live_in_place_of_a_translation(page, irish, editor_client):
    address = reverse("wagtail_localize:convert_to_alias", args=[irish.pk])

    editor_client.post(address)

    assert StandardPage.objects.get(pk=irish.pk).alias_of_id is None


def test_a_workflow_whose_steps_are_out_of_use_publishes_for_nobody_who_may_not(page, editor):
    Task.objects.update(active=False)

    with pytest.raises(PermissionDenied):
        page.get_workflow().start(page, editor)

    assert title(page) == "Accessibility"
