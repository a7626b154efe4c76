"""What has to be looked after is in three reports and on the admin's first page, for those who can do something."""

import datetime as dt
import html
import re
import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupPagePermission, Locale, Page

from consultation.models import Consultation, Idea, Response, Theme
from home import keeping
from home.models import Action, HomePage, StandardPage
from home.models.staleness import fell_behind
from tests.admin import answer
from tests.factories import make_consultation_page, make_themes, translate

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
REPORTS = ["reviews", "to-translate", "overdue"]


def said(shown):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", shown.content.decode())).split())


def report(client, name, **query):
    return client.get(f"/admin/reports/keeping/{name}/", query)


def make_page(title="Contact", **fields):
    page = StandardPage(title=title, slug=title.lower().replace(" ", "-"), **fields)
    HomePage.objects.get(locale__language_code="en").add_child(instance=page)
    page.save_revision().publish()
    return StandardPage.objects.get(pk=page.pk)


def saved(page, days_ago):
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=timezone.now() - days_ago * DAY)


# Pages to look at again


def test_a_page_is_to_be_looked_at_on_its_day_or_after_a_year_without_anybody_saving_it(editor):
    make_page("Not yet", review_on=TODAY + DAY)
    make_page("Fresh")
    make_page("Its day", review_on=TODAY)
    saved(make_page("A year"), 366)
    saved(make_page("Old with a date to come", review_on=TODAY + DAY), 400)

    assert [(row.title, row.why) for row in keeping.reviews(editor)] == [
        ("A year", "Nobody has saved it for a year"),
        ("Its day", "Its review date has come"),
    ]


def test_a_review_date_is_one_for_all_languages_and_asked_of_the_original_alone(editor, at_once):
    page = make_page("Its day", review_on=TODAY)
    irish = translate(page, "ga", {"Its day": "A lá"})

    assert StandardPage.objects.get(pk=irish.pk).review_on == TODAY
    assert [row.page.pk for row in keeping.reviews(editor)] == [page.pk]


def test_drafts_are_not_to_be_looked_at_again(editor):
    page = make_page("Its day", review_on=TODAY)
    page.unpublish()

    assert keeping.reviews(editor) == []


# Translations


def test_what_is_left_to_translate_is_listed_by_page_and_language(editor, at_once):
    home = HomePage.objects.get(locale__language_code="en")
    home.save_revision().publish()
    translate(home, "ga", {home.title: "Baile"})
    page, other = make_page("Contact"), make_page("Privacy", summary="What we keep.")
    translate(page, "ga", {"Contact": "Teagmháil"})
    translate(other, "ga", {"Privacy": "Príobháideachas"})
    page.save_revision().publish()
    make_page("Cookies")

    rows = {row.title: (row.language, row.what, row.missing) for row in keeping.lags(editor)}

    assert rows == {
        "Contact": ("Gaeilge", "The original was published since", 0),
        "Privacy": ("Gaeilge", "Not complete", 1),
        "Cookies": ("Gaeilge", "Not translated", None),
    }


def test_a_translation_is_behind_where_the_original_was_published_later():
    early, late = timezone.now() - DAY, timezone.now()

    assert fell_behind(late, early, None)
    assert fell_behind(late, late, early)
    assert not fell_behind(early, late, late)
    assert not fell_behind(None, early, early)
    assert not fell_behind(late, None, None)


# Overdue


def make_action(title, due, status=Action.Status.UNDER_WAY):
    theme = Theme.objects.first() or make_themes()[0]
    locale = Locale.objects.get(language_code="en")
    return Action.objects.create(title=title, due=due, status=status, theme=theme, locale=locale)


def test_actions_and_outcomes_whose_day_has_passed_are_overdue(administrator):
    make_action("Late", TODAY - DAY)
    make_action("Done", TODAY - DAY, Action.Status.DONE)
    make_action("In time", TODAY)
    now = timezone.now()
    long_ago = {"opens_at": now - 200 * DAY, "closes_at": now - 100 * DAY}
    make_consultation_page(slug="silent", title="Silent", **long_ago)
    promised = {"opens_at": now - 50 * DAY, "closes_at": now - 20 * DAY, "outcome_due": TODAY - 3 * DAY}
    make_consultation_page(slug="promised", title="Promised", **promised)
    make_consultation_page(slug="fresh", title="Fresh", opens_at=now - 50 * DAY, closes_at=now - 20 * DAY)

    assert [(row.title, row.day) for row in keeping.overdue(administrator)] == [
        ("Silent", timezone.localdate(now - 100 * DAY + dt.timedelta(weeks=12))),
        ("Promised", TODAY - 3 * DAY),
        ("Late", TODAY - DAY),
    ]


# Who sees them, and as what


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_there_for_editors_and_for_nobody_else(name, editor_client, officer_client, visitor):
    assert report(editor_client, name).status_code == 200
    assert report(officer_client, name).status_code == 302
    assert report(visitor, name)["Location"].startswith("/account/login/")


def test_a_report_lists_only_what_its_reader_may_edit(editor_client, editor):
    page = make_page("Its day", review_on=TODAY)
    elsewhere = make_page("Elsewhere", review_on=TODAY)
    GroupPagePermission.objects.all().delete()
    group = Group.objects.get(name="Editors")
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page, permission=change)

    shown = said(report(editor_client, "reviews"))

    assert "Its day" in shown
    assert "Elsewhere" not in shown
    assert elsewhere.pk not in [row.page.pk for row in keeping.reviews(editor)]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_can_be_downloaded(name, administrator_client):
    make_page("Its day", review_on=TODAY)
    make_action("Late", TODAY - DAY)

    csv = b"".join(report(administrator_client, name, export="csv").streaming_content).decode()
    xlsx = report(administrator_client, name, export="xlsx")

    assert csv.splitlines()[0].count(",") >= 3
    assert xlsx["Content-Type"].endswith("spreadsheetml.sheet")
    if name == "reviews":
        assert "Its day,page of text,Its review date has come" in csv.replace("Page of text", "page of text")


