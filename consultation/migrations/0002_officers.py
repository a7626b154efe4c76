"""The group of officers, with the rights to see summaries and to download responses."""

from django.db import migrations


def create_officers(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    consultation, _ = ContentType.objects.get_or_create(app_label="consultation", model="consultation")
    admin, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    officers, _ = Group.objects.get_or_create(name="Officers")
    for content_type, codename, name in [
        (consultation, "view_summary", "Can see officers' summaries"),
        (consultation, "download_responses", "Can download responses"),
        (admin, "access_admin", "Can access Wagtail admin"),
    ]:
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        officers.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(create_officers, migrations.RunPython.noop)]
