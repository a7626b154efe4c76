"""A working group suggests and does not settle; its theme and the plan lead to it."""

import datetime as dt

import pytest
import time_machine
from wagtail.models import PageViewRestriction

from home.models import PlanPage, StandardPage, WorkingGroupMember, WorkingGroupPage
from tests.factories import raw_block, translate
from tests.home.test_pages import add
from tests.plan import make_partner, make_theme, text_of

pytestmark = pytest.mark.django_db

SUGGESTS = "It does not settle them"


def paper(page, title="Minutes"):
    value = {"title": title, "kind": "document", "page": page.pk, "address": "", "document": None, "language": ""}
    return raw_block("paper", value, title)


def meeting(date, place="", papers=()):
    items = [{"type": "item", "value": row["value"], "id": row["id"]} for row in papers]
    return raw_block("meeting", {"date": date, "place": place, "papers": items}, date)


def make_group(theme, **fields):
    return add(theme, WorkingGroupPage(**{"title": "Group on green places", "slug": "group"} | fields))


@pytest.fixture
def theme():
    return make_theme()


def test_its_page_says_what_it_is_for_who_is_in_it_and_what_it_suggests(theme, visitor):
    members = [WorkingGroupMember(partner=make_partner(name)) for name in ("Demo Trust", "Demo Club")]
    group = make_group(
        theme,
        purpose="<p>Look at trees.</p>",
        terms="<p>Ten seats.</p>",
        baseline="<p>Four thousand trees.</p>",
        report="<p>Trees are few.</p>",
        priorities=[raw_block("priority", "Shade first.", "p")],
        outcomes=[raw_block("outcome", "Everyone sees a tree.", "o")],
        members=members,
    )

    shown = text_of(visitor, group)

    words = ["Look at trees.", "Ten seats.", "Demo Trust", "Demo Club", "Four thousand trees.", "Trees are few."]
    assert [word for word in [*words, "Shade first.", "Everyone sees a tree.", SUGGESTS] if word not in shown] == []


@time_machine.travel("2026-06-01 12:00Z", tick=False)
def test_meetings_are_listed_the_latest_first_and_the_next_one_is_marked(theme, visitor):
    group = make_group(
        theme, meetings=[meeting("2026-06-20", "Hall"), meeting("2026-01-10", "Online"), meeting("2026-09-01")]
    )

    shown = text_of(visitor, group)

    assert [(one.date.month, one.is_next) for one in group.schedule] == [(9, False), (6, True), (1, False)]
    assert shown.index("1 September 2026") < shown.index("20 June 2026") < shown.index("10 January 2026")
    assert shown.count("Next meeting") == 1


@time_machine.travel("2026-06-20 12:00Z", tick=False)
def test_a_meeting_of_today_is_the_next_one(theme):
    group = make_group(theme, meetings=[meeting("2026-06-20"), meeting("2026-09-01")])

    assert group.next_meeting == dt.date(2026, 6, 20)


def test_papers_of_a_meeting_are_linked_in_the_readers_language(theme, at_once, visitor):
    minutes = add(theme, StandardPage(title="Minutes", slug="minutes"))
    group = make_group(
        theme, meetings=[meeting("2026-01-10", papers=[paper(minutes)])], baseline_papers=[paper(minutes)]
    )
    home = theme.get_parent().get_parent().specific
    for page in (home, theme.get_parent().specific, theme):
        translate(page, "ga", {})
    there = translate(minutes, "ga", {"Minutes": "Miontuairiscí"})

    assert text_of(visitor, group).count(f'href="{minutes.url}"') == 2
    assert text_of(visitor, translate(group, "ga", {})).count(f'href="{there.url}"') == 2


def test_its_theme_and_the_plan_lead_to_it(theme, visitor):
    group = make_group(theme, summary="Ten people.", members=[WorkingGroupMember(partner=make_partner())])

    on_theme, on_plan = text_of(visitor, theme), text_of(visitor, PlanPage.objects.get())

    assert f'href="{group.url}"' in on_theme and "Ten people." in on_theme and "Demo Trust" in on_theme
    assert SUGGESTS in on_theme
    assert f'href="{group.url}"' in on_plan and SUGGESTS in on_plan


@pytest.mark.parametrize("gone", ["unpublished", "restricted"])
def test_nothing_leads_to_one_that_is_not_for_everybody(theme, visitor, gone):
    group = make_group(theme)
    if gone == "unpublished":
        group.unpublish()
    else:
        PageViewRestriction.objects.create(page=group, restriction_type=PageViewRestriction.LOGIN)

    assert group.title not in text_of(visitor, theme)
    assert group.title not in text_of(visitor, PlanPage.objects.get())


def test_where_it_is_not_translated_the_original_is_linked_and_marked(theme, at_once, visitor):
    group = make_group(theme)
    home = theme.get_parent().get_parent().specific
    there = [translate(page, "ga", {}) for page in (home, theme.get_parent().specific, theme)]
    for page in there[1:]:
        shown = text_of(visitor, page)
        assert f'href="{group.url}" lang="en" hreflang="en"' in " ".join(shown.split()), page

    irish = translate(group, "ga", {"Group on green places": "Grúpa ar áiteanna glasa"})

    for page in there[1:]:
        shown = text_of(visitor, page)
        assert irish.url in shown and group.url not in shown.partition("<main")[2]