@pytest.mark.parametrize("name", [*REPORTS, ""])
def test_many_rows_cost_no_more_queries_than_one(name, administrator_client, at_once):
    def make(numbers):
        for number in numbers:
            page = make_page(f"Page {number}", review_on=TODAY, summary="Words.")
            translate(page, "ga", {})
            make_action(f"Action {number}", TODAY - DAY)
            dates = {"opens_at": timezone.now() - 200 * DAY, "closes_at": timezone.now() - 100 * DAY}
            make_consultation_page(slug=f"c{number}", **dates)
            make_consultation_page(slug=f"s{number}", opens_at=timezone.now() + DAY)

    def queries():
        address = f"/admin/reports/keeping/{name}/" if name else "/admin/"
        administrator_client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert administrator_client.get(address).status_code == 200
        return len(captured)

    home = HomePage.objects.get(locale__language_code="en")
    home.save_revision().publish()
    translate(home, "ga", {})
    make(range(1))
    before = queries()
    make(range(1, 5))

    assert queries() == before


# The first page of the admin


def test_who_has_nothing_to_do_is_told_so(editor_client, officer_client):
    for client in (editor_client, officer_client):
        assert "Nothing is waiting for you." in said(client.get("/admin/"))


def test_editors_are_told_what_waits_for_them(editor_client):
    make_page("Its day", review_on=TODAY)
    opens = timezone.now() + 3 * DAY
    make_consultation_page(title="Parks", opens_at=opens, closes_at=opens + 100 * DAY)

    shown = editor_client.get("/admin/")

    assert "1 page is to be looked at again." in said(shown)
    assert re.search("“Parks” opens on .{8,20} and has 7 gaps in its checklist.", said(shown))
    assert "/admin/reports/keeping/reviews/" in shown.content.decode()


def test_officers_are_told_of_new_and_held_responses(officer_client, editor_client):
    page = make_consultation_page()
    answer(page, {1: 1})
    answer(page, {1: 1})
    Response.objects.filter(pk=answer(page, {1: 2}).pk).update(state="held")

    shown = officer_client.get("/admin/")

    assert "2 responses have come in today." in said(shown)
    assert "1 response is held and waits for a decision." in said(shown)
    assert f"/admin/consultations/{Consultation.objects.get().pk}/held/" in shown.content.decode()
    assert "held" not in said(editor_client.get("/admin/"))


def test_moderators_are_told_of_ideas_that_nobody_has_read(officer, officer_client):
    Idea.objects.create(key=uuid.uuid4(), reference="AAAA-BBBB", language="en", text="A bench.")
    assert "idea" not in said(officer_client.get("/admin/")).partition("What needs doing")[2]

    officer.groups.get().permissions.add(Permission.objects.get(codename="moderate_ideas"))

    assert "1 idea is waiting to be read." in said(officer_client.get("/admin/"))


# Readers of a translation


@pytest.fixture
def pair(at_once):
    """A page and its Irish translation."""
    home = HomePage.objects.get(locale__language_code="en")
    home.save_revision().publish()
    translate(home, "ga", {})
    page = make_page("Contact")
    return page, StandardPage.objects.get(pk=translate(page, "ga", {"Contact": "Teagmháil"}).pk)


def note(visitor, page):
    return "newer-original" in visitor.get(page.url).content.decode()


def test_a_translation_says_that_its_original_was_published_since_and_links_to_it(visitor, pair):
    page, irish = pair
    assert not note(visitor, irish)

    page.save_revision().publish()

    assert note(visitor, irish)
    assert not note(visitor, page)
    assert f'href="{page.url}"' in visitor.get(irish.url).content.decode().partition("newer-original")[2]


def test_synced_and_published_again_it_says_so_no_more(visitor, pair):
    page, irish = pair
    page.save_revision().publish()
    from wagtail_localize.models import TranslationSource

    source = TranslationSource.objects.get_for_instance(page)
    source.update_from_db()
    assert note(visitor, irish)

    translate(page, "ga", {})

    assert not note(visitor, irish)


def test_an_alias_and_a_page_in_the_sites_own_language_ask_nothing(pair):
    page, _irish = pair
    page.lang  # noqa: B018  what every page asks

    with CaptureQueriesContext(connection) as captured:
        assert page.newer_original is None
    assert len(captured) == 0


def test_a_translation_asks_once(pair):
    _page, irish = pair
    irish.lang  # noqa: B018  what every page asks

    with CaptureQueriesContext(connection) as captured:
        assert irish.newer_original is None
        assert irish.newer_original is None
    assert len(captured) == 1


def test_editors_see_what_is_behind_above_both_pages(administrator_client, pair):
    page, irish = pair
    page.save_revision().publish()

    above = said(administrator_client.get(f"/admin/pages/{page.pk}/edit/"))
    assert "after these translations were last in line with it: Gaeilge." in above
    below = administrator_client.get(f"/admin/pages/{irish.pk}/edit/")
    assert "after the two were last in line" in said(below)


def test_a_page_that_is_behind_and_not_told_is_found(monkeypatch, visitor, pair):
    monkeypatch.setattr("home.models.base.fell_behind", lambda *times: False)

    with pytest.raises(AssertionError):
        test_a_translation_says_that_its_original_was_published_since_and_links_to_it(visitor, pair)
