"""A draft that was sent is the receipt, from which what was sent can be corrected."""

from django.db import migrations, models
from django.db.models import F


def as_born(apps, schema_editor):
    apps.get_model("consultation", "Draft").objects.update(sends=F("key"))


class Migration(migrations.Migration):
    dependencies = [("consultation", "0006_submit")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="corrects",
            field=models.UUIDField(blank=True, null=True, verbose_name="key of the response that is corrected"),
        ),
        migrations.AddField(model_name="draft", name="sends", field=models.UUIDField(null=True)),
        migrations.RunPython(as_born, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="draft",
            name="sends",
            field=models.UUIDField(unique=True, verbose_name="key that the answers are sent under"),
        ),
    ]
