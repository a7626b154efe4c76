"""The roles: what each group may do from the start, on a new database and on one that has been used."""

import json
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Workflow, WorkflowPage

from home.demo import sign_ins

pytestmark = pytest.mark.django_db

migration = import_module("home.migrations.0012_roles")
rights_of_officers = import_module("home.migrations.0014_officers_rights")

OWN = (
    "consultation.view",
    "consultation.download",
    "consultation.decide",
    "consultation.moderate",
    "consultation.erase",
    "consultation.read",
    "consultation.bring",
    "consultation.redact",
)


def migrate():
    migration.make_roles(apps, SimpleNamespace(connection=connection))
    rights_of_officers.give_rights(apps, SimpleNamespace(connection=connection))


def rights(group):
    found = Permission.objects.filter(group__name=group).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def pages(group):
    found = GroupPagePermission.objects.filter(group__name=group, page__depth=1)
    return set(found.values_list("permission__codename", flat=True))


@pytest.mark.parametrize(
    ("group", "own"),
    {
        "Editors": set(),
        "Moderators": {"consultation.moderate_ideas"},
        "Officers (analysis)": {
            "consultation.view_summary",
            "consultation.view_equality",
            "consultation.download_open",
            "consultation.download_responses",
        },
        "Officers (personal data)": {
            "consultation.view_summary",
            "consultation.view_equality",
            "consultation.download_open",
            "consultation.download_responses",
            "consultation.download_full",
            "consultation.read_responses",
            "consultation.redact_responses",
            "consultation.bring_in_responses",
            "consultation.erase_responses",
            "consultation.decide_on_held",
            "consultation.erase_ideas",
        },
        "Administrators": {"consultation.view_downloads", "consultation.view_audit", "consultation.view_state"},
    }.items(),
)
def test_each_role_has_the_rights_of_our_own_that_its_work_needs_and_no_other(group, own):
    assert {right for right in rights(group) if right.startswith(OWN)} == own
    assert "wagtailadmin.access_admin" in rights(group)


def test_only_administrators_publish_alone_and_officers_have_no_pages():
    assert "publish_page" in pages("Administrators")
    assert "publish_page" not in pages("Editors") | pages("Moderators")
    assert {"add_page", "change_page"} <= pages("Editors") & pages("Moderators")
    assert not pages("Officers (analysis)") | pages("Officers (personal data)")


def test_only_administrators_give_out_roles():
    for group in Group.objects.all():
        assert ("auth.change_user" in rights(group.name)) == (group.name == "Administrators")


def test_migrating_twice_changes_nothing():
    before = {group.name: (rights(group.name), pages(group.name)) for group in Group.objects.all()}

    migrate()

    assert {group.name: (rights(group.name), pages(group.name)) for group in Group.objects.all()} == before
    assert Workflow.objects.filter(name="Second person").count() == 1


def test_officers_of_before_keep_their_members_and_what_they_could_do(django_user_model):
    Group.objects.filter(name="Officers (personal data)").delete()
    former = Group.objects.create(name="Officers")
    former.permissions.add(*Permission.objects.filter(codename__in=["view_summary", "download_responses"]))
    member = django_user_model.objects.create_user("somebody")
    member.groups.add(former)

    migrate()

    assert [group.name for group in member.groups.all()] == ["Officers (personal data)"]
    assert member.has_perm("consultation.download_responses")


def test_a_role_that_the_council_did_without_is_not_made_again():
    Group.objects.filter(name="Officers (analysis)").delete()

    rights_of_officers.give_rights(apps, SimpleNamespace(connection=connection))

    assert not Group.objects.filter(name="Officers (analysis)").exists()


def test_a_group_of_the_councils_own_is_left_as_it_is():
    own = Group.objects.create(name="Read ideas")
    own.permissions.add(Permission.objects.get(codename="moderate_ideas"))

    migrate()

    assert rights("Read ideas") == {"consultation.moderate_ideas"}


def test_a_workflow_of_the_councils_own_is_left_where_it_is():
    WorkflowPage.objects.all().delete()
    WorkflowPage.objects.create(page=Page.objects.get(depth=1), workflow=Workflow.objects.create(name="Ours"))

    migrate()

    assert WorkflowPage.objects.get().workflow.name == "Ours"


def test_who_gives_out_roles_makes_nobody_a_superuser(editor, editor_client, administrator, django_user_model):
    editor.groups.set(Group.objects.filter(name="Administrators"))
    address = reverse("wagtailusers_users:add")
    data = {
        "username": "newcomer",
        "email": "newcomer@example.org",
        "first_name": "New",
        "last_name": "Comer",
        "password1": "a-long-enough-one",
        "password2": "a-long-enough-one",
    }

    editor_client.post(address, data | {"is_superuser": "on"})
    assert not django_user_model.objects.filter(username="newcomer").exists()
    editor_client.post(address, data)
    assert django_user_model.objects.filter(username="newcomer", is_superuser=False).exists()


def test_who_gives_out_roles_does_not_change_a_superusers_password(editor, editor_client, administrator):
    editor.groups.set(Group.objects.filter(name="Administrators"))
    address = reverse("wagtailusers_users:edit", args=[administrator.pk])
    data = {"username": "administrator", "email": "a@example.org", "first_name": "A", "last_name": "B"}

    editor_client.post(address, data | {"password1": "taken-over-12", "password2": "taken-over-12", "is_active": "on"})

    administrator.refresh_from_db()
    assert administrator.check_password("administrator")


# One's own machine


@pytest.fixture
def file(tmp_path):
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        yield tmp_path / "sign-ins.json"


def test_the_demonstration_has_somebody_for_each_role_and_two_editors(file, django_user_model):
    sign_ins.add(file)

    roles = [tuple(user.groups.values_list("name", flat=True)) for user in django_user_model.objects.all()]
    assert {role for (role,) in filter(None, roles)} == set(Group.objects.values_list("name", flat=True))
    assert roles.count(("Editors",)) == 2
    for row in json.loads(file.read_text()):
        assert Client().login(username=row["username"], password=row["password"])


def test_passwords_of_an_older_demonstration_stay_valid(file):
    file.write_text(json.dumps([{"role": "Editor", "username": "editor", "password": "an-older-one"}]))

    sign_ins.add(file)
    sign_ins.add(file)

    rows = {row["username"]: row["password"] for row in json.loads(file.read_text())}
    assert rows["editor"] == "an-older-one"
    assert len(rows) == len(sign_ins.CAST)
