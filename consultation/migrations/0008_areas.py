"""Areas, and the right of those who edit pages to edit them."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


def give_rights(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    area, _ = ContentType.objects.get_or_create(app_label="consultation", model="area")
    for action in ("add", "change", "delete"):
        permission, _ = Permission.objects.get_or_create(
            content_type=area, codename=f"{action}_area", defaults={"name": f"Can {action} area"}
        )
        for group in Group.objects.filter(name__in=["Editors", "Moderators"]):
            group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('consultation', '0007_receipts'),
        ('wagtailcore', '0098_apitoken'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=1, help_text='Areas stand in this order. Those with the same number, in that of their making.', verbose_name='place')),
                ('since', models.DateField(blank=True, help_text='The first day on which it can be chosen. Empty: at once.', null=True, verbose_name='from')),
                ('until', models.DateField(blank=True, help_text='The last day on which it can be chosen. What was answered before stays. Empty: for good.', null=True, verbose_name='until')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
            ],
            options={
                'verbose_name': 'area',
                'verbose_name_plural': 'areas',
                'ordering': ['position', 'pk'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
