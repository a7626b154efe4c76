"""Officers who read single responses may code what people wrote. It adds a right and takes none."""

from django.db import migrations

GROUP = "Officers (personal data)"
CODENAME, NAME = "code_responses", "Can code what people wrote"


def give_right(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.filter(name=GROUP).first()
    if group is not None:  # a council may have renamed it or done without
        ContentType = apps.get_model("contenttypes", "ContentType")
        content_type, _created = ContentType.objects.get_or_create(app_label="consultation", model="codeframe")
        permission, _created = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=CODENAME, defaults={"name": NAME}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('consultation', '0027_coding'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('home', '0017_paper_forms'),
    ]

    operations = [
        migrations.RunPython(give_right, migrations.RunPython.noop),
    ]
