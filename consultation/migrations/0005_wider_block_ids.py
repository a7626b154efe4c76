from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultation', '0004_ledger_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='question',
            name='block',
            field=models.CharField(max_length=80, verbose_name='block id'),
        ),
        migrations.AlterField(
            model_name='response',
            name='answers',
            field=models.JSONField(help_text='Value by question number, see consultation/kinds.', verbose_name='answers'),
        ),
    ]
