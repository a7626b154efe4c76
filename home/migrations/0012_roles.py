"""The roles as groups, and the approval by a second person that every page and record of the plan passes from the start.

Nobody who is in one of these groups already loses a right, but for one: moderators published alone. See
docs/decisions/0025-roles.md.
"""

import django.db.models.deletion
from django.db import migrations, models

EDITORS, MODERATORS, ADMINISTRATORS = "Editors", "Moderators", "Administrators"
OFFICERS, ANALYSIS, PERSONAL = "Officers", "Officers (analysis)", "Officers (personal data)"

# (app, model, codename): what it is called, where Django has not made it yet
ADMIN = {("wagtailadmin", "admin", "access_admin"): "Can access Wagtail admin"}


def model_rights(app, model, *actions):
    return {(app, model, f"{action}_{model}"): f"Can {action} {model}" for action in actions}


RECORDS = ("partner", "indicator", "action")
EDIT = ADMIN | {("wagtail_localize", "translation", "submit_translation"): "Can submit translations"}
EDIT |= model_rights("consultation", "area", "add", "change", "delete")
for record in RECORDS:
    EDIT |= model_rights("home", record, "add", "change")
MODERATE = {("consultation", "idea", "moderate_ideas"): "Can read and moderate ideas"}
ANALYSE = ADMIN | {
    ("consultation", "consultation", "view_summary"): "Can see officers' summaries",
    ("consultation", "consultation", "view_equality"): "Can see rounded equality figures",
}
READ = ANALYSE | {
    ("consultation", "consultation", "download_responses"): "Can download responses",
    ("consultation", "consultation", "decide_on_held"): "Can decide on held responses",
    ("consultation", "idea", "erase_ideas"): "Can erase ideas",
}
RUN = EDIT | model_rights("home", "sitelook", "change")
for record in RECORDS:
    RUN |= model_rights("home", record, "delete", "publish", "lock", "unlock")
for app, model in [
    ("auth", "user"),
    ("auth", "group"),
    ("wagtailcore", "site"),
    ("wagtailcore", "locale"),
    ("wagtailcore", "collection"),
    ("wagtailcore", "workflow"),
    ("wagtailcore", "task"),
    ("wagtailredirects", "redirect"),
    ("wagtailsearchpromotions", "searchpromotion"),
]:
    RUN |= model_rights(app, model, "add", "change", "delete")

RUN |= {("wagtailsearchpromotions", "query", "view_query"): "Can view query"}

RIGHTS = {EDITORS: EDIT, MODERATORS: EDIT | MODERATE, ANALYSIS: ANALYSE, PERSONAL: READ, ADMINISTRATORS: RUN}

EDIT_PAGES = {"add_page": "Add/edit pages you own", "change_page": "Edit any page"}
LOCK_PAGES = {"lock_page": "Lock/unlock pages you've locked", "unlock_page": "Unlock any page"}
PUBLISH_PAGES = {"publish_page": "Publish any page", "bulk_delete_page": "Delete pages with children"}
PAGES = {
    EDITORS: EDIT_PAGES,
    MODERATORS: EDIT_PAGES | LOCK_PAGES,
    ADMINISTRATORS: EDIT_PAGES | LOCK_PAGES | PUBLISH_PAGES,
}
FILES = [("wagtailimages", "image", ("add", "change", "choose")), ("wagtaildocs", "document", ("add", "change", "choose"))]
COLLECTIONS = [("wagtailcore", "collection", ("add", "change", "delete"))]

STEPS = [("SecondPerson", "secondperson", "Second person"), ("Translations", "translations", "Translations")]


def make_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    if not Group.objects.filter(name=PERSONAL).exists():
        Group.objects.filter(name=OFFICERS).update(name=PERSONAL)
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *right, name=said) for right, said in rights.items()))
        allow_pages(apps, group, PAGES.get(name, {}))
        if name in PAGES:
            allow_files(apps, group, FILES + COLLECTIONS * (name == ADMINISTRATORS))
    forbid_publishing_alone(apps)
    make_approval(apps)
    if schema_editor.connection.vendor == "postgresql":  # or the constraints of the new tables could not be added
        schema_editor.connection.check_constraints()


def permission(apps, app, model, codename, name):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    content_type, _created = ContentType.objects.get_or_create(app_label=app, model=model)
    found, _created = Permission.objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return found


def allow_pages(apps, group, rights):
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for codename, name in rights.items():
        right = permission(apps, "wagtailcore", "page", codename, name)
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=right)


def allow_files(apps, group, files):
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for app, model, actions in files:
        for action in actions:
            right = permission(apps, app, model, f"{action}_{model}", f"Can {action} {model}")
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=right)


def forbid_publishing_alone(apps):
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupPagePermission.objects.filter(
        group__name__in=[EDITORS, MODERATORS], permission__codename="publish_page"
    ).delete()


def make_approval(apps):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    WorkflowTask = apps.get_model("wagtailcore", "WorkflowTask")
    groups = apps.get_model("auth", "Group").objects.filter(name__in=PAGES)
    workflow, _created = Workflow.objects.get_or_create(name="Second person")
    for place, (model, name, title) in enumerate(STEPS):
        Task = apps.get_model("home", model)
        content_type, _created = ContentType.objects.get_or_create(app_label="home", model=name)
        task, _created = Task.objects.get_or_create(name=title, defaults={"content_type": content_type})
        task.groups.add(*groups)
        WorkflowTask.objects.get_or_create(workflow=workflow, task_id=task.pk, defaults={"sort_order": place})
    assign(apps, workflow)


def assign(apps, workflow):
    """To every page, in place of Wagtail's first workflow but not of one of the council's own, and to the records."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    WorkflowPage = apps.get_model("wagtailcore", "WorkflowPage")
    WorkflowContentType = apps.get_model("wagtailcore", "WorkflowContentType")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    WorkflowPage.objects.filter(page=root, workflow__name="Moderators approval").update(workflow=workflow)
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    for record in RECORDS:
        content_type, _created = ContentType.objects.get_or_create(app_label="home", model=record)
        WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": workflow})


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('consultation', '0018_bases'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('home', '0011_look_and_statements'),
        ('wagtail_localize', '0016_rename_page_revision_translationlog_revision'),
        ('wagtailadmin', '0006_formstate'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        ('wagtailimages', '0027_image_description'),
        ('wagtailredirects', '0008_add_verbose_name_plural'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondPerson',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'second person',
                'verbose_name_plural': 'second persons',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='Translations',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'look at the translations',
                'verbose_name_plural': 'looks at the translations',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
