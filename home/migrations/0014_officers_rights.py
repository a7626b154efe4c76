"""What the roles may do with downloads and single responses. It adds rights and takes none: see docs/decisions/0025-roles.md."""

from django.db import migrations

ANALYSIS, PERSONAL, ADMINISTRATORS = "Officers (analysis)", "Officers (personal data)", "Administrators"

# (model, codename): what it is called
ANALYSE = {
    ("consultation", "download_open"): "Can download published figures as open data",
    ("consultation", "download_responses"): "Can download responses without personal data",
}
READ = ANALYSE | {
    ("consultation", "download_full"): "Can download responses with personal data",
    ("consultation", "read_responses"): "Can read single responses",
    ("consultation", "redact_responses"): "Can redact what people wrote",
    ("consultation", "erase_responses"): "Can erase single responses",
}
ANSWER_FOR = {
    ("download", "view_downloads"): "Can see who downloaded what",
    ("consultation", "view_audit"): "Can see who handled which response",
}
RIGHTS = {ANALYSIS: ANALYSE, PERSONAL: READ, ADMINISTRATORS: ANSWER_FOR}


def give_rights(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for group, rights in RIGHTS.items():
        found = Group.objects.filter(name=group).first()  # a council may have renamed it or done without
        if found is not None:
            found.permissions.add(*(permission(apps, *right, name=said) for right, said in rights.items()))


def permission(apps, model, codename, name):
    """With its present name: on a new database, an earlier migration made one with a former name."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    content_type, _created = ContentType.objects.get_or_create(app_label="consultation", model=model)
    found, _created = Permission.objects.update_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return found


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('consultation', '0020_downloads'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('home', '0013_review_dates'),
    ]

    operations = [
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
