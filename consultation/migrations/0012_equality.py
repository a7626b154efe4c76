"""Equality answers apart from the rest, and the right to see rounded figures of them."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


def give_rights(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    consultation, _ = ContentType.objects.get_or_create(app_label="consultation", model="consultation")
    permission, _ = Permission.objects.get_or_create(
        content_type=consultation,
        codename="view_equality",
        defaults={"name": "Can see rounded equality figures"},
    )
    for group in Group.objects.filter(name="Officers"):
        group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('consultation', '0011_held'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='EqualityFigures',
            fields=[
                ('consultation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='equality_figures', serialize=False, to='consultation.consultation')),
                ('answered', models.PositiveIntegerField(help_text='Exact, never shown to anybody.', verbose_name='people included')),
                ('cut_off', models.DateTimeField(verbose_name='cut-off')),
                ('figures', models.JSONField(help_text='See consultation/equality_figures.py.', verbose_name='rounded figures')),
            ],
            options={
                'verbose_name': 'equality figures',
                'verbose_name_plural': 'equality figures',
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='consultation',
            options={'ordering': ['-opens_at', '-pk'], 'permissions': [('view_summary', "Can see officers' summaries"), ('download_responses', 'Can download responses'), ('decide_on_held', 'Can decide on held responses'), ('view_equality', 'Can see rounded equality figures')], 'verbose_name': 'consultation', 'verbose_name_plural': 'consultations'},
        ),
        migrations.AddField(
            model_name='consultation',
            name='ask_equality',
            field=models.BooleanField(db_default=False, default=False, verbose_name='asks the equality questions'),
        ),
        migrations.AddField(
            model_name='consultation',
            name='political_basis',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='lawful basis of asking for political opinions'),
        ),
        migrations.CreateModel(
            name='EqualityAnswers',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('answers', models.JSONField(help_text='Option by question, see consultation/equality.py.', verbose_name='answers')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='equality_answers', to='consultation.consultation')),
            ],
            options={
                'verbose_name': 'equality answers',
                'verbose_name_plural': 'equality answers',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='EqualityLink',
            fields=[
                ('response', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='consultation.response')),
                ('answers', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link', to='consultation.equalityanswers')),
            ],
            options={
                'verbose_name': 'link to equality answers',
                'verbose_name_plural': 'links to equality answers',
                'default_permissions': (),
            },
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
