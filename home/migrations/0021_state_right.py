"""Administrators see the state of the site. It adds a right and takes none: see docs/decisions/0025-roles.md."""

from django.db import migrations

GROUP, CODENAME, NAME = "Administrators", "view_state", "Can see the state of the site"


def give_right(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    found = Group.objects.filter(name=GROUP).first()  # a council may have renamed it or done without
    if found is not None:
        content_type, _created = ContentType.objects.get_or_create(app_label="consultation", model="lastrun")
        right, _created = Permission.objects.get_or_create(
            content_type=content_type, codename=CODENAME, defaults={"name": NAME}
        )
        found.permissions.add(right)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('consultation', '0030_last_runs'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('home', '0020_quotes_rights'),
    ]

    operations = [
        migrations.RunPython(give_right, migrations.RunPython.noop),
    ]
