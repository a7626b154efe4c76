"""Who may publish results and take them back. It adds rights and takes none: see docs/decisions/0025-roles.md."""

from django.db import migrations

OFFICERS = ("Officers (analysis)", "Officers (personal data)")


def give_rights(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for group in Group.objects.filter(name__in=OFFICERS):  # a council may have renamed them or done without
        group.permissions.add(permission(apps))


def permission(apps):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    content_type, _created = ContentType.objects.get_or_create(app_label="consultation", model="publishedresult")
    found, _created = Permission.objects.update_or_create(
        content_type=content_type,
        codename="publish_results",
        defaults={"name": "Can publish results and take them back"},
    )
    return found


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('consultation', '0028_published_results'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('home', '0018_coding_rights'),
    ]

    operations = [
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
