"""Whether a consultation asks the equality questions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0004_questionnaire_field'),
    ]

    operations = [
        migrations.AddField(
            model_name='consultationpage',
            name='ask_equality',
            field=models.BooleanField(db_default=False, default=False, help_text='After people have checked their answers, one page asks about the groups of Section 75. Every question can be skipped, and what people say is kept apart from their answers.', verbose_name='ask the equality questions'),
        ),
        migrations.AddField(
            model_name='consultationpage',
            name='political_basis',
            field=models.TextField(blank=True, db_default='', default='', help_text='Which condition of Article 9 of the UK GDPR it rests on, and who decided so and when. As long as this is empty, nobody is asked about political opinions. It is not shown to the public.', verbose_name='lawful basis of asking for political opinions'),
        ),
    ]
