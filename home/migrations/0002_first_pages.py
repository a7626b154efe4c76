"""The four languages, the first page, and the site that it opens."""

from django.db import migrations

LANGUAGES = ["en", "ga", "sco-ulster", "pl"]


def create(apps, schema_editor):
    """Replace Wagtail's welcome page with a home page of our own."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("home", "HomePage")
    SiteLook = apps.get_model("home", "SiteLook")

    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    welcome = Page.objects.filter(depth=2, slug="home", content_type__app_label="wagtailcore")
    Site.objects.filter(root_page__in=welcome).delete()
    welcome.delete()
    if Page.objects.filter(depth=2).exists():
        return  # somebody's pages are here already

    home = HomePage.objects.create(
        title="Community planning",
        draft_title="Community planning",
        slug="home",
        content_type=ContentType.objects.get_or_create(app_label="home", model="homepage")[0],
        locale=locales["en"],
        path="00010001",
        depth=2,
        numchild=0,
        url_path="/home/",
    )
    Page.objects.filter(depth=1).update(numchild=1)
    site = Site.objects.create(hostname="localhost", site_name="Connected", root_page=home, is_default_site=True)
    SiteLook.objects.create(site=site)


class Migration(migrations.Migration):

    dependencies = [
        ("home", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
