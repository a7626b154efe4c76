"""The plan's page: itself on one page, its documents, how far it is, and when the law wants the next step."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError

from home.models import HomePage, PartnersPage, PlanPage, StandardPage
from tests.factories import raw_block, translate
from tests.home.test_pages import add
from tests.plan import make_action, make_theme, publish, text_of

pytestmark = pytest.mark.django_db

day = dt.date
OVERDUE = "A statement of progress is overdue"
REVIEW_OVERDUE = "The review of the plan is overdue"


@pytest.fixture
def plan():
    make_theme()
    return PlanPage.objects.get()


def one_line(text):
    return " ".join(text.split())


def test_the_public_page_says_when_the_next_statement_and_review_are_due(plan, visitor):
    plan.published_on, plan.statement_on, plan.reviewed_on = day(2020, 5, 1), day(2024, 4, 2), day(2024, 3, 3)
    publish(plan)

    shown = one_line(text_of(visitor, plan))

    assert "due by 1 May 2026" in shown and "The last one was published on 2 April 2024." in shown
    assert "due by 30 April 2028" in shown and "The last one was done on 3 March 2024." in shown


def test_a_plan_that_is_not_published_has_nothing_due(plan, visitor):
    assert plan.statement_due is None and plan.review_due is None
    assert "Next review" not in text_of(visitor, plan)


@pytest.mark.parametrize(
    ("now", "statement", "review"),
    [
        ("2022-05-01 12:00Z", False, False),
        ("2022-05-02 12:00Z", True, False),
        ("2024-04-30 12:00Z", True, False),
        ("2024-05-01 12:00Z", True, True),
    ],
)
def test_what_is_overdue_is_told_to_editors_alone(plan, visitor, administrator_client, now, statement, review):
    plan.published_on = day(2020, 5, 1)
    publish(plan)

    with time_machine.travel(now, tick=False):
        editor = administrator_client.get(f"/admin/pages/{plan.pk}/edit/").content.decode()
        public = text_of(visitor, plan)

    assert (OVERDUE in editor, REVIEW_OVERDUE in editor) == (statement, review)
    assert "overdue" not in public


def test_a_statement_in_time_ends_the_warning(plan, administrator_client):
    plan.published_on, plan.statement_on = day(2020, 5, 1), day(2022, 4, 20)
    publish(plan)

    with time_machine.travel("2022-05-02 12:00Z", tick=False):
        assert OVERDUE not in administrator_client.get(f"/admin/pages/{plan.pk}/edit/").content.decode()


@pytest.mark.parametrize("name", ["statement_on", "reviewed_on"])
def test_nothing_was_done_before_the_plan_was_published(plan, name):
    setattr(plan, name, day(2020, 4, 30))
    with pytest.raises(ValidationError, match="Give the day"):
        plan.clean()

    plan.published_on = day(2020, 5, 1)
    with pytest.raises(ValidationError, match="before the plan was published"):
        plan.clean()

    setattr(plan, name, day(2020, 5, 1))
    plan.clean()


def test_a_day_too_far_off_to_be_counted_from_is_refused(plan):
    plan.published_on = day(9999, 1, 1)

    with pytest.raises(ValidationError, match="2200"):
        plan.full_clean()


def test_the_dates_are_one_for_all_languages(plan, at_once):
    plan.published_on, plan.stage, plan.horizon_year = day(2020, 5, 1), "delivering", 2035
    publish(plan)
    translate(plan.get_parent().specific, "ga", {})

    there = translate(plan, "ga", {})

    assert (there.published_on, there.stage, there.horizon_year) == (day(2020, 5, 1), "delivering", 2035)


def test_the_plan_stands_on_one_page_theme_by_theme_with_its_outcomes(plan, visitor):
    second = make_theme(2, "Getting about")
    second.outcomes = [
        raw_block("outcome", "Everyone gets a bus.", "bus"),
        raw_block("outcome", "Paths join.", "paths"),
    ]
    publish(second)

    shown = text_of(visitor, plan)

    assert shown.index("Green places") < shown.index("Getting about") < shown.index("Everyone gets a bus.")
    assert "Paths join." in shown


def test_documents_are_web_pages_first_and_say_their_language(plan, visitor):
    read = add(plan, StandardPage(title="Read it", slug="read"))
    value = {
        "title": "The plan",
        "kind": "easy_read",
        "page": read.pk,
        "address": "",
        "document": None,
        "language": "ga",
    }
    plan.papers = [raw_block("paper", value, "paper")]
    publish(plan)

    shown = one_line(text_of(visitor, plan))

    assert f'<a href="{read.url}" hreflang="ga">The plan</a>' in shown
    assert "(easy read, web page" in shown and '<span lang="ga">Gaeilge</span>' in shown


def test_the_plan_and_the_home_page_count_the_actions_by_how_far_they_are(plan, visitor):
    theme = plan.get_children().get().specific
    for status in ("done", "planned", "planned"):
        make_action(theme, status=status)
    make_action(theme, status="done").unpublish()

    for page in (plan, HomePage.objects.get(locale__language_code="en")):
        shown = one_line(text_of(visitor, page))
        assert '<strong class="progress__number">1</strong> <span class="tag tag--done">Done</span>' in shown, page
        assert '<strong class="progress__number">2</strong> <span class="tag tag--planned">Planned</span>' in shown
        assert "Stopped" not in shown
    assert f'href="{plan.url}#progress"' in text_of(visitor, page)


def test_actions_of_a_theme_whose_page_has_gone_are_not_counted(plan, visitor):
    theme = plan.get_children().get().specific
    make_action(theme, status="done")
    theme.unpublish()

    assert "progress__number" not in text_of(visitor, plan)


def test_the_plan_leads_to_its_partners(plan, visitor):
    partners = add(plan, PartnersPage(title="Our partners", slug="partners"))

    assert f'href="{partners.url}"' in text_of(visitor, plan)
