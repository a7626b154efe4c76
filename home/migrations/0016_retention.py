"""How long personal data is kept: what administrators set, and the day that a page gives."""

import django.core.validators
from django.db import migrations, models


ADMINISTRATORS = "Administrators"


def give_rights(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.filter(name=ADMINISTRATORS).first()  # a council may do without
    if group is None:
        return
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="home", model="personaldata"
    )
    right, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="change_personaldata", defaults={"name": "Can change personal data"}
    )
    group.permissions.add(right)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('home', '0015_bring_in_rights'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonalData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('months_after_closing', models.PositiveSmallIntegerField(default=12, help_text='For consultations whose page gives no day of its own.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='months after closing')),
                ('months_open', models.PositiveSmallIntegerField(default=12, help_text='For forms without a closing date. Counted from each response.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='months where nothing closes')),
            ],
            options={
                'verbose_name': 'personal data',
            },
        ),
        migrations.AddField(
            model_name='consultationpage',
            name='kept_until',
            field=models.DateField(blank=True, help_text='On this day what people wrote, and what could tell who they are, is deleted for good; figures stay. Shown under “Your privacy”. Empty: as many months after closing as administrators set under Settings, Personal data. Once somebody has answered it can become earlier, and never later.', null=True, verbose_name='personal data is kept until'),
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
