"""The plan's records cost pages as many queries with one as with fifty, in the site's own language and in another."""

import datetime as dt

import pytest
from wagtail.models import Locale

from home.models import HomePage, PartnersPage, PlanPage, WorkingGroupMember, WorkingGroupPage
from tests.factories import raw_block, translate
from tests.home.test_pages import add, queries
from tests.home.test_working_group import meeting, paper
from tests.plan import make_action, make_indicator, make_partner, make_theme, publish

pytestmark = pytest.mark.django_db


def fill(theme, plan, number):
    """A partner, an indicator, an action with two partners, a member and a meeting with a paper more."""
    lead = make_partner(f"Lead {number}", since=dt.date(2020, 1, 1))
    former = make_partner(f"Former {number}", until=dt.date(2020, 1, 1))
    records = [
        lead,
        former,
        make_indicator(theme, (2020, number), (2025, number + 1), title=f"Indicator {number}"),
        make_action(theme, former, lead, lead=lead, title=f"Action {number}"),
    ]
    group = WorkingGroupPage.objects.get(locale__language_code="en")
    group.members.add(WorkingGroupMember(partner=lead))
    papers = [paper(plan, f"Paper {number}")]
    group.meetings = [*group.meetings.raw_data, meeting(f"2026-01-{number % 28 + 1:02}", papers=papers)]
    publish(group)
    plan.papers = [*plan.papers.raw_data, raw_block("paper", papers[0]["value"], f"plan {number}")]
    publish(plan)
    for record in records:
        translate(record, "ga", {record.words[record.texts[0]].text: f"Focal {number}"})


@pytest.mark.parametrize("language", ["en", "ga"])
def test_pages_ask_the_same_with_one_record_of_each_sort_and_with_many(visitor, at_once, language):
    theme = make_theme()
    home = HomePage.objects.get(locale__language_code="en")
    plan = PlanPage.objects.get()
    group = add(theme, WorkingGroupPage(title="Group", slug="group"))
    partners = add(home, PartnersPage(title="Partners", slug="partners"))
    pages = [home, plan, theme, group, partners]
    if language != "en":
        for page in pages:
            translate(page, language, {})
    fill(theme, plan, 0)
    locale = Locale.objects.get(language_code=language)
    addresses = [page.get_translation(locale).url for page in pages]
    before = {address: queries(visitor, address) for address in addresses}

    for number in range(1, 15):
        fill(theme, plan, number)
    for page in (group, plan) if language != "en" else ():
        translate(type(page).objects.get(pk=page.pk), language, {})

    assert {address: queries(visitor, address) for address in addresses} == before
    assert "Indicator 14" in visitor.get(theme.url).content.decode()


def test_a_plan_of_many_themes_with_their_groups_asks_the_same(visitor):
    plan = make_theme().get_parent().specific
    add(plan.get_children().get(), WorkingGroupPage(title="Group", slug="group"))
    home = HomePage.objects.get(locale__language_code="en")
    before = {page: queries(visitor, page.url) for page in (plan, home)}

    for number in range(2, 12):
        add(make_theme(number, f"Theme {number}"), WorkingGroupPage(title=f"Group {number}", slug="group"))

    assert {page: queries(visitor, page.url) for page in (plan, home)} == before
    assert "Group 11" in visitor.get(plan.url).content.decode()
