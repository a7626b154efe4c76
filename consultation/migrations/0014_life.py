"""The life of a consultation: pauses, outcomes, and what changed (docs/decisions/0020)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whichever functions submit by now, under any signature, get one more condition beside the opening hours. Replaced under
# their names, so the version before, too, heeds a pause while a release rolls out.
SUBMITTING = """
    SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = current_schema() AND p.proname LIKE 'consultation\\_submit%%'
"""
HOURS = "c.opens_at <= statement_timestamp()"
HEEDED = f"c.halt = '' AND {HOURS}"


def heed_pauses(apps, schema_editor):
    rewrite(schema_editor, HOURS, HEEDED)


def forget_pauses(apps, schema_editor):
    rewrite(schema_editor, HEEDED, HOURS)


def rewrite(schema_editor, before, after):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SUBMITTING, [])
        functions = [oid for (oid,) in cursor.fetchall()]
        assert functions  # stops a migration that would leave the old rule  # nosec B101
        for oid in functions:
            cursor.execute("SELECT pg_get_functiondef(%s)", [oid])
            definition = cursor.fetchone()[0]
            assert definition.count(before) == 1, definition  # so does this  # nosec B101
            cursor.execute(definition.replace(before, after))


class Migration(migrations.Migration):

    dependencies = [
        ('consultation', '0013_ideas'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='consultation',
            name='halt',
            field=models.CharField(blank=True, choices=[('', 'No: it goes by its dates'), ('paused', 'Paused'), ('withdrawn', 'Withdrawn')], db_default='', default='', max_length=10, verbose_name='paused or withdrawn'),
        ),
        migrations.AddField(
            model_name='consultation',
            name='outcome_due',
            field=models.DateField(blank=True, null=True, verbose_name='outcome expected by'),
        ),
        migrations.AddField(
            model_name='consultation',
            name='outcome_on',
            field=models.DateField(blank=True, null=True, verbose_name='date of the outcome'),
        ),
        migrations.CreateModel(
            name='LifeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opening', 'Opening date changed'), ('closing', 'Closing date changed'), ('paused', 'Paused'), ('resumed', 'Went on'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='what happened')),
                ('before', models.DateTimeField(blank=True, null=True, verbose_name='before')),
                ('after', models.DateTimeField(blank=True, null=True, verbose_name='after')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('by', models.ForeignKey(blank=True, help_text='Who saved what was published, where that is known. It is not shown to the public.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='life', to='consultation.consultation')),
            ],
            options={
                'verbose_name': 'change in the life of a consultation',
                'verbose_name_plural': 'changes in the lives of consultations',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.RunPython(heed_pauses, forget_pauses),
    ]
