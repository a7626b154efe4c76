import home.models.consultation
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0003_question_blocks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consultationpage',
            name='questionnaire',
            field=home.models.consultation.QuestionnaireField([], blank=True, help_text='Each section is one page of the form. Questions that were answered are never lost by an edit.', verbose_name='questionnaire'),
        ),
    ]
