"""The plan in the side bar: its records are added, edited, translated, previewed and deleted there."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from home.models import Action, Indicator, Partner, WorkingGroupMember, WorkingGroupPage
from tests.factories import translate
from tests.home.test_pages import add, queries
from tests.plan import make_action, make_indicator, make_partner, make_theme, publish, record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    return make_theme()


@pytest.fixture
def publisher_client(editor, editor_client):
    editor.groups.set(Group.objects.filter(name="Administrators"))
    return editor_client


def at(model, view, *arguments):
    return reverse(f"wagtailsnippets_home_{model.__name__.lower()}:{view}", args=arguments)


def read(client, address):
    shown = client.get(address)
    assert shown.status_code == 200, (address, shown.status_code)
    return shown.content.decode()


def filled_in(theme, *supporting, **fields):
    rows = [{"partner": partner.pk, "ORDER": place} for place, partner in enumerate(supporting, 1)]
    given = {
        "title": "Plant trees",
        "description": "",
        "theme": record_of(theme).pk,
        "lead": "",
        "begins": "",
        "due": "",
        "status": "planned",
        "status_on": "2026-03-01",
        "status_note": "",
        "supporting": inline_formset(rows),
    }
    return nested_form_data(given | fields)


@pytest.mark.parametrize("model", [Partner, Indicator, Action])
def test_those_who_edit_pages_find_the_plan_in_the_side_bar(editor_client, model):
    assert at(model, "list") in read(editor_client, "/admin/")
    read(editor_client, at(model, "list"))
    read(editor_client, at(model, "add"))


@pytest.mark.parametrize("model", [Partner, Indicator, Action])
def test_officers_without_that_right_do_not(officer_client, model):
    assert at(model, "list") not in read(officer_client, "/admin/")
    assert officer_client.get(at(model, "list")).status_code == 302


def test_an_action_is_added_as_a_draft(theme, editor_client):
    editor_client.post(at(Action, "add"), filled_in(theme))

    assert not Action.objects.get().live


def test_an_action_is_published_with_its_partners_in_the_editors_order(theme, publisher_client):
    lead, one, other = (make_partner(name) for name in ("Demo Council", "Demo Trust", "Demo Club"))
    given = filled_in(theme, other, one, lead=lead.pk, due="2031-05-04")

    publisher_client.post(at(Action, "add"), given | {"action-publish": "action-publish"})

    action = Action.objects.get()
    assert action.live and (action.lead, action.due) == (lead, dt.date(2031, 5, 4))
    assert action.shown_supporting == [other, one]


def test_what_is_wrong_is_said_beside_the_field(theme, publisher_client):
    shown = publisher_client.post(at(Action, "add"), filled_in(theme, begins="2031-05-04", due="2031-05-03"))

    assert "It can&#x27;t be done before it begins." in shown.content.decode()
    assert not Action.objects.exists()


def test_two_values_of_one_year_are_refused(theme, publisher_client):
    rows = [{"year": 2025, "period": "", "value": value, "ORDER": place} for place, value in enumerate((3, 4), 1)]
    given = {"title": "Trees", "theme": record_of(theme).pk, "position": 1, "unit": "", "wanted": "up"}
    more = {"source": "", "source_url": "", "note": "", "values": inline_formset(rows)}

    shown = publisher_client.post(at(Indicator, "add"), nested_form_data(given | more))

    assert "duplicate" in shown.content.decode().lower()
    assert not Indicator.objects.exists()


def test_editors_draft_and_send_for_approval_and_do_not_publish(theme, editor_client):
    action = make_action(theme)

    given = filled_in(theme, title="Fell trees") | {"action-publish": "action-publish"}
    editor_client.post(at(Action, "edit", action.pk), given)

    action.refresh_from_db()
    assert action.title == "Plant trees" and action.has_unpublished_changes


@time_machine.travel("2026-06-01 12:00Z", tick=True)
def test_the_list_of_actions_marks_what_is_overdue_and_is_filtered(theme, administrator_client):
    other = make_theme(2, "Getting about")
    make_action(theme, title="Plant trees", due=dt.date(2026, 5, 1), status="delayed", lead=make_partner())
    make_action(other, title="Run a bus", due=dt.date(2026, 5, 1), status="done")

    shown = read(administrator_client, at(Action, "list"))
    by_theme = read(administrator_client, f"{at(Action, 'list')}?theme={record_of(other).pk}")
    by_status = read(administrator_client, f"{at(Action, 'list')}?status=delayed")

    assert shown.count("1 May 2026 – overdue") == 1 and "Demo Trust" in shown and "Delayed" in shown
    assert "Run a bus" in by_theme and "Plant trees" not in by_theme
    assert "Plant trees" in by_status and "Run a bus" not in by_status


def test_the_list_of_indicators_has_the_latest_value_and_that_of_partners_a_filter(theme, administrator_client):
    make_indicator(theme, (2021, 1200), (2025, "1450.5"))
    make_indicator(theme, title="Bees")
    make_partner("Demo Shops", sector="business")
    make_partner("Demo Trust", sector="health")

    shown = read(administrator_client, at(Indicator, "list"))
    partners = read(administrator_client, f"{at(Partner, 'list')}?sector=business")

    assert "1,450.5 trees (2025)" in shown and "Data development" in shown
    assert "Demo Shops" in partners and "Demo Trust" not in partners


def test_our_columns_ask_nothing_for_each_row(theme, administrator_client):
    """Wagtail and wagtail-localize ask for the buttons of each row, of which a page has twenty at most."""

    def more(number):
        partner = make_partner(f"Partner {number}")
        make_action(theme, lead=partner)
        make_indicator(theme, (2025, 1))

    def asked():
        return [queries(administrator_client, at(model, "list")) for model in (Partner, Indicator, Action)]

    more(0)
    before = asked()
    for number in range(1, 6):
        more(number)

    of_partners, of_indicators, of_actions = (after - first for first, after in zip(before, asked(), strict=True))
    assert of_partners == of_indicators == of_actions


def test_relations_are_chosen_among_the_records_in_the_sites_own_language(theme, at_once, administrator_client):
    translate(make_partner("Demo Trust"), "ga", {"Demo Trust": "Iontaobhas Demo"})
    where = Partner.snippet_viewset.chooser_viewset

    for view in ("choose", "choose_results"):
        shown = read(administrator_client, reverse(where.get_url_name(view)))
        assert "Demo Trust" in shown and "Iontaobhas Demo" not in shown, view


@pytest.mark.parametrize("name", ["partner", "indicator", "measured", "action"])
def test_a_record_is_previewed_as_pages_show_it_before_it_is_live(theme, administrator_client, name):
    make = {
        "partner": lambda: make_partner(description="What it does."),
        "indicator": lambda: make_indicator(theme, note="What it does."),
        "measured": lambda: make_indicator(theme, (2020, 3), (2025, 4), note="What it does."),
        "action": lambda: make_action(theme, make_partner(), lead=make_partner("Lead"), description="What it does."),
    }
    record = make[name]()
    record.unpublish()

    shown = administrator_client.get(at(type(record), "revisions_view", record.pk, record.latest_revision_id))

    assert shown.status_code == 200
    assert "What it does." in shown.content.decode()
    assert "unsafe" not in shown["Content-Security-Policy"].partition("script-src")[0]


def test_a_new_action_is_previewed_while_it_is_typed(theme, administrator_client):
    where = at(Action, "preview_on_add")
    assert administrator_client.post(where, filled_in(theme, title="Dig ponds")).json()["is_valid"]

    assert "Dig ponds" in administrator_client.get(where).content.decode()


def test_a_translation_is_previewed_in_its_own_language(theme, at_once, administrator_client):
    there = translate(make_action(theme), "ga", {"Plant trees": "Crainn a chur"})

    shown = administrator_client.get(at(Action, "revisions_view", there.pk, there.latest_revision_id)).content.decode()

    assert 'lang="ga"' in shown and "Crainn a chur" in shown


def test_an_action_is_translated_through_the_admin(theme, at_once, administrator_client):
    action = make_action(theme, due=dt.date(2031, 5, 4))
    irish = Locale.objects.get(language_code="ga")
    where = reverse("wagtail_localize:submit_snippet_translation", args=["home", "action", action.pk])

    administrator_client.post(where, {"locales": [irish.pk]})
    there = Action.objects.get(locale=irish)

    assert not there.live and (there.theme, there.due) == (action.theme, action.due)
    assert "Plant trees" in read(administrator_client, at(Action, "edit", there.pk))


@pytest.mark.parametrize("use", ["lead", "supporting", "group"])
def test_a_partner_that_something_needs_is_not_deleted_and_the_admin_says_why(theme, publisher_client, use):
    partner = make_partner()
    if use == "lead":
        make_action(theme, lead=partner)
    elif use == "supporting":
        make_action(theme, partner)
    else:
        group = add(theme, WorkingGroupPage(title="Group", slug="group"))
        group.members.add(WorkingGroupMember(partner=partner))
        publish(group)

    asked = read(publisher_client, at(Partner, "delete", partner.pk))
    publisher_client.post(at(Partner, "delete", partner.pk))

    assert "prevent it from being deleted" in asked and "Yes, delete" not in asked
    assert Partner.objects.filter(pk=partner.pk).exists()


def test_what_nothing_needs_is_deleted(theme, publisher_client):
    action, partner = make_action(theme), make_partner()

    for record in (action, partner):
        publisher_client.post(at(type(record), "delete", record.pk))

    assert not Action.objects.exists() and not Partner.objects.exists()


def test_the_history_of_a_record_is_kept(theme, administrator_client):
    action = make_action(theme)
    action.title = "Fell trees"
    publish(action)

    read(administrator_client, at(Action, "history", action.pk))
    compared = read(administrator_client, at(Action, "revisions_compare", action.pk, "earliest", "latest"))

    assert "Fell" in compared and "Plant" in compared
