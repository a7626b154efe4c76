"""Responses that come held, why, and who decides about them (docs/decisions/0017).

The function of 0006 stays: while a release rolls out, the version before still submits with it. The next one drops it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# As in 0006_submit.py, but for the state and the reasons.
CREATE = """
    CREATE FUNCTION consultation_submit_or_hold(
        consultation bigint, new_key uuid, new_reference text, new_state text, new_version bigint,
        new_language text, new_channel text, new_answers jsonb, words jsonb, reasons jsonb
    ) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        inserted bigint;
    BEGIN
        INSERT INTO consultation_response
            (consultation_id, key, reference, state, version_id, language, channel, answers, received_at)
        SELECT c.id, new_key, new_reference, new_state, new_version, new_language, new_channel, new_answers,
            statement_timestamp()
        FROM consultation_consultation c
        WHERE c.id = consultation
            AND c.opens_at <= statement_timestamp()
            AND (c.closes_at IS NULL OR c.closes_at > statement_timestamp())
            AND pg_advisory_xact_lock_shared(7411, c.id::int) IS NOT NULL
        ON CONFLICT DO NOTHING
        RETURNING id INTO inserted;
        IF inserted IS NOT NULL AND words <> '[]' THEN
            INSERT INTO consultation_answerwords (response_id, question, option, text)
            SELECT inserted, (word ->> 0)::smallint, (word ->> 1)::smallint, word ->> 2
            FROM jsonb_array_elements(words) word;
        END IF;
        IF inserted IS NOT NULL AND reasons <> '[]' THEN
            INSERT INTO consultation_suspicion (response_id, reason)
            SELECT inserted, reason FROM jsonb_array_elements_text(reasons) reason;
        END IF;
        RETURN inserted;
    END
    $$
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION consultation_submit_or_hold")


def let_officers_decide(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    consultation, _ = ContentType.objects.get_or_create(app_label="consultation", model="consultation")
    permission, _ = Permission.objects.get_or_create(
        content_type=consultation, codename="decide_on_held", defaults={"name": "Can decide on held responses"}
    )
    for officers in Group.objects.filter(name="Officers"):
        officers.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ("consultation", "0010_letters_of_drafts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='consultation',
            options={'ordering': ['-opens_at', '-pk'], 'permissions': [('view_summary', "Can see officers' summaries"), ('download_responses', 'Can download responses'), ('decide_on_held', 'Can decide on held responses')], 'verbose_name': 'consultation', 'verbose_name_plural': 'consultations'},
        ),
        migrations.AddField(
            model_name='draft',
            name='born_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='first form shown'),
        ),
        migrations.AddField(
            model_name='draft',
            name='trapped',
            field=models.BooleanField(db_default=False, default=False, verbose_name='the field that people do not see was filled in'),
        ),
        migrations.AlterField(
            model_name='response',
            name='state',
            field=models.CharField(choices=[('counted', 'Counted'), ('held', 'Held until an officer decides'), ('rejected', 'Rejected by an officer'), ('withdrawn', 'Withdrawn'), ('replaced', 'Replaced by a correction'), ('erased', 'Erased')], db_default='counted', default='counted', max_length=10, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(condition=models.Q(('state__in', ['held', 'rejected'])), fields=['consultation', 'state'], name='response_held'),
        ),
        migrations.CreateModel(
            name='Suspicion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('trap', 'Something was written into a field that people do not see.'), ('pace', 'It was sent faster than people answer, and so were others from the same network on that day.')], max_length=10, verbose_name='reason')),
                ('response', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='suspicions', to='consultation.response')),
            ],
            options={
                'verbose_name': 'suspicion',
                'verbose_name_plural': 'suspicions',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('response', 'reason'), name='suspicion_once')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('released', 'Released'), ('rejected', 'Rejected')], max_length=10, verbose_name='decision')),
                ('name', models.CharField(help_text='Stays when the user is deleted.', max_length=150, verbose_name='user name')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='consultation.response')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Haste',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('network', models.CharField(help_text='Hashed with a key of that day.', max_length=32, verbose_name='network')),
                ('n', models.PositiveIntegerField(verbose_name='quick sendings')),
                ('consultation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consultation.consultation')),
            ],
            options={
                'verbose_name': 'haste',
                'verbose_name_plural': 'haste',
                'constraints': [models.UniqueConstraint(fields=('day', 'network', 'consultation'), name='haste_once')],
            },
        ),
        migrations.RunPython(create, drop),
        migrations.RunPython(let_officers_decide, migrations.RunPython.noop),
    ]
