"""Whoever may read what single people wrote may key it in: a sheet of paper shows names and words.

It adds a right and takes none: see docs/decisions/0025-roles.md.
"""

from django.db import migrations

PERSONAL = "Officers (personal data)"


def give_right(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    found = Group.objects.filter(name=PERSONAL).first()  # a council may have renamed it or done without
    content_type, _created = ContentType.objects.get_or_create(app_label="consultation", model="batch")
    right, _created = Permission.objects.get_or_create(
        content_type=content_type,
        codename="bring_in_responses",
        defaults={"name": "Can key in and import responses"},
    )
    if found is not None:
        found.permissions.add(right)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('consultation', '0022_uploads'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('home', '0014_officers_rights'),
    ]

    operations = [
        migrations.RunPython(give_right, migrations.RunPython.noop),
    ]
