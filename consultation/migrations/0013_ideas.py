"""Ideas, and the right of moderators to read and moderate them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


def give_rights(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    idea, _ = ContentType.objects.get_or_create(app_label="consultation", model="idea")
    permission, _ = Permission.objects.get_or_create(
        content_type=idea, codename="moderate_ideas", defaults={"name": "Can read and moderate ideas"}
    )
    for group in Group.objects.filter(name="Moderators"):
        group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('consultation', '0012_equality'),
        ('wagtailcore', '0098_apitoken'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Idea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True, verbose_name='key of the form')),
                ('reference', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('language', models.CharField(max_length=20, verbose_name='language')),
                ('text', models.TextField(verbose_name='text')),
                ('shown_text', models.TextField(blank=True, help_text='Empty: as it was written.', verbose_name='text as it is shown')),
                ('moderation', models.CharField(choices=[('new', 'Not read yet'), ('shown', 'Shown'), ('not-shown', 'Not shown')], default='new', max_length=10, verbose_name='shown')),
                ('reason', models.TextField(blank=True, verbose_name='why it is not shown')),
                ('status', models.CharField(choices=[('received', 'Received'), ('with-group', 'With the working group'), ('taken', 'Taken into the plan'), ('not-taken', 'Not taken up')], default='received', max_length=10, verbose_name='status')),
                ('revision', models.PositiveIntegerField(default=0, verbose_name='revision')),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='received')),
                ('theme', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to='consultation.theme')),
            ],
            options={
                'verbose_name': 'idea',
                'verbose_name_plural': 'ideas',
                'ordering': ['-received_at', '-pk'],
                'permissions': [('moderate_ideas', 'Can read and moderate ideas'), ('erase_ideas', 'Can erase ideas')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IdeaAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.CharField(max_length=320, verbose_name='e-mail address')),
                ('page', models.URLField(max_length=1000, verbose_name='address of the list')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='given')),
                ('idea', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='address', to='consultation.idea')),
            ],
            options={
                'verbose_name': 'e-mail address for an idea',
                'verbose_name_plural': 'e-mail addresses for ideas',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IdeaStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('received', 'Received'), ('with-group', 'With the working group'), ('taken', 'Taken into the plan'), ('not-taken', 'Not taken up')], max_length=10, verbose_name='status')),
                ('note', models.TextField(blank=True, verbose_name='note to the public')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='from')),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='consultation.idea')),
            ],
            options={
                'verbose_name': 'step of an idea',
                'verbose_name_plural': 'steps of ideas',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='idea',
            index=models.Index(fields=['moderation', '-received_at', '-id'], name='idea_shown'),
        ),
        migrations.AddIndex(
            model_name='idea',
            index=models.Index(fields=['theme', 'moderation', '-received_at', '-id'], name='idea_shown_by_theme'),
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
